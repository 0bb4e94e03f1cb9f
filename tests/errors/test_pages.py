"""`flux explain`: each page's wrong program has the mistake, and the right one has none."""

import re

import pytest
from errors.cases import LARGE, PAGES, check

from flux.diagnostics import Code

# Their wrong programs are no text, or too long for a page.
WITHOUT_PROGRAM = {Code.NOT_TEXT, Code.TOO_DEEP, *LARGE}
CODES = [code for code in Code if code not in WITHOUT_PROGRAM]
BLOCK = re.compile(r"```(flux|python|cpp)\n(.*?)```", re.DOTALL)


@pytest.fixture
def found(tmp_path):
    """What is wrong with the program of a section."""

    def find(code, title):
        section = sections(code)[title]
        for language, text in BLOCK.findall(section):
            suffix = {"flux": ".flux", "python": ".py", "cpp": ".cpp"}[language]
            (tmp_path / f"server{suffix}").write_text(text, encoding="utf-8")
        found = check(tmp_path / "server.flux", workers=code == Code.PER_WORKER)
        return [diagnostic.code for diagnostic in found]

    return find


def text_of(code):
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def sections(code):
    """A page's sections by their titles."""
    parts = re.split(r"^## (.*)\n", text_of(code), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("code", Code)
def test_a_page_begins_with_its_code_and_one_sentence(code):
    heading, empty, meaning, end, section = text_of(code).splitlines()[:5]
    assert [heading, empty, end, section] == [f"# {code}", "", "", "## Wrong"]
    assert meaning.endswith(".")
    assert len(meaning) <= 100


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_program_has_the_mistake(code, found):
    assert found(code, "Wrong") == [code]


@pytest.mark.parametrize("code", CODES)
def test_the_right_program_has_no_mistake(code, found):
    assert found(code, "Right") == []


@pytest.mark.parametrize("code", [code for code in Code if code.level == "warning"])
def test_a_warning_says_when_to_ignore_it(code):
    assert "When to ignore it" in sections(code)
