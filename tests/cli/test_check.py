import json

import pytest

WRONG = "Show (str line) -> ();\nsource ReadLine => Show;\n"


@pytest.fixture
def wrong(tmp_path):
    path = tmp_path / "wrong.flux"
    path.write_text(WRONG, encoding="utf-8")
    return path


def test_a_right_program_is_passed_in_silence(flux, program):
    result = flux("check", program)
    assert (result.exit_code, result.output) == (0, "")


def test_a_mistake_is_shown_where_it_is(flux, wrong):
    result = flux("check", wrong.name)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "--> wrong.flux:2:8" in result.stderr
    assert result.stderr.endswith("\n1 error\n")


def test_mistakes_of_all_files_come_in_one_run(flux, wrong, program, tmp_path):
    other = tmp_path / "other.flux"
    other.write_text("A = B", encoding="utf-8")
    result = flux("check", wrong, program, other)
    assert result.exit_code == 1
    assert "wrong.flux:2:8" in result.stderr
    assert "other.flux:1:" in result.stderr


def test_what_workers_do_not_share_is_told_when_it_is_asked_for(flux, program):
    program.write_text(
        program.read_text(encoding="utf-8").replace("source", "constraint Show:{log};\nsource"),
        encoding="utf-8",
    )
    assert "per-worker" not in flux("check", program).stderr
    result = flux("check", "--workers", program)
    assert result.exit_code == 0
    assert "warning[per-worker]: `log` excludes only within one worker" in result.stderr


def test_a_program_may_come_from_the_standard_input(flux):
    result = flux("check", "-", stdin=WRONG.encode())
    assert result.exit_code == 1
    assert "--> <stdin>:2:8" in result.stderr


def test_json_goes_to_the_standard_output(flux, wrong):
    result = flux("check", "--format", "json", wrong)
    [mistake] = json.loads(result.stdout)
    assert result.exit_code == 1
    assert result.stderr == ""
    assert (mistake["code"], mistake["line"], mistake["column"]) == ("undefined-source", 2, 8)


def test_json_of_a_right_program_is_an_empty_list(flux, program):
    result = flux("check", "--format", "json", program)
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])


def test_workflow_commands_go_to_the_standard_output(flux, wrong):
    result = flux("check", "--format", "github", wrong.name)
    assert result.stdout.startswith("::error file=wrong.flux,line=2,col=8,title=undefined-source::")


def test_warnings_alone_pass(flux, program):
    with program.open("a", encoding="utf-8") as file:
        file.write("Unused () -> ();\n")
    result = flux("check", program)
    assert result.exit_code == 0
    assert "warning[unused-node]" in result.stderr


def test_warnings_fail_if_they_are_to(flux, program):
    with program.open("a", encoding="utf-8") as file:
        file.write("Unused () -> ();\n")
    assert flux("check", "--werror", program).exit_code == 1


def test_functions_beside_a_program_are_checked(flux, program):
    program.with_suffix(".py").write_text("def read_line(): ...\n", encoding="utf-8")
    result = flux("check", program)
    assert result.exit_code == 1
    assert "missing-function" in result.stderr


def test_functions_elsewhere_are_checked_when_they_are_named(flux, program, tmp_path):
    (tmp_path / "mine.py").write_text("def read_line(): ...\n", encoding="utf-8")
    result = flux("check", "--nodes", tmp_path / "mine.py", program)
    assert result.exit_code == 1
    assert "missing-function" in result.stderr


def test_the_locks_are_reported(flux, program):
    with program.open("a", encoding="utf-8") as file:
        file.write("constraint Show:{output};\n")
    result = flux("check", "--locks", program)
    assert "output" in result.stdout


def test_a_missing_file_is_a_mistake_of_usage(flux):
    result = flux("check", "missing.flux")
    assert result.exit_code == 2
    assert "'missing.flux' does not exist" in result.stderr


def test_a_folder_is_a_mistake_of_usage(flux, tmp_path):
    result = flux("check", tmp_path)
    assert result.exit_code == 2
    assert "is a directory" in result.stderr


def test_no_file_at_all_is_a_mistake_of_usage(flux):
    assert flux("check").exit_code == 2


def test_a_file_that_cannot_be_read_is_a_clear_error(flux, program, monkeypatch):
    def refuse(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(program), "open", refuse)
    result = flux("check", program.name)
    assert result.exit_code == 2
    assert result.stderr == "Error: lines.flux: Permission denied\n"


def test_an_empty_file_is_no_crash(flux, tmp_path):
    (tmp_path / "empty.flux").touch()
    result = flux("check", "empty.flux")
    assert result.exit_code == 0
    assert "warning[no-source]" in result.stderr


def test_binary_rubbish_is_no_text(flux, tmp_path):
    (tmp_path / "a.flux").write_bytes(bytes(range(256)) * 40)
    result = flux("check", "a.flux")
    assert result.exit_code == 1
    assert "error[not-text]" in result.stderr
    assert result.stderr.replace("\n", "").isprintable()


@pytest.mark.parametrize("text", [b"\x00", b"(", b"A -> ", b"\x1b[2J;"])
def test_ten_megabytes_of_rubbish_are_too_large(flux, tmp_path, text):
    (tmp_path / "a.flux").write_bytes(text * (10_000_000 // len(text)))
    result = flux("check", "a.flux")
    assert result.exit_code == 1
    assert "error[too-large]" in result.stderr


def test_a_megabyte_of_rubbish_gets_few_diagnostics(flux, tmp_path):
    (tmp_path / "a.flux").write_bytes(b"\x00(\x1b[" * 250_000)
    result = flux("check", "a.flux")
    assert result.exit_code == 1
    assert len(result.stderr) < 200_000
    assert result.stderr.replace("\n", "").isprintable()


@pytest.fixture
def in_both(program):
    """A program with functions in Python and in C++, the second of them wrong in both."""
    text = "def read_line(): ...\ndef show(): ...\n"
    program.with_suffix(".py").write_text(text, encoding="utf-8")
    program.write_text(program.read_text(encoding="utf-8").replace("str", "int"), encoding="utf-8")
    program.with_suffix(".cpp").write_text(
        "int ReadLine(int *line) { return 0; }\nint Show() { return 0; }\n", encoding="utf-8"
    )
    return program


@pytest.mark.parametrize(
    ("options", "places"),
    [
        ((), ["lines.py:2", "lines.cpp:2"]),
        (("--target", "python"), ["lines.py:2"]),
        (("--target", "cpp"), ["lines.cpp:2"]),
        (("--nodes", "lines.cpp"), ["lines.cpp:2"]),
    ],
)
def test_functions_are_checked_in_each_language_that_is_meant(flux, in_both, options, places):
    result = flux("check", in_both.name, *options)
    assert result.exit_code == 1
    assert [place for place in ("lines.py:2", "lines.cpp:2") if place in result.stderr] == places


def test_an_unknown_target_is_a_mistake_of_usage(flux, program):
    result = flux("check", program, "--target", "cobol")
    assert result.exit_code == 2
    assert "no target `cobol`" in result.stderr


def test_functions_of_a_program_from_the_input_must_be_named(flux, in_both):
    text = in_both.read_bytes()
    assert flux("check", "-", stdin=text).exit_code == 0
    assert flux("check", "-", "--nodes", "lines.cpp", stdin=text).exit_code == 1
