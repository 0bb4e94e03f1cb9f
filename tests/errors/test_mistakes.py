"""A thousand slips of one token through the whole compiler: one error each, in its place.

That the parser gives one error a slip helps nobody if later passes complain about the names in the
statement that it couldn't read.
"""

from functools import cache
from itertools import islice

from syntax.slips import PROGRAM, program_after, random_slips, slips_in_three_statements

from flux.diagnostics import Level
from flux.driver import compile_program
from flux.source import SourceFile


def errors(text):
    """What keeps a program from running, in the order of the text."""
    found = compile_program(SourceFile("program.flux", text)).diagnostics
    return [diagnostic for diagnostic in found if diagnostic.level is Level.ERROR]


@cache
def thousand():
    """The slips, each with the errors that it gives."""
    return [(slip, errors(slip.program)) for slip in islice(random_slips(seed=2006), 1000)]


def test_the_program_is_right_without_slips():
    assert not errors(PROGRAM)


def test_the_first_error_is_where_the_slip_is():
    found = [first.primary.span.line in slip.lines for slip, (first, *_) in thousand()]
    assert sum(found) >= 990


def test_a_slip_gives_one_error():
    counts = [len(found) for _, found in thousand()]
    assert min(counts) == 1
    assert sum(counts) < 1100


def test_slips_in_three_statements_give_three_errors():
    triples = islice(slips_in_three_statements(seed=2006), 300)
    counts = [len(errors(program_after(*slips))) for slips in triples]
    assert counts.count(3) >= 291
