"""What the C++ back end prints where the golden files don't show it."""

import re
import subprocess
from pathlib import Path

import pytest

from flux.backends.cpp import CppBackend
from flux.backends.cpp.header import Surroundings
from flux.driver import compile_program
from flux.source import SourceFile

GOLDEN = Path(__file__).parents[1] / "golden"
ENGINE = Path(__file__).parents[2] / "engine" / "include"
COMPILER = ["g++", "-std=c++20", f"-I{ENGINE}"]
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]
TYPES = (
    "#include <string>\nusing str = std::string;\nusing bytes = std::string;\nstruct Request {};\n"
)

SERVE = """
    source Listen => Serve;
    Listen () -> (Connection client);
    Serve (Connection client) -> ();
"""


def files(text, name="server.flux", **around):
    plan = compile_program(SourceFile(name, text)).plan
    return CppBackend(around=Surroundings(**around)).generate(plan).files


def program(text):
    return files(text)["server_flux.cpp"]


def header(text, **around):
    return files(text, **around)["server.h"]


@pytest.fixture(scope="module")
def headers(tmp_path_factory):
    """What each generated program includes, compiled before."""
    header = tmp_path_factory.mktemp("headers") / "headers.hpp"
    lines = "\n".join(files(SERVE).values()).splitlines()
    header.write_text("\n".join(line for line in lines if line.startswith("#include <")))
    subprocess.run([*COMPILER, *WARNINGS, "-x", "c++-header", header], check=True)
    return header


@pytest.mark.parametrize(
    "case", sorted(GOLDEN.glob("*/cpp.cpp")), ids=lambda path: path.parent.name
)
def test_generated_programs_compile_without_a_warning(case, headers, tmp_path):
    plan = compile_program(
        SourceFile("program.flux", (case.parent / "program.flux").read_text())
    ).plan
    around = Surroundings(headers=("types.h",))
    for name, text in CppBackend(around=around).generate(plan).files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "types.h").write_text(TYPES)
    sources = ["program_flux.cpp", "program_paths.cpp"]
    command = [*COMPILER, *WARNINGS, "-Winvalid-pch", "-include", headers, "-fsyntax-only"]
    compiled = subprocess.run(
        [*command, *sources], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (compiled.returncode, compiled.stderr) == (0, "")


def test_a_blocking_node_is_marked_before_it_is_run():
    marked = files(SERVE, blocking=frozenset({"Serve"}))["server_flux.cpp"]
    assert marked.count("is_blocking") == 1
    mark = "template <>\ninline constexpr bool flux::is_blocking<Serve> = true;\n\nnamespace"
    assert mark in marked
    assert "is_blocking" not in program(SERVE)


def test_a_programs_name_stays_within_its_comment_and_its_text():
    texts = files(SERVE, name='an "odd"\nname\\.flux')
    first = [text.splitlines()[:3] for text in texts.values()]
    assert all(line.startswith(("//", "#")) for lines in first for line in lines if line)
    code = next(text for name, text in texts.items() if name.endswith("_flux.cpp"))
    assert 'program.name = "an _odd__name_.flux";' in code


def test_inputs_come_by_value_and_outputs_by_pointer():
    text = header("""
        source Listen => Compress;
        Listen () -> (int socket, char* raw, int size);
        Compress (int socket, char* raw, int size) -> (int socket, char* jpeg, int size);
    """)
    assert "int Listen(int* socket, char** raw, int* size);" in text
    compress = "int Compress(int socket, char* raw, int size, int* out_socket, char** jpeg, int*"
    assert compress in text


def test_an_output_whose_new_name_is_taken_too_gets_another():
    text = header("source S => T; S () -> (int a, int out_a); T (int a, int out_a) -> (int a);")
    assert "int T(int a, int out_a, int* out_a_);" in text


def test_parameters_that_are_words_of_cpp_get_another_name():
    text = files("source S => T; S () -> (int new); T (int new) -> ();")
    assert "int T(int new_);" in text["server.h"]
    assert "S_turn(flux::Flow& flow, int* out_new)" in text["server_flux.cpp"]


def test_headers_with_the_types_come_before_the_prototypes():
    text = header(SERVE, headers=("types.h", "<sqlite3.h>"))
    assert text.index('#include "types.h"\n#include <sqlite3.h>\n') < text.index("int Serve(")


def test_functions_written_in_c_have_c_linkage_and_are_all_that_c_sees():
    text = header("source S => T; S () -> (int n); T (int n) -> (); ", c_functions=frozenset({"T"}))
    only_c = re.sub(r"#ifdef __cplusplus\n(?!extern|})[\s\S]*?#endif", "", text)
    assert "int T(int n);" in only_c
    assert "int S(int* n);" not in only_c
    assert text.index('extern "C" {') < text.index("int T(int n);") < text.index("int S(int* n);")


def test_functions_of_the_system_are_not_declared_again():
    text = header(
        "source S => close; S () -> (int fd); close (int fd) -> ();", declared=frozenset({"close"})
    )
    assert "close(" not in text


def test_values_of_new_types_are_moved_where_a_case_hands_them_on():
    text = program("""
        source S => H;
        S () -> (std::string text, int number, char* raw);
        H:[_, _, _] = ;
        H (std::string text, int number, char* raw)
          -> (std::string text, int number, char* raw);
    """)
    assert "*out_text = std::move(text);\n  *out_number = number;\n  *out_raw = raw;" in text


def test_one_name_for_two_types_is_two_variables():
    text = program("""
        source S => T;
        S () -> (int data);
        T = Read -> Use;
        Read (int data) -> (std::string data);
        Use (std::string data) -> ();
    """)
    assert "std::string data_{};" in text
    assert "flow.run<Read>(data, &data_)" in text
    assert "flow.run<Use>(data_)" in text


def test_a_predicate_of_two_types_is_chosen_by_its_type():
    both = files("""
        source S => H;
        S () -> (int number, char* text);
        typedef big IsBig;
        H:[big, big] = Use;
        H:[_, _] = Use;
        Use (int number, char* text) -> ();
    """)
    assert "bool IsBig(char* text);" in both["server.h"]
    assert "bool IsBig(int number);" in both["server.h"]
    assert (
        "if (flow.test<static_cast<bool (&)(int)>(IsBig)>(number) &&\n"
        "      flow.test<static_cast<bool (&)(char*)>(IsBig)>(text)) {"
    ) in both["server_flux.cpp"]


def test_what_nobody_asks_for_is_only_a_comment_among_the_parameters():
    text = program("""
        source S => H;
        S () -> (int n);
        H:[_] = ;
        H (int n) -> ();
    """)
    assert "flux::Way H(flux::Flow& /*flow*/, int /*n*/) {\n  return flux::succeeded;\n}" in text


def test_a_constraint_called_like_a_function_of_libc_hides_it():
    text = program(SERVE + "constraint Serve:{log};")
    assert text.index("namespace server_flux {") < text.index('flux::Constraint log{"log"};')


def test_a_node_called_like_a_part_of_generated_code_is_the_users():
    text = program("source flow => way; flow () -> (int n); way (int n) -> ();")
    assert "flow.open<::flow>(out_n)" in text
    assert "flow.run<::way>(n)" in text


def test_the_namespace_is_a_name_whatever_the_file_is_called():
    text = files(SERVE, name="2 flows-new.flux")
    assert "namespace _2_flows_new_flux {" in text["2 flows-new_flux.cpp"]


def test_a_program_with_too_many_paths_has_no_names_for_them():
    doubling = "".join(
        f"D{n}:[even] = D{n - 1} -> D{n - 1}; D{n}:[_] = D{n - 1} -> D{n - 1};\n"
        for n in range(1, 8)
    )
    text = f"""
        source S => D7;
        S () -> (int n);
        typedef even IsEven;
        D0 (int n) -> (int n);
        {doubling}
    """
    assert "return {};  // more than there are numbers for" in files(text)["server_paths.cpp"]
    assert not re.search(r"\d{21}", files(text)["server_flux.cpp"])


def test_every_line_that_runs_a_step_is_known_by_it():
    plan = compile_program(SourceFile("server.flux", SERVE)).plan
    artifact = CppBackend().generate(plan)
    lines = artifact.files[artifact.main].splitlines()
    found = {id_: lines[int(number) - 1] for number, id_ in artifact.facts["lines"].items()}
    assert "flow.open<Listen>" in found["turn Listen/Listen"]
    assert "flow.run<Serve>" in found["use Serve/Serve"]
