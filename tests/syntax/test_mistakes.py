"""A thousand slips of one token: how many errors each gives, and whether the first is in place."""

from itertools import islice

from syntax.slips import PROGRAM, program_after, random_slips, slips_in_three_statements

from flux.diagnostics import Level
from flux.driver import compile_program
from flux.source import SourceFile


def check(text):
    """The errors of the whole compiler: what can't be read must not upset the later passes."""
    found = compile_program(SourceFile("program.flux", text)).diagnostics
    return [diagnostic for diagnostic in found if diagnostic.level is Level.ERROR]


def first_line(text):
    return check(text)[0].primary.span.line


def test_the_program_is_right_without_slips():
    assert not check(PROGRAM)


def test_the_first_error_is_where_the_slip_is():
    slips = list(islice(random_slips(seed=2006), 1000))
    found = [first_line(slip.program) in slip.lines for slip in slips]
    assert sum(found) >= 990


def test_a_slip_gives_one_error():
    slips = list(islice(random_slips(seed=2006), 1000))
    errors = [len(check(slip.program)) for slip in slips]
    assert min(errors) == 1
    assert sum(errors) < 1100


def test_slips_in_three_statements_give_three_errors():
    triples = list(islice(slips_in_three_statements(seed=2006), 300))
    errors = [len(check(program_after(*slips))) for slips in triples]
    assert errors.count(3) >= 291
