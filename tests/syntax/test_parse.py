"""Each kind of statement, and what is said about each kind of mistake."""

from textwrap import dedent

import pytest

from flux.diagnostics import Code
from flux.source import SourceFile, Span
from flux.syntax.declarations import (
    CaseDecl,
    ChainDecl,
    ConstraintDecl,
    DamagedDecl,
    FlowDecl,
    HandlerDecl,
    LockDecl,
    Name,
    ParameterDecl,
    PatternDecl,
    SignatureDecl,
    SourceDecl,
    TypeDecl,
)
from flux.syntax.parse import MAX_CHARACTERS, MAX_MISTAKES, parse

NOWHERE = Span(SourceFile("", ""), 0, 0)


def read(text):
    return parse(SourceFile("program.flux", text))


def statements(text):
    program, mistakes = read(text)
    assert not mistakes
    return program.statements


def mistakes(text):
    return read(text)[1]


def name(text):
    return Name(text, NOWHERE)


def chain(*items):
    return ChainDecl(tuple(name(i) if isinstance(i, str) else i for i in items), NOWHERE)


def parameter(type_, text):
    return ParameterDecl(tuple(type_.split()), name(text), NOWHERE)


def test_a_signature_has_inputs_and_outputs():
    inputs = (parameter("int", "socket"), parameter("const char *", "data"))
    outputs = (parameter("std :: vector < std :: pair < int , char * > >", "x"),)
    text = "Read (int socket, const char *data) -> (std::vector<std::pair<int, char*>> x);"
    assert statements(text) == (SignatureDecl(name("Read"), inputs, outputs, NOWHERE, NOWHERE),)


def test_a_source_may_have_a_session():
    assert statements("source L => I; source L {session: F} -> I;") == (
        SourceDecl(name("L"), None, name("I"), NOWHERE),
        SourceDecl(name("L"), name("F"), name("I"), NOWHERE),
    )


def test_a_flow_is_a_chain_of_nodes_and_of_chains_in_parentheses():
    flow = FlowDecl(name("I"), chain("A", chain("B", "C"), "D"), NOWHERE)
    assert statements("I = A -> (B -> C) -> D;") == (flow,)


def test_a_case_has_patterns_and_may_be_empty():
    patterns = (
        PatternDecl(None, NOWHERE),
        PatternDecl(None, NOWHERE),
        PatternDecl(name("hit"), NOWHERE),
    )
    assert statements("H:[_, *, hit] = ;") == (
        CaseDecl(name("H"), patterns, chain(), NOWHERE, NOWHERE),
    )


def test_a_typedef_names_a_semantic_type_and_its_predicate():
    assert statements("typedef hit Test;") == (TypeDecl(name("hit"), name("Test"), NOWHERE),)


def test_a_handler_may_stand_for_several_nodes():
    handler = HandlerDecl((name("A"), name("B")), name("H"), NOWHERE)
    assert statements("handle error A, B -> H;") == (handler,)


@pytest.mark.parametrize("word", ["constraint", "atomic"])
def test_a_constraint_has_locks_with_mark_and_scope(word):
    locks = (
        LockDecl(name("a"), "", "", NOWHERE),
        LockDecl(name("b"), "?", "session", NOWHERE),
        LockDecl(name("c"), "!", "program", NOWHERE),
    )
    text = f"{word} N:{{a, b?(session), c!(program)}};"
    assert statements(text) == (ConstraintDecl(name("N"), locks, NOWHERE),)


def test_no_word_is_reserved():
    text = """
        source (int session, char* error) -> (struct typedef handle);
        handle = error -> constraint;
        source source -> int;
        typedef typedef typedef;
        handle error error -> handle;
        atomic:[source, _] = session;
    """
    assert len(statements(text)) == 6


def test_statements_know_where_they_stand():
    source, flow = statements("source L\n  => I;\nI = A;")
    assert (str(source.span), source.span.text) == ("program.flux:1:1", "source L\n  => I")
    assert (str(flow.chain.span), flow.span.line) == ("program.flux:3:5", 3)


@pytest.mark.parametrize(
    "parameter_text",
    [
        "unsigned long long n",
        "struct point p",
        "enum class ::color c",
        "list[int] xs",
        "Literal['a', \"b\"] x",
        "Callable[[int], dict[str, list[int]]] f",
        "std::function<void(*)(int)> f",
        "decltype(x) y",
        "int | None x",
        "Args&&... args",
        "int Foo::* member",
        "Array<N-1, {1, 2}> x",
        "numpy.ndarray x",
        "::size_t n",
    ],
)
def test_types_of_c_and_of_python_are_read(parameter_text):
    assert len(statements(f"N ({parameter_text}) -> ();")[0].inputs) == 1


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("A (unsigned long) -> ();", Code.BAD_PARAMETER, "a parameter has no name"),
        ("A (std::string) -> ();", Code.BAD_PARAMETER, "a parameter has no name"),
        ("A (struct foo) -> ();", Code.BAD_PARAMETER, "a parameter has no name"),
        ("A (list[int]) -> ();", Code.BAD_PARAMETER, "a parameter has no name"),
        ("A (x) -> ();", Code.BAD_PARAMETER, "the parameter `x` lacks a type or a name"),
        ("A (void) -> ();", Code.BAD_PARAMETER, "`void` is no parameter"),
        ("A (char buf[4096]) -> ();", Code.BAD_PARAMETER, "a parameter can't be an array"),
        ("A (char b[4][5]) -> ();", Code.BAD_PARAMETER, "a parameter can't be an array"),
        ("A (int (*f)(int)) -> ();", Code.BAD_PARAMETER, "a parameter can't be a function pointer"),
        ("A (* x) -> ();", Code.BAD_PARAMETER, "a type can't begin with `*`"),
        ("A (int a, ) -> ();", Code.SYNTAX, "expected a type and a name, found `)`"),
        ("A (int a -> ();", Code.SYNTAX, "`(` is never closed"),
        ("A (list[int a) -> ();", Code.SYNTAX, "`[` is never closed"),
        ("A (int a);", Code.SYNTAX, "expected `->` and the outputs, found `;`"),
        ("A = B => C;", Code.FLOW_ARROW, "nodes of a flow are joined by `->`, not by `=>`"),
        ("A = B C;", Code.SYNTAX, "expected `->` or `;`, found `C`"),
        ("A = B -> ;", Code.SYNTAX, "expected a node, found `;`"),
        ("A = (B -> C;", Code.SYNTAX, "`(` is never closed"),
        ("A = B; -> C;", Code.SYNTAX, "the flow goes on behind its `;`"),
        ("A -> B;", Code.SYNTAX, "expected `(`, `=` or `:` behind `A`, found `->`"),
        ("A = B;;", Code.SYNTAX, "expected a statement, found `;`"),
        ("A = B", Code.MISSING_SEMICOLON, "a `;` is missing"),
        ("A:[_ = B;", Code.SYNTAX, "`[` is never closed"),
        ("A:{cache};", Code.SYNTAX, "expected `[` and the patterns of a case, found `{`"),
        ("sorce L => I;", Code.SYNTAX, "no statement begins with `sorce`"),
        ("typdef hit Test;", Code.SYNTAX, "no statement begins with `typdef`"),
        ("constrant A:{c};", Code.SYNTAX, "no statement begins with `constrant`"),
        ("source L = I;", Code.SYNTAX, "a source is joined to its target by `=>`, not by `=`"),
        ("source L {F} => I;", Code.SYNTAX, "expected `session`, found `F`"),
        ("source L {session F} => I;", Code.SYNTAX, "expected `:`, found `F`"),
        ("handle A -> H;", Code.BAD_HANDLER, "the word `error` is missing behind `handle`"),
        ("handle error => H;", Code.BAD_HANDLER, "the node whose errors are handled is missing"),
        (
            "handle error A -> B => H;",
            Code.BAD_HANDLER,
            "an error handler stands for nodes, not for a path",
        ),
        ("constraint A:{c(user)};", Code.SYNTAX, "expected `session` or `program`, found `user`"),
        ("constraint A:{c;", Code.SYNTAX, "`{` is never closed"),
        ("constraint A:{};", Code.SYNTAX, "expected the name of a constraint, found `}`"),
        ("A = B@;", Code.SYNTAX, "`@` means nothing here"),
        ("A = \0\0;", Code.SYNTAX, "`U+0000U+0000` means nothing here"),
        ("Über = B;", Code.SYNTAX, "`Über` is no name"),
        ("A = B; /* the end", Code.SYNTAX, "a comment is never closed"),
        ("A (Literal['a] x) -> ();", Code.SYNTAX, "a string is never closed"),
    ],
)
def test_each_mistake_has_its_message(text, code, message):
    assert [(m.code, m.message) for m in mistakes(text)] == [(code, message)]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("sorce L => I;", "did you mean `source`?"),
        ("handel error A -> H;", "did you mean `handle`?"),
        ("source L {F} => I;", "a session is written `{session: SessionFunction}`"),
        ("A:{cache};", "a constraint is written `constraint A:{…}`"),
        ("A (void) -> ();", "write `()` for a node without any"),
    ],
)
def test_common_slips_get_help(text, advice):
    assert [m.help for m in mistakes(text)] == [advice]


def test_a_missing_semicolon_is_missing_at_the_end_of_its_line():
    (mistake,) = mistakes("Write (int a)\n  -> (int b) // the end\n\nsource L => I;")
    assert str(mistake.primary.span) == "program.flux:2:13"


def test_a_repaired_statement_means_what_it_should():
    program, found = read("A = B\nsource L = I;\nC = D => E;")
    assert len(found) == 3
    assert [type(s) for s in program.statements] == [FlowDecl, SourceDecl, FlowDecl]


def test_a_wrong_arrow_used_throughout_is_one_mistake():
    assert len(mistakes("A = B => C => D;")) == 1


def test_every_wrong_parameter_is_reported():
    assert len(mistakes("A (void, int x, char b[4]) -> (unsigned);")) == 3


def test_a_bad_statement_leaves_its_neighbours_alone():
    program, found = read("A = B;\nC = = D -> E;\nF = G;")
    assert len(found) == 1
    assert [type(s) for s in program.statements] == [FlowDecl, DamagedDecl, FlowDecl]


def test_a_damaged_statement_tells_what_it_seems_to_declare():
    program, _ = read("C = = D -> E;\ntypedef hit;\nsource S => ;\nsorce A => B;")
    assert [s.name for s in program.statements] == ["C", "hit", "S", None]
    assert program.statements[0].mentioned == {"C", "D", "E"}


def test_a_flow_cut_in_two_is_damaged_as_a_whole():
    program, _ = read("A = B; -> C;\nD = E;")
    assert [s.name for s in program.statements] == ["A", Name("D", NOWHERE)]
    assert program.statements[0].mentioned == {"A", "B", "C"}


def test_a_line_in_the_middle_of_a_statement_may_look_like_a_beginning():
    assert statements("A =\nsource\n-> typedef; typedef\nsource Test;")


def test_the_listing_of_the_paper_has_one_mistake():
    text = dedent("""\
        Write (int socket, char* data, int size)
          -> (int socket)
        source Listen => Image;
        Handler:[_, _, hit] = ;
        Handler:[_, _, _] =
        ReadInFromDisk -> Compress
        -> StoreInCache;
        handle error ReadInFromDisk -> FourOhFour;
        constraint CheckCache:{cache};
        """)
    assert [m.code for m in mistakes(text)] == [Code.MISSING_SEMICOLON]


@pytest.mark.parametrize("bracket", ["(", "[", "<", "{"])
def test_types_nested_too_deep_are_refused(bracket):
    assert [m.code for m in mistakes(f"A (int{bracket * 5000} x) -> ();")] == [Code.TOO_DEEP]


def test_chains_nested_too_deep_are_refused():
    text = f"A = {'(' * 5000}B{')' * 5000};"
    assert [m.code for m in mistakes(text)] == [Code.TOO_DEEP]


def test_chains_may_be_nested_two_hundred_deep():
    assert statements(f"A = {'(' * 200}B{')' * 200};")


def test_a_text_of_more_than_four_megabytes_is_not_read():
    program, found = read("x" * (MAX_CHARACTERS + 1))
    assert [m.code for m in found] == [Code.TOO_LARGE]
    assert program.statements == ()


@pytest.mark.parametrize("text", ["A = = ;\n" * 5000, "é;" * 5000, "A (void) -> ();" * 5000])
def test_rubbish_is_given_up_after_a_hundred_mistakes(text):
    found = mistakes(text)
    assert len(found) == MAX_MISTAKES + 1
    assert "the rest of the text is not read" in found[-1].message


@pytest.mark.parametrize("text", ["", "\n", "// nothing", "\ufeff"])
def test_an_empty_program_is_right(text):
    assert statements(text) == ()
