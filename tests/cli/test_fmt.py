import pytest

UGLY = "Show(str line)=>( ) ;"
NICE = "Show (str line) -> ();\n"


@pytest.fixture
def ugly(tmp_path):
    path = tmp_path / "ugly.flux"
    path.write_text(UGLY, encoding="utf-8")
    return path


def test_a_file_is_laid_out_in_place(flux, ugly):
    result = flux("fmt", ugly.name)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "changed ugly.flux\n"
    assert ugly.read_text(encoding="utf-8") == NICE


def test_a_file_in_the_right_form_is_not_touched(flux, ugly):
    flux("fmt", ugly)
    before = ugly.stat()
    assert flux("fmt", ugly).output == ""
    assert ugly.stat().st_ino == before.st_ino


def test_the_standard_input_is_filtered(flux):
    assert flux("fmt", "-", stdin=UGLY.encode()).stdout == NICE
    assert flux("fmt", "-", stdin=NICE.encode()).stdout == NICE


def test_check_writes_nothing_and_fails(flux, ugly):
    result = flux("fmt", "--check", ugly.name)
    assert result.exit_code == 1
    assert result.stderr == "would change ugly.flux\n"
    assert ugly.read_text(encoding="utf-8") == UGLY


def test_check_passes_what_is_in_the_right_form(flux, ugly):
    flux("fmt", ugly)
    assert flux("fmt", "--check", ugly).exit_code == 0


def test_diff_writes_nothing_and_shows_what_would_change(flux, ugly):
    result = flux("fmt", "--diff", ugly.name)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == ["--- ugly.flux", "+++ ugly.flux"]
    assert f"+{NICE}" in result.stdout
    assert ugly.read_text(encoding="utf-8") == UGLY


def test_diff_tells_of_a_last_line_without_an_end(flux, tmp_path):
    (tmp_path / "short.flux").write_text("// short")
    result = flux("fmt", "--diff", "short.flux")
    assert result.stdout.endswith("-// short\n\\ No newline at end of file\n+// short\n")


def test_a_program_with_mistakes_stays_as_it_is(flux, ugly, tmp_path):
    wrong = tmp_path / "wrong.flux"
    wrong.write_text("A = -> ;", encoding="utf-8")
    result = flux("fmt", wrong, ugly)
    assert result.exit_code == 1
    assert "wrong.flux:1" in result.stderr
    assert wrong.read_text(encoding="utf-8") == "A = -> ;"
    assert ugly.read_text(encoding="utf-8") == NICE


def test_rubbish_stays_as_it_is(flux, tmp_path):
    path = tmp_path / "a.flux"
    path.write_bytes(b"\xff\xfe")
    assert flux("fmt", path).exit_code == 1
    assert path.read_bytes() == b"\xff\xfe"


def test_a_missing_file_is_a_mistake_of_usage(flux):
    assert flux("fmt", "missing.flux").exit_code == 2
