"""A program with cases, a handler and constraints, served with a profile of its flows."""

import json
import types

import msgspec

import flux
from flux.profile.model import Profile
from flux.runtime.profiling import ProfileOptions

PROGRAM = """
Listen () -> (int item);
First (int item) -> (int item);
Hit (int item) -> (int item);
Miss (int item) -> (int item);
End (int item) -> ();
Sorry (int item) -> ();
source Listen {session: By} => Image;
typedef even IsEven;
Image = First -> Choose -> End;
Choose (int item) -> (int item);
Choose:[even] = Hit;
Choose:[_] = Miss;
handle error Miss -> Sorry;
constraint First: {stock};
constraint End: {stock?, own(session)};
"""


def keep(item):
    return item


def end(_item):
    return None


def program(tmp_path, text=PROGRAM, **functions):
    """The program, with functions that do nothing unless others are given."""
    file = tmp_path / "image.flux"
    file.write_text(text)
    plain = {
        "First": keep,
        "Hit": keep,
        "Miss": keep,
        "End": end,
        "Sorry": end,
        "By": lambda item: item % 7,
        "IsEven": lambda item: item % 2 == 0,
    }
    return flux.load(file, types.SimpleNamespace(**(plain | functions)))


def served(tmp_path, text=PROGRAM, options=None, functions=None):
    """The profile of a server that ran until its sources ended."""
    server = program(tmp_path, text, **(functions or {})).server(
        profile=ProfileOptions(on=True, file=str(tmp_path / "it.json")), **(options or {})
    )
    with server:
        server.wait()
    return read(server)


def read(server):
    """A server's profile, as those who get its JSON read it."""
    return decoded(json.dumps(server.profiler.read()))


def decoded(text):
    return msgspec.json.decode(text, type=Profile, strict=True)


def paths(profile):
    return {(path.name, path.outcome): path.count for path in profile.paths}


def nodes(profile):
    return {(node.node, node.kind): (node.calls, node.failures) for node in profile.nodes}
