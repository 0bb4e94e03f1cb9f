import pytest


def test_right_functions_are_passed_in_silence(complaints, right):
    assert complaints(right) == []


def test_missing_functions_are_named_at_once(complaints):
    assert complaints("") == [
        "missing-function: `server.cpp` has no function for the node `Listen`",
        "missing-function: `server.cpp` has no function for the node `Read`",
        "missing-function: `server.cpp` has no function for the node `Reply`",
    ]


def test_help_says_what_to_write(implemented):
    _, second, _ = implemented("").bind().diagnostics
    assert second.help == "write `int Read(int socket, int* out_socket, char** line)`"


def test_nearest_function_is_suggested(implemented, right):
    [found] = implemented(right.replace("Reply", "Repyl")).bind().diagnostics
    assert found.help == "did you mean `Repyl`?"


@pytest.mark.parametrize(
    ("before", "behind", "label"),
    [
        ("namespace {", "}", "is in an unnamed namespace"),
        ("template <class T>", "", "is a template"),
        ("int Reply(int socket, char* line);\n#if 0\n", "\n#endif", "is declared only"),
    ],
)
def test_functions_that_cannot_be_called_are_shown(implemented, right, before, behind, label):
    right = right.replace("int Reply", f"{before} int Reply") + behind
    [found] = implemented(right).bind().diagnostics
    assert [other.text for other in found.others] == [label]


def test_function_that_a_macro_may_define_is_believed(complaints, right):
    assert complaints(right.replace("int Reply(", "NODE(Reply, ")) == []


@pytest.mark.parametrize(
    "top",
    [
        "// flux: headers=<quick.h>",
        "// flux: headers=elsewhere.h",
        '#include "elsewhere.h"',
        "// flux: headers=quick.h libs=quick",
    ],
)
def test_function_that_may_be_elsewhere_is_believed(complaints, top):
    assert complaints(top, quick__h="int Listen(int*); int Read(); int Reply();") == []


@pytest.mark.parametrize(
    "top",
    [
        "// flux: headers=<vector>,<sys/time.h>,types.h libs=jpeg",
        '#include "server.h"\n#include <elsewhere.h>\n#include "flux/nodes/tcp.hpp"',
    ],
)
def test_function_that_no_header_shows_is_missing(complaints, top):
    assert len(complaints(top, types__h="struct Picture {};", server__h="int Listen(int*);")) == 3


def test_functions_may_stand_in_headers_and_further_files(complaints):
    assert (
        complaints(
            '// flux: files=reply.cpp\n#include "listen.hpp"\n',
            listen__hpp='#include "read.hpp"\ninline int Listen(int*) {}',
            read__hpp='#include "listen.hpp"\nstatic int Read(int, int*, char**) {}',
            reply__cpp="int Reply(int, char*) {}",
        )
        == []
    )


def test_text_with_brackets_that_do_not_match_is_left_to_the_compiler(complaints, right):
    assert complaints(right.replace("int Read", "{ int Read")) == []


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("int Work(int a) {}", "`Work` has to take 2 values"),
        ("int Work() {}", "`Work` has to take 2 values"),
        ("int Work(long a, char* b) {}", "`Work` has to take `int` here"),
        ("int Work(int a, const char* b) {}", "`Work` has to take `char*` here"),
        ("int Work(int& a, char* b) {}", "`Work` has to take `int` here"),
        ("void Work(int a, char* b) {}", "`Work` has to return `int`"),
        ("auto Work(int a, char* b) -> bool {}", "`Work` has to return `int`"),
        ("static int Work(int, char*) {}", "`Work` is `static`, so the program cannot call it"),
        ("inline int Work(int, char*) {}", "`Work` is `inline`, so the program cannot call it"),
    ],
)
def test_wrong_functions_are_told(complaints_of_one, function, message):
    assert complaints_of_one("int a, char* b", function) == [f"wrong-function: {message}"]


@pytest.mark.parametrize(
    "function",
    [
        "int Work(int, char*) {}",
        "int Work(const int a, char* const b) {}",
        "int Work(Number a, Text b) {}",
        "Status Work(int a, char* b) {}",
        "auto Work(int a, char* b) { return 0; }",
        "int Work(int a, char b[]) {}",
        "int Work(int a = f<int, 5>(), char* b = 0) {}",
        "int Work(long a) {}\nint Work(int a, char* b) {}",
        "#ifdef A\nint Work(int a, char* b) {}\n#else\nint Work(long a) {}\n#endif",
        'extern "C" int Work(int a, char* b) {}',
        "static int Work(int a, char* b) {}\nint Work(int a, char* b) {}",
    ],
)
def test_functions_that_may_be_right_are_left_to_the_compiler(complaints_of_one, function):
    assert complaints_of_one("int a, char* b", function) == []


def test_wrong_function_is_shown_beside_the_statement(implemented, right):
    [found] = implemented(right.replace("char** line", "char* line")).bind().diagnostics
    assert found.primary.span.text == "char* line"
    assert [(label.span.text, label.text) for label in found.others] == [
        ("Read", "the node that needs it")
    ]
    assert found.notes == ("it is `int Read(int socket, int* out_socket, char* line)`",)
    assert found.help == "write `int Read(int socket, int* out_socket, char** line)`"


@pytest.mark.parametrize(
    ("hook", "message"),
    [
        ("int flux_init(int argc) {}", "`flux_init` has to take 2 values"),
        ("void flux_init(int argc, char** argv) {}", "`flux_init` has to return `int`"),
        ("int flux_shutdown() {}", "`flux_shutdown` has to return `void`"),
        ("void flux_finish(int) {}", "`flux_finish` has to take no values"),
        ("void flux_interrupt(int) {}", "`flux_interrupt` has to take no values"),
    ],
)
def test_hooks_have_signatures_too(complaints, right, hook, message):
    assert complaints(right + hook) == [f"wrong-function: {message}"]


def test_right_hooks_are_passed_in_silence(complaints, right):
    hooks = "int flux_init(int argc, char *argv[]) {}\nvoid flux_shutdown() {}\n"
    assert complaints(right + hooks) == []


TWO_TYPES = """
source Start => First;
Start () -> (int n, long m);
First:[big, _] = Work;
First:[_, big] = Work;
First:[_, _] = Work;
Work (int n, long m) -> ();
typedef big IsBig;
"""
NODES = "int Start(int* n, long* m) {}\nint Work(int n, long m) {}\n"


def test_predicate_may_be_overloaded(complaints):
    predicates = "bool IsBig(int n) {}\nbool IsBig(long m) {}\n"
    assert complaints(NODES + predicates, TWO_TYPES) == []


def test_missing_overload_is_told(implemented):
    [found] = implemented(f"{NODES}bool IsBig(int n) {{}}", TWO_TYPES).bind().diagnostics
    assert found.message == "`IsBig` has to take `long` here"
    assert found.help == "add `bool IsBig(long m)`"


def test_c_has_no_overloads(implemented):
    server = implemented(f"{NODES}_Bool IsBig(int n) {{}}", TWO_TYPES, name="server.c")
    [found] = server.bind().diagnostics
    assert found.help == "write both in C++: C has one function of a name"


def test_languages_of_functions_are_told(implemented, right):
    nodes = right.replace("int Read", 'extern "C" int Read')
    found = implemented(nodes).bind()
    assert found.c_functions == {"Read"}
    implementations = found.implementations()
    assert {name: each.language for name, each in implementations.items()} == {
        "Listen": "cpp",
        "Read": "c",
        "Reply": "cpp",
    }
    assert implementations["Read"].place.line == 3
