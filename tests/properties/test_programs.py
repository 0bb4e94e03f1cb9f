import re

import pytest
from hypothesis import given, settings
from properties.comparison import compiled
from properties.programs import numbered_program, programs

from flux.diagnostics import Level
from flux.source import SourceFile
from flux.syntax.format import format_program
from flux.syntax.parse import parse

EVERY = settings.get_profile("properties")
MANY = "\n".join(numbered_program(seed) for seed in range(100))


@pytest.mark.usefixtures("shard")
@EVERY
@given(programs)
def test_random_programs_compile_without_errors(text):
    assert [d for d in compiled(text).diagnostics if d.level is Level.ERROR] == []


@pytest.mark.usefixtures("shard")
@EVERY
@given(programs)
def test_a_formatted_program_says_the_same(text):
    program, _ = parse(SourceFile("program.flux", text))
    again, mistakes = parse(SourceFile("formatted.flux", format_program(program)))
    assert (again.statements, mistakes) == (program.statements, ())


@pytest.mark.parametrize(
    "construct",
    [
        r"source N\d+ -> N\d+;",
        r"source N\d+ \{session: Id\d\} => N\d+;",
        r"N\d+ = N\d+ -> N\d+;",
        r"N\d+ = ;",
        r"N\d+:\[\w+, \w+\] = N\d+;",
        r"N\d+:\[_\] = ;",
        r"N\d+ = \(N\d+ -> N\d+\) -> N\d+;",
        r"handle error N\d+, N\d+(, N\d+)* [-=]> N\d+;",
        r"(N\d+) = N\d+ -> N\d+;(?s:.*)handle error \1 ->",
        r"handle error N\d+ -> (N\d+);(?s:.*)handle error \1 ->",
        r"source (N\d+) ->(?s:.*)handle error \1 ->",
        r"constraint N\d+:\{\w+\?, \w+!\(program\)\};",
        r"atomic N\d+:\{\w+\?\(session\)\};",
    ],
)
def test_every_construct_occurs(construct):
    assert re.search(construct, MANY)
