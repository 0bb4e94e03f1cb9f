import random
import time

import pytest

from flux.bindings.cpp.functions import Linkage
from flux.bindings.cpp.scan import scan
from flux.source import SourceFile


def found(text, *, is_cpp=True):
    return scan(SourceFile("server.cpp", text), is_cpp=is_cpp)


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("int Read(int socket) {}", "int Read(int)"),
        ("int Read() {}", "int Read()"),
        ("int Read(void) {}", "int Read()"),
        ("int\nRead\n(\nint socket\n)\n{\n}", "int Read(int)"),
        ("int Read(int /* the socket */, char *raw // raw\n) {}", "int Read(int, char*)"),
        ("int Read(int, char) {}", "int Read(int, char)"),
        ("int Read(unsigned, unsigned n) {}", "int Read(unsigned, unsigned)"),
        ("int Read(Line, const Line, Line l) {}", "int Read(Line, const Line, Line)"),
        ("int Read(struct Line, struct Line *l) {}", "int Read(struct Line, struct Line*)"),
        ("int Read(char buffer[], char *names[16]) {}", "int Read(char*, char**)"),
        ("int Read(char **restrict line) {}", "int Read(char**)"),
        ("int Read(int (*compare)(int, int)) {}", "int Read(None)"),
        ("int Read(const char* format, ...) {}", "int Read(const char*, ...)"),
        ("int Read(std::map<int, char*> m, int n) {}", "int Read(std::map<int, char*>, int)"),
        ("int Read(std::function<int(int, int)> f) {}", "int Read(std::function<int(int, int)>)"),
        ("auto Read(int n) -> int {}", "int Read(int)"),
        ("auto Read(int n) noexcept -> std::vector<int> {}", "std::vector<int> Read(int)"),
        ("auto Read(int n) { return n; }", "None Read(int)"),
        ("int Read(int n = 5, std::string s = {1, 2}) {}", "int Read(int, std::string)"),
        ("int Read(char c = ',', const char* s = \",)\") {}", "int Read(char, const char*)"),
        ("int Read(int n = a < b, int m = c > d) {}", "int Read(?)"),
        ("int Read(int f = [](int x) { return x; }(1)) {}", "int Read(int)"),
        ("[[nodiscard]] int Read([[maybe_unused]] int n) {}", "int Read(int)"),
        ("__attribute__((noinline)) int Read(int n __attribute__((unused))) {}", "int Read(int)"),
        ("int __attribute__((noinline)) Read(int n) {}", "int Read(int)"),
        ("alignas(16) int Read(int n) {}", "int Read(int)"),
        ("API int Read(int n) {}", "API int Read(int)"),
        ("EXPORT(int) Read(int n) {}", "None Read(int)"),
        ("EXPORT() int Read(int n) {}", "int Read(int)"),
        ("int Read(int n) NONNULL(1) {}", "int Read(int)"),
        ("int READ(int n) NONNULL(1) {}", "int READ(int)"),
        ("const char* Read(int n) {}", "const char* Read(int)"),
        ("std::unique_ptr<Foo<int>> Read(int n) {}", "std::unique_ptr<Foo<int>> Read(int)"),
        ("std::function<Reply(int)> Read(int n) {}", "std::function<Reply(int)> Read(int)"),
        ("struct Picture Read(int n) {}", "struct Picture Read(int)"),
        ("decltype(f(1)) Read(int n) {}", "None Read(int)"),
        ("int Read(int n) noexcept(noexcept(f(1))) {}", "int Read(int)"),
        ("int Read(int n) try { f(); } catch (int) { g(); } catch (...) {}", "int Read(int)"),
        ('int Read(int n) { return R"x()" } int No() {})x"[0]; }', "int Read(int)"),
        ("int Read(int n) { return '}' + \"}\" [0] + 1'000'000; } // }", "int Read(int)"),
        ("int Re\\\n", ""),
    ],
)  # fmt: skip
def test_a_function_is_read_as_it_is_written(functions, text, signature):
    assert functions(text) == ([signature] if signature else [])


@pytest.mark.parametrize(
    "before",
    [
        "int x = f(1), y{2};",
        'static const char* s = "int No() {";',
        'const char* s = R"x( )" int No() {} )x";',
        "auto f = [](int x) { return x; };",
        "struct S { int No(int n) { return n; } S() : a{1} {} };",
        "S::S(int n) : a{n}, b(n), c<int>{n} { f(); }",
        "int S::No(int n) const { return n; }",
        "bool S::operator()(int n) const { return n; }",
        "bool operator==(const S& a, const S& b) { return true; }",
        "S& operator=(const S& a) { return b; }",
        "S::operator bool() const { return true; }",
        "template <> int No<int>(int n) { return n; }",
        "enum class E : int { A, B };",
        "typedef int No(int n);",
        "using No = int(int);",
        'static_assert(sizeof(int) == 4, "int No() {");',
        'asm("int No() {");',
        "#define BODY(x) \\\n  int No(int n) { \\\n  x",
        "#if 0\nint No() {}\n#endif",
        "#if 0 /* never */\nint No() {}\n#if 1\n}\n#else\n#endif\n{\n#endif",
        "/* int No() {} */ // int No() {} \\\n int No() {}",
        "namespace { }",
        ";;",
        "MACRO",
        "MACRO()",
        "MACRO { }",
    ],
)  # fmt: skip
def test_what_stands_before_a_function_is_stepped_over(functions, before):
    found = functions(f"{before}\nint Read(int n) {{}}")
    assert found[-1].endswith(" Read(int)")
    assert not any(" No(" in signature for signature in found)


def test_parameters_of_old_c_stand_behind_the_names(functions):
    text = "int add(a, b) int a; char *b; { return a; }\nint next(void) {}"
    assert functions(text, is_cpp=False) == ["int add(a, b)", "int next()"]


@pytest.mark.parametrize("condition", ["ifdef FAST", "if FAST > 1", "ifndef SLOW"])
def test_both_branches_of_a_condition_may_be_compiled(functions, condition):
    text = f"#{condition}\nint Fast() {{}}\n#else\nint Slow() {{}}\n#endif\nint Both() {{}}"
    assert functions(text) == ["int Fast()", "int Slow()", "int Both()"]


def test_one_branch_is_taken_where_both_open_the_same_brace(functions):
    text = (
        "#ifdef A\nint Read(int n) {\n#elif B\nint Read(char n) {\n#else\nint Read() {\n#endif\n}"
    )
    assert functions(f"{text}\nint Next() {{}}") == ["int Read(int)", "int Next()"]


@pytest.mark.parametrize(
    ("condition", "in_cpp"),
    [
        ("#ifdef __cplusplus", True),
        ("#ifndef __cplusplus", False),
        ("#if defined(__cplusplus)", True),
        ("#if !defined __cplusplus", False),
    ],
)
def test_each_language_sees_its_own_part(functions, condition, in_cpp):
    text = f"{condition}\nint One() {{}}\n#else\nint Two() {{}}\n#endif"
    assert functions(text, is_cpp=True) == ["int One()" if in_cpp else "int Two()"]
    assert functions(text, is_cpp=False) == ["int Two()" if in_cpp else "int One()"]


GUARDED = '#ifdef __cplusplus\nextern "C" {\n#endif\nint Read() {}\n#ifdef __cplusplus\n}\n#endif'


@pytest.mark.parametrize(
    "text", ['extern "C" int Read() {}', 'extern "C" { int Read() {} }', GUARDED]
)
def test_functions_can_have_the_linkage_of_c(text):
    linkages = [function.linkage for function in found(f"{text}\nint Next() {{}}").functions]
    assert linkages == [Linkage.C, Linkage.CPP]


def test_all_functions_of_c_have_its_linkage():
    [function] = found("int Read() {}", is_cpp=False).functions
    assert function.linkage is Linkage.C


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("namespace { int Read() {} }", "an unnamed namespace"),
        ("namespace a::b { int Read() {} }", "the namespace `a::b`"),
        ("inline namespace v1 { int Read() {} }", "the namespace `v1`"),
        ('namespace a { extern "C" { int Read() {} } }', "the namespace `a`"),
        ("namespace a { } int Read() {}", ""),
    ],
)
def test_name_spaces_are_told(text, scope):
    [function] = found(text).functions
    assert function.scope == scope


def test_templates_are_told():
    text = "template <class T, int n = (3 > 2)> int Read(T t) {}\nint Next() {}"
    assert [function.is_template for function in found(text).functions] == [True, False]


def test_declarations_are_no_definitions():
    text = "int Read(int n);\nextern int Read(int n);\nint Read(int n) {}\nint Gone() = delete;"
    assert [f.is_defined for f in found(text).functions] == [False, False, True, False]


def test_words_before_a_function_are_told():
    words = [function.words for function in found("static inline int Read() {}").functions]
    assert words == [{"static", "inline"}]


@pytest.mark.parametrize(
    "text",
    [
        "DEFINE(Read)",
        "DEFINE(Read);",
        "DEFINE(Read) { return 0; }",
        "DEFINE(int, Read, (int n)) int Next() {}",
        "#define Read read_line",
        "#define Read(n) 5",
        "int (Read)(int n) {}\nint Next() {}",
        "int (*Read(int n))(int) { return 0; }",
    ],
)
def test_names_that_a_macro_may_define_are_doubtful(text):
    assert "Read" in found(text).doubtful


def test_includes_are_told():
    text = '#include "a.h"\n#  include <b.h> // why\n#if 0\n#include "c.h"\n#endif\n#include MACRO'
    assert found(text).includes == ('"a.h"', "<b.h>")


@pytest.mark.parametrize("text", ["int Read() {", "int Read( {}", "}", "int a[5;", "({)}"])
def test_text_with_brackets_that_do_not_match_is_not_whole(text):
    assert not found(text).is_whole


WORDS = [
    *(
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        ";",
        ",",
        "=",
        ":",
        "::",
        "->",
        "*",
        "&",
        "...",
        "\\",
    ),
    *("'", '"', "//", "#", "a", "F", "int", "struct", "operator", "template", 'R"x(', ')x"', "/*"),
    *(
        "*/",
        "\n",
        "namespace",
        "extern",
        '"C"',
        "catch",
        "try",
        "auto",
        "MACRO",
        "const",
        "5",
        "1'",
    ),
    *("#if x\n", "#else\n", "#endif\n", "#if 0\n", "#elif 1\n", "#define F(", '\n#include "'),
]


@pytest.mark.parametrize("seed", range(20))
def test_no_text_is_too_odd_to_be_read(seed):
    chance = random.Random(seed)
    for _ in range(100):
        text = " ".join(chance.choices(WORDS, k=chance.randint(1, 60)))
        for is_cpp in (True, False):
            for function in found(text, is_cpp=is_cpp).functions:
                assert function.span.text == function.name


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "(",
            "{",
            "<",
            "[[",
            "a<",
            "f(",
            "x{}",
            "M(a)",
            "'",
            '"',
            '#"\\',
            "/*",
            "#/*",
            '#"',
            "\\",
        ),
        *(
            'R"(',
            'R"x(',
            "#if x\n{",
            "int a = b < ",
            "F(a<",
            "F(a=b<c,",
            "namespace {",
            "int F(a,<",
        ),
        *(
            "template<",
            "int F(int a){}",
            "int F(a) int b;",
            "auto f->",
            "operator",
            "#if 0\n#else\n",
        ),
    ],
)
def test_long_text_takes_as_long_as_it_is(piece):
    def seconds(count):
        start = time.process_time()
        found(piece * count)
        return time.process_time() - start

    def fastest(count):
        return min(seconds(count) for _ in range(3))

    assert fastest(4000) < 40 * fastest(500) + 0.1
