// An image server: PPM pictures from a folder, asked for over HTTP, given as JPEGs,
// those asked for most often out of a cache. It is the program of section 2 of the paper.

source Listen => Image;
Image = ReadRequest -> CheckCache -> Handler -> Write -> Complete;

typedef hit TestInCache;
Handler:[_, hit] = ;
Handler:[_, _] = ReadInFromDisk -> Compress -> StoreInCache;

handle error ReadInFromDisk -> FourOhFour;
handle error Write, Complete -> HangUp;
handle error Image -> Apologize;

constraint CheckCache:{cache};
constraint StoreInCache:{cache};

Listen () -> (Connection conn);
ReadRequest (Connection conn) -> (Connection conn, Picture picture);
CheckCache (Connection conn, Picture picture) -> (Connection conn, Picture picture);
ReadInFromDisk (Connection conn, Picture picture)
  -> (Connection conn, Picture picture, Pixels pixels);
Compress (Connection conn, Picture picture, Pixels pixels) -> (Connection conn, Picture picture);
StoreInCache (Connection conn, Picture picture) -> (Connection conn, Picture picture);
Write (Connection conn, Picture picture) -> (Connection conn, Picture picture);
Complete (Connection conn, Picture picture) -> ();

FourOhFour (Connection conn, Picture picture) -> ();
HangUp (Connection conn, Picture picture) -> ();
Apologize (Connection conn) -> ();
