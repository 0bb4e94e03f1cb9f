"""Each kind of mistake in a tiny program, and word for word what the user is told."""

from pathlib import Path

import pytest
from errors.cases import HERE, LARGE, PAGES, SMALL, check, code_of

from flux.diagnostics import Code
from flux.render import as_text

ALL = [*SMALL, *LARGE]


@pytest.fixture(params=ALL)
def case(request):
    """The name of a program."""
    return request.param


@pytest.fixture
def found(case, monkeypatch, tmp_path):
    """What is wrong with it; large programs are written where nobody keeps them."""
    monkeypatch.chdir(tmp_path if case in LARGE else HERE)
    if case in LARGE:
        Path(f"{case}.flux").write_text(LARGE[case], encoding="utf-8")
    return check(Path(f"{case}.flux"), workers=code_of(case) == Code.PER_WORKER)


def test_the_user_is_told_what_is_wrong(case, found, golden):
    golden(HERE / f"{case}.stderr", as_text(found))


def test_one_mistake_gives_one_diagnostic(case, found):
    assert [diagnostic.code for diagnostic in found] == [code_of(case)]


def test_remarks_are_lines_without_a_full_stop(found):
    (diagnostic,) = found
    remarks = [diagnostic.message, diagnostic.primary.text, *diagnostic.notes, diagnostic.help]
    assert not [text for text in remarks if "\n" in text or text.endswith(".")]
    assert not diagnostic.message[0].isupper()


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_program_its_message_and_a_page(code):
    assert code in ALL
    assert (HERE / f"{code}.stderr").is_file()
    assert (PAGES / f"{code}.md").is_file()


def test_no_message_is_left_over():
    assert sorted(path.stem for path in HERE.glob("*.stderr")) == sorted(ALL)
    assert sorted(path.stem for path in PAGES.glob("*.md")) == sorted(Code)
