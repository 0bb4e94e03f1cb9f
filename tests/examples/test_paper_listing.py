"""The listings of section 2 of the paper, word for word, and the program they are parts of."""

from types import SimpleNamespace

from flux.api import LoadedProgram
from flux.diagnostics import Code, Level
from flux.driver import compile_program
from flux.source import SourceFile

LISTINGS = """
ReadRequest (int socket)
  -> (int socket, char* data);
Compress (int socket, char* raw, int size)
  -> (int socket, char* jpeg, int size);
Write (int socket, char* data, int size)
  -> (int socket)

source Listen => Image;

Image =
ReadRequest -> CheckCache -> Handler
-> Write -> Complete;

typedef hit TestInCache;
Handler:[_, _, hit] = ;
Handler:[_, _, _] =
ReadInFromDisk -> Compress
-> StoreInCache;

handle error ReadInFromDisk -> FourOhFour;

constraint CheckCache:{cache};
constraint StoreInCache:{cache};
constraint Complete:{cache};
"""

THE_REST = """
Listen () -> (int socket);
CheckCache (int socket, char* data) -> (int socket, char* data, int size);
ReadInFromDisk (int socket, char* name, int size) -> (int socket, char* raw, int size);
StoreInCache (int socket, char* jpeg, int size) -> (int socket, char* data, int size);
Complete (int socket) -> ();
FourOhFour (int socket, char* name, int size) -> ();
"""


def errors_of(text):
    found = compile_program(SourceFile("paper.flux", text)).diagnostics
    return [(d.code, d.primary.span.line) for d in found if d.level is Level.ERROR]


def test_listings_lack_one_semicolon_and_the_nodes_that_the_paper_leaves_out():
    assert errors_of(LISTINGS) == [
        (Code.MISSING_SEMICOLON, 7),
        (Code.UNDEFINED_SOURCE, 9),
        (Code.UNDEFINED_NODE, 12),
        (Code.UNDEFINED_NODE, 13),
        (Code.UNDEFINED_NODE, 18),
        (Code.UNDEFINED_NODE, 19),
        (Code.UNDEFINED_HANDLER, 21),
    ]


def completed():
    return LISTINGS.replace("(int socket)\n\n", "(int socket);\n\n") + THE_REST


def test_listings_are_a_program_once_they_are_complete():
    assert errors_of(completed()) == []


class ImageServer(SimpleNamespace):
    """The paper's image server without its sockets: `requests` come in, `written` goes out."""

    def listen(self):
        return next(self.requests)

    def read_request(self, socket):
        return socket, f"picture {socket}"

    def check_cache(self, socket, data):
        return socket, data, len(self.cache.get(data, ""))

    def test_in_cache(self, size):
        return size > 0

    def read_in_from_disk(self, socket, name, size):
        if name not in self.disk:
            raise FileNotFoundError(name)
        return socket, name, size

    def compress(self, socket, raw, _size):
        return socket, raw, len(raw)

    def store_in_cache(self, socket, jpeg, size):
        self.cache[jpeg] = jpeg
        return socket, jpeg, size

    def write(self, socket, data, _size):
        self.written.append((socket, data))
        return socket

    def complete(self, _socket):
        return None

    def four_oh_four(self, socket, _name, _size):
        self.written.append((socket, "404"))


def test_completed_program_serves_pictures_and_404s():
    server = ImageServer(requests=iter([1, 2, 1]), disk={"picture 1"}, cache={}, written=[])
    program = LoadedProgram(compile_program(SourceFile("paper.flux", completed())), server)
    with program.start(runtime="pool", threads=1) as running:
        assert running.wait(timeout=30)
    assert server.written == [(1, "picture 1"), (2, "404"), (1, "picture 1")]
    assert server.cache == {"picture 1": "picture 1"}
