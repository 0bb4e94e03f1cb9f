"""Whatever the text and the places in it: always an answer, always safe, never long."""

from hypothesis import given
from hypothesis import strategies as st

from flux.diagnostics import Code, Diagnostic, Label
from flux.render import as_github, as_json, as_text
from flux.source import SourceFile, Span

texts = st.text(st.sampled_from("ab\t\n\r\x1b\x00日\u0301\u202e \udc80"), max_size=300)


@st.composite
def diagnostics(draw):
    file = SourceFile("a.flux", draw(texts))
    places = st.lists(st.integers(0, len(file.text)), min_size=2, max_size=2).map(sorted)
    labels = [
        Label(Span(file, *place), draw(texts))
        for place in draw(st.lists(places, min_size=1, max_size=5))
    ]
    return Diagnostic(Code.SYNTAX, draw(texts), labels[0], tuple(labels[1:]), (draw(texts),))


@given(diagnostics())
def test_text_is_safe_and_short(diagnostic):
    text = as_text([diagnostic])
    assert text.replace("\n", "").isprintable()
    assert max(map(len, text.splitlines())) < 1000


@given(diagnostics())
def test_a_workflow_command_is_always_one_safe_line(diagnostic):
    assert as_github([diagnostic])[:-1].isprintable()


@given(diagnostics())
def test_json_can_be_written_to_any_terminal(diagnostic):
    assert as_json([diagnostic]).isascii()
