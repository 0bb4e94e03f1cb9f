import linecache
import traceback
from pathlib import Path

import pytest
from runtime.profiler.profiles import keep, nodes, program, served

from flux.runtime import ProfileOptions
from flux.runtime.profiler.marks import Marks
from flux.runtime.profiler.stamping import stamping

GOLDEN = sorted((Path(__file__).parents[2] / "golden").glob("*/python.py"))
NESTED = 20


def listed(*items):
    def listen():
        yield from items

    return listen


def fail(_item):
    raise KeyError


def held_under(count):
    names = ", ".join(f"lock{number}" for number in range(count))
    return (
        "Listen () -> (int item);\nsource Listen => Work;\nNode (int item) -> (int item);\n"
        f"Work = Node;\nconstraint Work: {{{names}}};\n"
    )


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.parent.name)
def test_every_generated_program_is_stamped_in_place(file):
    namespace = {"__name__": "generated"}
    exec(compile(file.read_text(), str(file), "exec"), namespace)  # noqa: S102 - this is our own text
    stamped = stamping(namespace["program"], Marks())
    assert "ƒstamps" in {name for routine in stamped.__code__.co_consts for name in names(routine)}


def names(constant):
    return getattr(constant, "co_varnames", ())


def test_a_program_whose_text_is_another_by_now_stays_as_it_is():
    name, text = "changed_flux.py", "def program(nodes, constraints):\n    return {}\n"
    namespace = {}
    exec(compile(text.format(1), name, "exec"), namespace)  # noqa: S102 - this is our own text
    linecache.cache[name] = (0, None, text.format(2).splitlines(keepends=True), name)
    assert stamping(namespace["program"], Marks()) is namespace["program"]


@pytest.mark.parametrize("text", ["", "def program(nodes, constraints):\n    return 1\n"])
def test_programs_without_text_are_profiled_in_wrappers(tmp_path, monkeypatch, text):
    monkeypatch.setattr(linecache, "getlines", lambda _: text.splitlines(keepends=True))
    profile = served(tmp_path, functions={"Listen": listed(1, 2), "Miss": fail})
    assert nodes(profile)["First", "node"] == (2, 0)
    assert nodes(profile)["Miss", "node"] == (1, 1)


def test_programs_that_are_nested_as_deeply_as_python_allows_are_profiled(tmp_path):
    text = held_under(NESTED)
    profile = served(tmp_path, text, functions={"Listen": listed(1), "Node": keep})
    assert nodes(profile)["Node", "node"] == (1, 0)
    assert {constraint.acquired for constraint in profile.constraints} == {1}


def test_a_failure_is_traced_through_the_same_lines_as_without_a_profile(tmp_path):
    plain, profiled = (lines_of_a_failure(tmp_path, on=on) for on in (False, True))
    assert plain == profiled
    assert plain


def lines_of_a_failure(tmp_path, *, on):
    lines = []

    def note(_flow, _source, _outcome, error):
        frames = traceback.extract_tb(error.__traceback__)
        lines.extend((frame.name, frame.lineno) for frame in frames if frame.name == "Image")

    options = ProfileOptions(on=on, file=str(tmp_path / "it.json"))
    server = program(tmp_path, Listen=listed(1), First=fail).server(profile=options, on_end=note)
    with server:
        server.wait()
    return lines
