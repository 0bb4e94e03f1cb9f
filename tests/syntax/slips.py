"""Programs with a slip of one token, and where an error about it belongs."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lark import Lark
from lark.exceptions import UnexpectedInput

from flux.source import SourceFile
from flux.syntax.tokens import tokenize

GRAMMAR = Path(__file__).parents[2] / "docs" / "flux.lark"

PROGRAM = """\
Listen () -> (int socket);
ReadRequest (int socket)
  -> (int socket, char* path);
CheckCache (int socket, char* path)
  -> (int socket, std::vector<std::pair<int, char*>> pages, dict[str, int] state);
ReadInFromDisk (int socket, std::vector<std::pair<int, char*>> pages, dict[str, int] state)
  -> (int socket, unsigned int size);
Compress (int socket, unsigned int size) -> (int socket, const char* jpeg);
StoreInCache (int socket, const char *jpeg)
  -> (int socket, std::vector<std::pair<int, char*>> pages, dict[str, int] state);
Write (int socket,
       std::vector<std::pair<int, char*>> pages,
       dict[str, int] state)
  -> (int socket);
FourOhFour (int socket, std::vector<std::pair<int, char*>> pages, dict[str, int] state) -> ();
Complete (int socket) -> ();
Close (int socket) -> ();
Tick () -> ();
Clean () -> ();
Report () -> ();

source Listen {session: ByUser} => Image;
source Tick => Refresh;

Image =
  ReadRequest -> CheckCache -> Handler
  -> Write -> Complete;
Refresh = (Clean -> Clean) -> Report;

typedef hit TestInCache;
typedef large IsLarge;
Handler:[_, _, hit] = ;
Handler:[_, large, _] = ReadInFromDisk -> Compress -> StoreInCache;
Handler:[_, _, _] =
  ReadInFromDisk -> Compress
  -> StoreInCache;

handle error ReadInFromDisk -> FourOhFour;
handle error ReadRequest, Complete -> Close;

constraint CheckCache:{cache?};
constraint StoreInCache:{cache!, cart(session)};
atomic ReadRequest:{cart(session)};
constraint Clean:{cache};
"""

WORDS = ("x", "source", "int", "->", "=>", "=", ":", ";", ",", *"()[]{}", "*", "?")
TOKENS = tuple(tokenize(PROGRAM))
PLACES = tuple(i for i, token in enumerate(TOKENS) if not token.is_trivia)


@dataclass(frozen=True)
class Slip:
    """New texts for some tokens of the program, and the lines an error about them may be on."""

    texts: dict[int, str]
    lines: frozenset[int]

    @property
    def program(self):
        return program_after(self)


def program_after(*slips):
    """The program with some slips in it."""
    texts = [token.text for token in TOKENS]
    for slip in slips:
        for place, text in slip.texts.items():
            texts[place] = text
    return "".join(texts)


def deleted(place, _word):
    return Slip({place: ""}, lines(place, neighbour(place, -1)))


def duplicated(place, _word):
    return Slip({place: f"{TOKENS[place].text} {TOKENS[place].text}"}, lines(place))


def replaced(place, word):
    return Slip({place: word}, lines(place))


def inserted(place, word):
    return Slip({place: f"{word} {TOKENS[place].text}"}, lines(place))


def swapped(place, _word):
    other = neighbour(place, +1)
    return Slip({place: TOKENS[other].text, other: TOKENS[place].text}, lines(place, other))


KINDS: tuple[Callable[[int, str], Slip], ...] = (deleted, duplicated, replaced, inserted, swapped)


def neighbour(place, step):
    """The next token that means something, or this one at the ends of the text."""
    index = PLACES.index(place) + step
    return PLACES[min(max(index, 0), len(PLACES) - 1)]


def lines(*places):
    file = SourceFile("program.flux", PROGRAM)
    return frozenset(file.position(TOKENS[place].start)[0] for place in places)


def random_slips(seed):
    """Slips that the grammar rejects, without end."""
    rng = random.Random(seed)
    while True:
        slip = rng.choice(KINDS)(rng.choice(PLACES), rng.choice(WORDS))
        if not is_right(slip.program):
            yield slip


def slips_in_three_statements(seed):
    """Three such slips in three statements, without end."""
    slips = random_slips(seed)
    while True:
        three = [next(slips) for _ in range(3)]
        touched = [{statement(place) for place in slip.texts} for slip in three]
        if len(set().union(*touched)) == sum(map(len, touched)) == len(three):
            yield three


def statement(place):
    """The number of the statement that a token belongs to."""
    return sum(token.text == ";" for token in TOKENS[:place])


@cache
def grammar():
    return Lark(GRAMMAR.read_text(), parser="lalr", lexer="basic", start="program")


def is_right(text):
    """Whether the published grammar accepts a text."""
    try:
        grammar().parse(text)
    except UnexpectedInput:
        return False
    return True
