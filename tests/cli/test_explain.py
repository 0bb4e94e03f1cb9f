import pytest

from flux import resources


@pytest.fixture(autouse=True)
def pages(tmp_path, monkeypatch):
    folder = tmp_path / "package" / "docs" / "errors"
    folder.mkdir(parents=True)
    (folder / "arity.md").write_text("# arity\n\nAn edge joins two counts.\n", encoding="utf-8")
    (folder / "too-deep.md").write_text("# too-deep\n\nParentheses.\n\nMore.\n", encoding="utf-8")
    monkeypatch.setattr(resources, "ROOTS", (tmp_path / "package",))


def test_a_code_is_explained_by_its_page(flux):
    assert flux("explain", "arity").stdout == "# arity\n\nAn edge joins two counts.\n"


@pytest.mark.parametrize("written", ["ARITY", "[arity]"])
def test_a_code_may_be_copied_from_a_message(flux, written):
    assert flux("explain", written).stdout.startswith("# arity")


def test_without_a_code_all_are_listed_with_their_first_lines(flux):
    assert flux("explain").stdout == (
        "arity     An edge joins two counts.\n"
        "too-deep  Parentheses.\n"
    )  # fmt: skip


def test_the_nearest_code_is_offered_for_a_misspelt_one(flux):
    result = flux("explain", "artiy")
    assert result.exit_code == 2
    assert "no mistake is called 'artiy'; did you mean arity?" in result.stderr


def test_a_code_like_no_other_gets_no_offer(flux):
    result = flux("explain", "xyz")
    assert result.exit_code == 2
    assert "did you mean" not in result.stderr


def test_a_code_is_no_path(flux):
    assert flux("explain", "../errors/arity").exit_code == 2


def test_a_broken_installation_says_what_is_missing(flux, monkeypatch, tmp_path):
    monkeypatch.setattr(resources, "ROOTS", (tmp_path / "nowhere",))
    result = flux("explain", "arity")
    assert result.exit_code == 1
    assert result.stderr == "Error: this installation of flux lacks its folder docs/errors\n"
