import pytest


@pytest.fixture
def functions(program):
    """The file with the program's functions, one of which is there."""
    path = program.with_suffix(".py")
    path.write_bytes(b"def show(line):\r\n    print(line)\r\n")
    return path


def test_the_generated_program_is_written(flux, program, tmp_path):
    result = flux("build", program.name)
    assert result.exit_code == 0
    written = sorted(
        f"wrote {path.relative_to(tmp_path)}" for path in (tmp_path / "build").iterdir()
    )
    assert sorted(result.stdout.splitlines()[:-2]) == written


def test_the_way_to_run_it_is_told(flux, program):
    last = flux("build", program.name).stdout.splitlines()[-1]
    assert last == "run it: python -m flux.runtime build/lines_flux.py --nodes lines.py"


def test_the_folder_can_be_chosen(flux, program, tmp_path):
    flux("build", program, "-o", "deep/down")
    assert list((tmp_path / "deep" / "down").iterdir())


def test_stubs_make_a_program_whole(flux, program):
    result = flux("build", program.name)
    assert "wrote stubs to lines.py" in result.stdout
    assert flux("check", program.name).output == ""


def test_stubs_come_after_what_is_there(flux, program, functions):
    before = functions.read_bytes()
    flux("build", program)
    after = functions.read_bytes()
    assert after.startswith(before)
    assert b"def read_line" in after[len(before) :]
    assert after.count(b"def show") == 1


def test_a_second_time_adds_nothing(flux, program, functions):
    flux("build", program)
    before = functions.read_bytes()
    assert "stubs" not in flux("build", program).stdout
    assert functions.read_bytes() == before


def test_functions_elsewhere_get_the_stubs(flux, program, tmp_path):
    (tmp_path / "mine.py").touch()
    flux("build", program, "--nodes", "mine.py")
    assert "def read_line" in (tmp_path / "mine.py").read_text(encoding="utf-8")
    assert not program.with_suffix(".py").exists()


def test_no_stubs_are_written_if_none_are_wanted(flux, program):
    flux("build", "--no-stubs", program)
    assert not program.with_suffix(".py").exists()


def test_functions_that_are_no_python_stay_as_they_are(flux, program):
    functions = program.with_suffix(".py")
    functions.write_text("def (", encoding="utf-8")
    result = flux("build", program)
    assert result.exit_code == 1
    assert "no stubs can be added to it" in result.stderr
    assert functions.read_text(encoding="utf-8") == "def ("


def test_a_program_with_mistakes_builds_nothing(flux, program, tmp_path):
    program.write_text("source A => B;", encoding="utf-8")
    result = flux("build", program)
    assert result.exit_code == 1
    assert "error[" in result.stderr
    assert not (tmp_path / "build").exists()


def test_an_unknown_target_is_a_mistake_of_usage(flux, program):
    result = flux("build", "--target", "cobol", program)
    assert result.exit_code == 2
    assert "no target `cobol`" in result.stderr


def test_a_place_below_a_file_is_a_clear_error(flux, program):
    result = flux("build", program.name, "-o", "lines.flux/build")
    assert result.exit_code == 2
    assert result.stderr == "Error: lines.flux/build: Not a directory\n"


def test_a_name_that_is_no_text_is_built(flux, program, tmp_path):
    strange = program.rename(tmp_path / "a\udcff\n b.flux")
    result = flux("build", strange)
    assert result.exit_code == 0
    assert "wrote stubs to " in result.stdout
    assert "a�␊ b.py\n" in result.stdout


def test_the_way_to_run_it_is_quoted_for_a_shell(flux, program, tmp_path):
    program.rename(tmp_path / "a b.flux")
    last = flux("build", "a b.flux").stdout.splitlines()[-1]
    assert last == "run it: python -m flux.runtime 'build/a b_flux.py' --nodes 'a b.py'"
