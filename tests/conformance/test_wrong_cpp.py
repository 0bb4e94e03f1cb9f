"""The suite itself on trial in C++: programs that are wrong in one place are found out."""

import pytest

from flux.conformance import BEHAVIOURS, differences
from flux.conformance.carrier import compiled
from flux.conformance.cpp.build import cached
from flux.conformance.cpp.carrier import act
from flux.conformance.cpp.harness import sources

WRONG = {
    "takes nothing": ("writers are alone", "flux::Hold{flow, x.writer()}", "flow"),
    "lets readers write": ("a reader excludes a writer", "x.writer()", "x.reader()"),
    "knows one session only": (
        "flows of different sessions don't exclude each other",
        "flow.ask<ById>(*out_n)",
        "flow.ask<ById>(1)",
    ),
    "goes on without a match": (
        "a node none of whose cases matches fails",
        'return flow.no_match("Choose", 1)',
        "*out_n = n; return flux::succeeded",
    ),
    "leaves errors alone": (
        "the innermost handler wins",
        "return flow.handle<Near>(way, {}, kept)",
        "static_cast<void>(kept); return way",
    ),
    "handles with what was given": (
        "a handler gets the inputs of the failed node, then the flow ends",
        "flux::copies(n, more)",
        "flux::copies(more, n)",
    ),
    "gives wrong numbers to choices": (
        "a path is named after its nodes and cases, the turn's included",
        "flow.path += 1",
        "flow.path += 2",
    ),
    "gives wrong numbers to failures": (
        "an error's path ends where it happened, in any use of the node",
        "{.failed = 2}",
        "{.failed = 3}",
    ),
    "lets any node end a source": (
        "only the first concrete node of a turn ends the source",
        "flow.run<Check>",
        "flow.open<Check>",
    ),
}
NAMED = {behaviour.name: behaviour for behaviour in BEHAVIOURS}
CHOSEN = [NAMED[name] for name, *_ in WRONG.values()]


@pytest.fixture(scope="module")
def binary(flux_cache):  # noqa: ARG001 - where the engine is compiled
    """The behaviours, each with its own mistake."""
    files = sources([(behaviour, compiled(behaviour)[1]) for behaviour in CHOSEN])
    for number, (_, right, wrong) in enumerate(WRONG.values()):
        program = files[f"{number}/behaviour_flux.cpp"]
        assert right in program
        files[f"{number}/behaviour_flux.cpp"] = program.replace(right, wrong)
    return cached("wrong", files)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("number", range(len(WRONG)), ids=WRONG)
def test_suite_finds_out_a_program_that(binary, number):
    assert differences(CHOSEN[number], act(binary, number, "thread", CHOSEN[number])) != []
