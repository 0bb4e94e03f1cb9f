import json

from flux.diagnostics import Code, Diagnostic, Label
from flux.render import as_github, as_json
from flux.source import SourceFile, Span


def diagnostic(name: str = "a.flux", message: str = "message") -> Diagnostic:
    file = SourceFile(name, "one\ntwo")
    return Diagnostic(
        Code.ARITY,
        message,
        Label(Span(file, 4, 7), "label"),
        (Label(Span(file, 0, 3), "other"),),
        ("note",),
        "first\nsecond",
    )


def test_json_says_all_that_the_diagnostic_says():
    other = {"file": "a.flux", "line": 1, "column": 1, "end_line": 1, "end_column": 4}
    primary = {"file": "a.flux", "line": 2, "column": 1, "end_line": 2, "end_column": 4}
    assert json.loads(as_json([diagnostic()])) == [
        {
            "level": "error",
            "code": "arity",
            "message": "message",
            **primary,
            "label": "label",
            "others": [other | {"label": "other"}],
            "notes": ["note"],
            "help": "first\nsecond",
        }
    ]


def test_no_diagnostics_are_an_empty_list():
    assert as_json([]) == "[]\n"


def test_a_workflow_command_is_one_line():
    assert as_github([diagnostic()]) == (
        "::error file=a.flux,line=2,col=1,title=arity::message%0Alabel%0Anote%0Afirst%0Asecond\n"
    )


def test_warnings_are_warnings():
    place = Label(Span(SourceFile("a.flux", "one"), 0, 3))
    assert as_github([Diagnostic(Code.UNUSED_NODE, "message", place)]) == (
        "::warning file=a.flux,line=1,col=1,title=unused-node::message\n"
    )


def test_nothing_in_a_file_can_end_a_command_or_begin_another():
    hostile = diagnostic(name="a,b:c%.flux", message="100%\r\n::error::forged")
    assert as_github([hostile]) == (
        "::error file=a%2Cb%3Ac%25.flux,line=2,col=1,title=arity::"
        "100%25␍␊::error::forged%0Alabel%0Anote%0Afirst%0Asecond\n"
    )
