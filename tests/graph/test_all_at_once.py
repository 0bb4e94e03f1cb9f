"""Every mistake that can be found comes in one run, whatever else is wrong."""

import pytest

from flux.diagnostics import Level
from flux.driver import compile_program
from flux.source import SourceFile

RIGHT = """\
source Tick => Serve;
Tick () -> (int n);
Serve = Work -> Store;
Work (int n) -> (int n);
Store (int n) -> ();
Spell (int n) -> (str word);
Drop (int n) -> ();
Long (long n) -> ();
typedef odd IsOdd;
"""

# Statements with one mistake each, and none in common.
MISTAKES = {
    "syntax": "soruce Tock => Serve;",
    "bad-parameter": "Take (void) -> ();",
    "bad-handler": "handle Work -> Drop;",
    "flow-arrow": "Arrow = Work => Store;",
    "undefined-node": "Lost = Work -> Nowhere;",
    "undefined-type": "Guess:[odd] = Drop; Guess:[even] = Drop; Guess:[_] = Drop;",
    "undefined-source": "source Never => Serve;",
    "undefined-target": "source Clock => Nothing; Clock () -> (int n);",
    "undefined-handler": "handle error Store -> Nobody;",
    "duplicate-signature": "Twice () -> (); Twice () -> ();",
    "duplicate-flow": "Again = Drop; Again = Drop;",
    "duplicate-type": "typedef red IsRed; typedef red IsCrimson;",
    "duplicate-handler": "handle error Work -> Drop; handle error Work -> Drop;",
    "duplicate-source": "source Bell => Drop; source Bell => Serve; Bell () -> (int n);",
    "duplicate-parameter": "Pair (int a, int a) -> ();",
    "mixed-flows": "Mixed = Drop; Mixed:[_] = Drop;",
    "wildcard-type": "typedef _ IsAnything;",
    "recursion": "Round = Work -> About; About = Work -> Round;",
    "arity": "Short = Drop -> Work;",
    "type-mismatch": "Other = Work -> Long;",
    "handler-mismatch": "handle error Spell -> Long;",
    "signature-mismatch": "Promise (int n) -> (str word); Promise = Work;",
    "unknown-signature": "Unknown = ;",
    "case-mismatch": "Differ:[odd] = Work; Differ:[_] = Spell;",
    "empty-case": "Empty:[odd] = Spell; Empty:[_] = ;",
    "pattern-count": "Count:[odd, _] = Work;",
    "source-with-inputs": "source Fed => Drop; Fed (int n) -> (int n);",
    "unknown-constrained": "constraint Missing:{a};",
    "no-session": "constraint Store:{cart(session)};",
    "session-in-turn": "constraint Tick:{basket(session)};",
    "two-scopes": "constraint Drop:{b}; constraint Spell:{b(session)};",
}


def errors(text):
    diagnostics = compile_program(SourceFile("server.flux", text)).diagnostics
    return sorted(str(d.code) for d in diagnostics if d.level is Level.ERROR)


def test_the_program_is_right_before():
    assert errors(RIGHT) == []


@pytest.mark.parametrize(("code", "text"), MISTAKES.items())
def test_a_mistake_is_one_error(code, text):
    assert errors(RIGHT + text) == [code]


def test_all_mistakes_are_found_in_one_run():
    assert errors(RIGHT + "\n".join(MISTAKES.values())) == sorted(MISTAKES)
