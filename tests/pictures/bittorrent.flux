// A BitTorrent peer, as large as the one that the paper shows in its Figure 4.

source Listen => Accept;
source Poll {session: TorrentOf} => Serve;
source CheckinTimer => Checkin;
source ChokeTimer => Rechoke;
source KeepAliveTimer => KeepAlive;
source ConnectTimer => Connect;

Accept = SetupConnection -> Handshake -> SendBitfield -> AddClient;
Connect = PickPeers -> OpenConnection -> Handshake -> SendBitfield -> AddClient;

Poll = GetClients -> SelectSockets -> CheckSockets;
Serve = Message -> MessageDone;
Message = ReadMessage -> HandleMessage;

typedef choke IsChoke;
typedef unchoke IsUnchoke;
typedef interested IsInterested;
typedef uninterested IsUninterested;
typedef have IsHave;
typedef bitfield IsBitfield;
typedef request IsRequest;
typedef piece IsPiece;
typedef cancel IsCancel;
typedef complete IsComplete;

HandleMessage:[_, choke] = Choke;
HandleMessage:[_, unchoke] = Unchoke -> RequestPieces;
HandleMessage:[_, interested] = Interested;
HandleMessage:[_, uninterested] = Uninterested;
HandleMessage:[_, have] = Have;
HandleMessage:[_, bitfield] = Bitfield;
HandleMessage:[_, request] = Request;
HandleMessage:[_, piece] = Piece -> PieceComplete;
HandleMessage:[_, cancel] = Cancel;
HandleMessage:[_, _] = ;

PieceComplete:[_, complete] = VerifyPiece -> WritePiece -> SendHave;
PieceComplete:[_, _] = RequestPieces;

Checkin = BuildRequest -> SendRequestToTracker -> GetTrackerResponse -> UpdatePeers;
Rechoke = PickChoked -> SendChokeUnchoke;
KeepAlive = GetClients -> SendKeepAlives;

handle error Handshake, SendBitfield -> CloseConnection;
handle error Serve -> DropClient;
handle error VerifyPiece -> DiscardPiece;
handle error Checkin -> TryLater;

constraint AddClient:{clients};
constraint CheckSockets:{clients?};
constraint SendKeepAlives:{clients?};
constraint DropClient:{clients};
constraint PickChoked:{clients?};
constraint PickPeers:{peers};
constraint UpdatePeers:{peers};
constraint Request:{file?};
constraint WritePiece:{file};
constraint VerifyPiece:{pieces};
constraint RequestPieces:{pieces};
constraint Have:{pieces};
constraint Bitfield:{pieces};
constraint Choke:{state(session)};
constraint Unchoke:{state(session)};
constraint Interested:{state(session)};
constraint Uninterested:{state(session)};

Listen () -> (int socket);
SetupConnection (int socket) -> (Client* client);
Handshake (Client* client) -> (Client* client);
SendBitfield (Client* client) -> (Client* client);
AddClient (Client* client) -> ();
CloseConnection (Client* client) -> ();

ConnectTimer () -> ();
PickPeers () -> (Peer* peer);
OpenConnection (Peer* peer) -> (Client* client);

GetClients () -> (Clients* clients);
SelectSockets (Clients* clients) -> (Clients* ready);
CheckSockets (Clients* ready) -> (Client* client);
ReadMessage (Client* client) -> (Client* client, Message* message);
Choke (Client* client, Message* message) -> (Client* client, Message* message);
Unchoke (Client* client, Message* message) -> (Client* client, Message* message);
Interested (Client* client, Message* message) -> (Client* client, Message* message);
Uninterested (Client* client, Message* message) -> (Client* client, Message* message);
Have (Client* client, Message* message) -> (Client* client, Message* message);
Bitfield (Client* client, Message* message) -> (Client* client, Message* message);
Request (Client* client, Message* message) -> (Client* client, Message* message);
Piece (Client* client, Message* message) -> (Client* client, Message* message);
Cancel (Client* client, Message* message) -> (Client* client, Message* message);
RequestPieces (Client* client, Message* message) -> (Client* client, Message* message);
VerifyPiece (Client* client, Message* message) -> (Client* client, Message* message);
WritePiece (Client* client, Message* message) -> (Client* client, Message* message);
SendHave (Client* client, Message* message) -> (Client* client, Message* message);
DiscardPiece (Client* client, Message* message) -> ();
MessageDone (Client* client, Message* message) -> ();
DropClient (Client* client) -> ();

CheckinTimer () -> ();
BuildRequest () -> (char* url);
SendRequestToTracker (char* url) -> (int socket);
GetTrackerResponse (int socket) -> (char* response);
UpdatePeers (char* response) -> ();
TryLater () -> ();

ChokeTimer () -> ();
PickChoked () -> (Clients* clients);
SendChokeUnchoke (Clients* clients) -> ();

KeepAliveTimer () -> ();
SendKeepAlives (Clients* clients) -> ();
