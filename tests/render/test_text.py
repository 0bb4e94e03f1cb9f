from flux.diagnostics import Code, Diagnostic, Label
from flux.render import as_text
from flux.source import SourceFile, Span


def label(file: SourceFile, words: str, text: str = "") -> Label:
    start = file.text.index(words)
    return Label(Span(file, start, start + len(words)), text)


def arity(primary: Label, *others: Label, **more) -> Diagnostic:
    return Diagnostic(Code.ARITY, "message", primary, others, **more)


def shown(diagnostic: Diagnostic) -> list[str]:
    """The lines below the place."""
    return as_text([diagnostic]).split("\n\n")[0].splitlines()[3:]


def test_no_diagnostics_are_no_text():
    assert as_text([]) == ""


def test_a_diagnostic_shows_what_where_and_what_to_do():
    text = "\n" * 20 + "  ReadInFromDisk -> Compress -> StoreInCache;\n"
    file = SourceFile("image.flux", text)
    diagnostic = Diagnostic(
        Code.TYPE_MISMATCH,
        "`Compress` cannot take what `ReadInFromDisk` gives",
        label(file, "Compress", "takes (int socket, char* raw, int size)"),
        (label(file, "ReadInFromDisk", "gives (int socket, char* raw)"),),
        help="add `int size` to the outputs of `ReadInFromDisk` (line 6)",
    )
    assert (
        as_text([diagnostic])
        == """\
error[type-mismatch]: `Compress` cannot take what `ReadInFromDisk` gives
  --> image.flux:21:21
   |
21 |   ReadInFromDisk -> Compress -> StoreInCache;
   |   --------------    ^^^^^^^^ takes (int socket, char* raw, int size)
   |   |
   |   gives (int socket, char* raw)
   |
help: add `int size` to the outputs of `ReadInFromDisk` (line 6)

1 error
"""
    )


def test_texts_of_one_line_hang_from_right_to_left():
    file = SourceFile("a.flux", "one two three")
    assert shown(
        arity(label(file, "three", "c"), label(file, "one", "a"), label(file, "two", "b"))
    ) == [
        "1 | one two three",
        "  | --- --- ^^^^^ c",
        "  | |   |",
        "  | |   b",
        "  | a",
    ]


def test_text_hangs_when_another_mark_reaches_further():
    file = SourceFile("a.flux", "one two three")
    assert shown(arity(label(file, "two", "inner"), label(file, "one two three"))) == [
        "1 | one two three",
        "  | ----^^^------",
        "  |     |",
        "  |     inner",
    ]


def test_two_texts_about_one_place_are_both_shown():
    file = SourceFile("a.flux", "one")
    assert shown(arity(label(file, "one", "first"), label(file, "one", "second"))) == [
        "1 | one",
        "  | ^^^ second",
        "  | |",
        "  | first",
    ]


def test_a_gap_of_one_line_is_filled():
    file = SourceFile("a.flux", "one\ntwo\nthree")
    assert shown(arity(label(file, "three"), label(file, "one"))) == [
        "1 | one",
        "  | ---",
        "2 | two",
        "3 | three",
        "  | ^^^^^",
    ]


def test_a_longer_gap_is_left_out():
    file = SourceFile("a.flux", "one\n2\n3\ntwo")
    assert shown(arity(label(file, "two"), label(file, "one"))) == [
        "1 | one",
        "  | ---",
        "...",
        "4 | two",
        "  | ^^^",
    ]


def test_line_numbers_of_different_lengths_are_aligned():
    file = SourceFile("a.flux", "one" + "\n" * 9 + "ten")
    assert shown(arity(label(file, "ten"), label(file, "one"))) == [
        " 1 | one",
        "   | ---",
        "...",
        "10 | ten",
        "   | ^^^",
    ]


def test_a_span_of_several_lines_is_marked_at_both_ends():
    file = SourceFile("a.flux", "Image = A\n  -> B\n  -> C\n  -> D;")
    assert shown(arity(label(file, file.text, "all of it"))) == [
        "1 | Image = A",
        "  | ^^^^^^^^^",
        "...",
        "4 |   -> D;",
        "  |   ^^^^^ all of it",
    ]


def test_a_tab_reaches_to_the_next_stop():
    file = SourceFile("a.flux", "\tone\ttwo")
    assert shown(arity(label(file, "two"))) == ["1 |     one two", "  |         ^^^"]


def test_wide_and_combining_characters_keep_marks_in_place():
    file = SourceFile("a.flux", "日本 e\u0301 x")
    assert shown(arity(label(file, "x"), label(file, "本"))) == [
        "1 | 日本 e\u0301 x",
        "  |   --   ^",
    ]


def test_a_long_line_is_cut_to_a_window_around_the_mark():
    file = SourceFile("a.flux", "a" * 500 + "here" + "b" * 500)
    assert shown(arity(label(file, "here", "look"))) == [
        "1 | …" + "a" * 33 + "here" + "b" * 63 + "…",
        "  | " + " " * 34 + "^^^^ look",
    ]


def test_a_mark_outside_of_the_window_stands_under_the_ellipsis():
    file = SourceFile("a.flux", "left" + "a" * 500 + "here" + "b" * 500 + "right")
    _, marks = shown(arity(label(file, "here"), label(file, "left"), label(file, "right")))
    assert marks == "  | -" + " " * 33 + "^^^^" + " " * 63 + "-"


def test_windows_line_ends_are_not_shown():
    file = SourceFile("a.flux", "one\r\ntwo\r\n")
    assert shown(arity(label(file, "one\r\n"))) == ["1 | one", "  | ^^^"]


def test_an_empty_span_is_one_caret():
    file = SourceFile("a.flux", "one")
    assert shown(arity(Label(Span(file, 3, 3), "missing"))) == [
        "1 | one",
        "  |    ^ missing",
    ]


def test_an_empty_file_can_be_pointed_to():
    file = SourceFile("a.flux", "")
    assert shown(arity(Label(Span(file, 0, 0), "nothing"))) == ["1 |", "  | ^ nothing"]


def test_another_file_has_its_own_place():
    flux, python = SourceFile("a.flux", "Listen"), SourceFile("a.py", "\ndef listen(x)")
    assert (
        as_text([arity(label(flux, "Listen"), label(python, "x", "takes one"))])
        == """\
error[arity]: message
 --> a.flux:1:1
  |
1 | Listen
  | ^^^^^^
 ::: a.py:2:12
  |
2 | def listen(x)
  |            - takes one

1 error
"""
    )


def test_notes_and_help_of_several_lines_are_indented():
    file = SourceFile("a.flux", "one")
    diagnostic = arity(label(file, "one"), notes=("first\nsecond",), help="do\nthis")
    assert shown(diagnostic)[2:] == ["  |", "note: first", "      second", "help: do", "      this"]


def test_control_characters_never_reach_the_terminal():
    hostile = "\x1b]0;pwned\x07 \x9b31m \u202e \udc80 \r \x00"
    file = SourceFile(hostile, hostile)
    diagnostic = Diagnostic(
        Code.SYNTAX, hostile, Label(Span(file, 0, 3), hostile), notes=(hostile,), help=hostile
    )
    assert as_text([diagnostic]).replace("\n", "").isprintable()


def test_endless_names_are_cut():
    file = SourceFile("a.flux", "one")
    diagnostic = Diagnostic(Code.SYNTAX, "x" * 1_000_000, label(file, "one"))
    assert len(as_text([diagnostic])) < 2_000


def test_the_summary_counts_each_level():
    file = SourceFile("a.flux", "one")
    place = label(file, "one")
    text = as_text([arity(place), Diagnostic(Code.UNUSED_NODE, "message", place), arity(place)])
    assert text.endswith("\n\n2 errors, 1 warning\n")


def test_more_than_a_hundred_are_counted_not_printed():
    file = SourceFile("a.flux", "one")
    text = as_text([arity(label(file, "one"))] * 123)
    assert text.count("error[arity]") == 100
    assert text.endswith("\n\n... and 23 more\n\n123 errors\n")


def test_color_changes_nothing_but_the_color():
    file = SourceFile("a.flux", "one two")
    diagnostic = arity(label(file, "two", "b"), label(file, "one", "a"), help="do this")
    colored = as_text([diagnostic], color=True)
    assert "\x1b[1;31m ^^^ b\x1b[0m" in colored
    assert without_colors(colored) == as_text([diagnostic])


def without_colors(text: str) -> str:
    return "".join(part.partition("m")[2] for part in f"m{text}".split("\x1b["))
