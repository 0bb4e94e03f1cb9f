"""What a program looks like to the compiler: graph, plan, paths."""

import json

import pytest

VIEWS = ["graph", "plan", "paths"]


def test_a_graph_is_drawn_for_graphviz(flux, program):
    result = flux("graph", program)
    assert result.stdout.startswith("digraph")
    assert result.stdout.endswith("}\n")


def test_a_graph_is_drawn_for_mermaid(flux, program):
    assert flux("graph", "--format", "mermaid", program).stdout.startswith("flowchart")


def test_a_graph_is_drawn_as_svg_without_another_program(flux, program):
    assert flux("graph", "--format", "svg", program).stdout.startswith("<svg")


def test_a_graph_can_go_to_a_file(flux, program, tmp_path):
    assert flux("graph", program, "-o", "lines.dot").stdout == ""
    assert (tmp_path / "lines.dot").read_text(encoding="utf-8") == flux("graph", program).stdout


def test_a_file_that_cannot_be_written_is_a_clear_error(flux, program):
    result = flux("graph", program, "-o", "missing/lines.dot")
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr


def test_a_plan_is_text(flux, program):
    assert "source ReadLine => Line;" in flux("plan", program.name).stdout


def test_a_plan_is_json(flux, program):
    assert json.loads(flux("plan", "--format", "json", program).stdout)["sources"]


def test_paths_are_listed_by_number(flux, program):
    assert flux("paths", program).stdout.splitlines()[:2] == [
        "ReadLine: 3 paths",
        "  0  ReadLine -> Show",
    ]


def test_paths_beyond_the_limit_are_counted(flux, program):
    assert flux("paths", "--limit", "1", program).stdout == (
        "ReadLine: 3 paths\n  0  ReadLine -> Show\n  ... and 2 more\n"
    )


def test_a_path_is_named(flux, program):
    assert flux("paths", "--number", "0", program).stdout == "ReadLine -> Show\n"


def test_a_number_of_no_path_is_a_mistake_of_usage(flux, program):
    result = flux("paths", "--number", "3", program)
    assert result.exit_code == 2
    assert "the paths of ReadLine are numbered from 0 to 2" in result.stderr


def test_one_source_can_be_chosen(flux, program):
    with program.open("a", encoding="utf-8") as file:
        file.write("Tick () -> (str line);\nsource Tick => Line;\n")
    assert flux("paths", program).stdout.count(" paths\n") == 2
    assert flux("paths", "--source", "Tick", program).stdout.startswith("Tick: 3 paths\n")


def test_an_unknown_source_is_a_mistake_of_usage(flux, program):
    result = flux("paths", "--source", "Tock", program)
    assert result.exit_code == 2
    assert "no source is called 'Tock'; there are: ReadLine" in result.stderr


@pytest.mark.parametrize("view", VIEWS)
def test_a_program_may_come_from_the_standard_input(flux, program, view):
    assert flux(view, "-", stdin=program.read_bytes()).exit_code == 0


@pytest.mark.parametrize("view", VIEWS)
def test_warnings_do_not_mix_with_results(flux, program, view):
    expected = flux(view, program).stdout
    with program.open("a", encoding="utf-8") as file:
        file.write("// a node without use\nUnused () -> ();\n")
    result = flux(view, program)
    assert result.exit_code == 0
    assert "warning[unused-node]" in result.stderr
    assert len(result.stdout) >= len(expected)


@pytest.mark.parametrize("view", VIEWS)
def test_a_program_with_mistakes_has_no_views(flux, program, view):
    program.write_text("source A => B;", encoding="utf-8")
    result = flux(view, program)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[undefined-" in result.stderr


@pytest.mark.parametrize("view", VIEWS)
def test_rubbish_has_no_views(flux, program, view):
    program.write_bytes(b"\xff")
    result = flux(view, program)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[not-text]" in result.stderr


@pytest.mark.parametrize("view", [*VIEWS, "build", "run"])
def test_a_missing_file_is_a_mistake_of_usage(flux, view):
    assert flux(view, "missing.flux").exit_code == 2
