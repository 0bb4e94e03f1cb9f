import pytest

from flux.cli import new


@pytest.mark.parametrize("template", new.TEMPLATES)
def test_a_new_project_says_how_it_is_run(flux, tmp_path, template):
    result = flux("new", template, "project")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == ["Made project. Next:", "  cd project"]
    program = result.stdout.split()[-1]
    assert (tmp_path / "project" / program).is_file()
    assert (tmp_path / "project" / program).with_suffix(".py").is_file()
    assert (tmp_path / "project" / "README.md").is_file()


@pytest.mark.parametrize("template", new.TEMPLATES)
def test_what_running_leaves_behind_is_not_copied(flux, tmp_path, template):
    flux("new", template, "project")
    assert not list(tmp_path.rglob("*.pyc"))
    assert not (tmp_path / "project" / "pictures").exists()


def test_the_demonstration_stays_in_the_repository(flux, tmp_path):
    flux("new", "image", "project")
    assert not (tmp_path / "project" / "demo.py").exists()


def test_a_project_may_be_made_in_an_empty_folder(flux, tmp_path):
    (tmp_path / "project").mkdir()
    assert flux("new", "empty", "project").exit_code == 0


def test_a_folder_in_use_is_left_alone(flux, tmp_path):
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "mine").touch()
    result = flux("new", "empty", "project")
    assert result.exit_code == 2
    assert "project is not empty" in result.stderr
    assert [path.name for path in (tmp_path / "project").iterdir()] == ["mine"]


def test_a_file_is_no_place_for_a_project(flux, program):
    assert flux("new", "empty", program).exit_code == 2


def test_a_place_below_a_file_is_refused(flux, program):
    result = flux("new", "empty", program / "project")
    assert result.exit_code == 2
    assert "Not a directory" in result.stderr


def test_an_unknown_template_is_a_mistake_of_usage(flux):
    assert flux("new", "frobnicate", "project").exit_code == 2
