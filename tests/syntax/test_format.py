"""`flux fmt`: the paper's form, with nothing lost."""

from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from syntax.strategies import programs

from flux.source import SourceFile
from flux.syntax.format import format_program
from flux.syntax.parse import parse
from flux.syntax.tokens import Kind


def read(text):
    return parse(SourceFile("program.flux", text))[0]


def format_text(text):
    return format_program(read(text))


def comments(program):
    return [t.text.rstrip() for t in program.tokens if t.kind is Kind.COMMENT]


@given(programs)
@example("Listen () -> (Listen ((. . .)) listen);")
@settings(max_examples=400, deadline=None)
def test_a_formatted_program_says_the_same(text):
    assert read(format_text(text)) == read(text)


@given(programs)
@settings(max_examples=400, deadline=None)
def test_formatting_twice_changes_nothing_more(text):
    once = format_text(text)
    assert format_text(once) == once


@given(programs)
@settings(max_examples=200, deadline=None)
def test_comments_are_kept_in_order(text):
    assert comments(read(format_text(text))) == comments(read(text))


@pytest.mark.parametrize(
    ("text", "formatted"),
    [
        ("Read(int  socket)=>(char *data , A b);", "Read (int socket) -> (char* data, A b);"),
        ("A (std :: pair< int ,char * >x)->();", "A (std::pair<int, char*> x) -> ();"),
        ("A (dict [str,list[int]] d)->( );", "A (dict[str, list[int]] d) -> ();"),
        ("A (const char * const p) -> ();", "A (const char* const p) -> ();"),
        ("A (function<void (int)> f) -> (T &&t);", "A (function<void(int)> f) -> (T&& t);"),
        ("A (unsigned ::size_t n) -> ();", "A (unsigned ::size_t n) -> ();"),
        ("A (int | None x) -> ();", "A (int | None x) -> ();"),
        ("source  Listen{session:ByUser}->Image ;", "source Listen {session: ByUser} => Image;"),
        ("Image=Read->( A->B )->Write;", "Image = Read -> (A -> B) -> Write;"),
        ("Handler : [*,_ ,hit]=;", "Handler:[_, _, hit] = ;"),
        ("typedef   hit\nTestInCache;", "typedef hit TestInCache;"),
        ("handle error A,B=>C;", "handle error A, B -> C;"),
        ("atomic atomic : { a ?,b!( session ) };", "constraint atomic:{a?, b!(session)};"),
    ],
)
def test_each_kind_of_statement_gets_the_form_of_the_paper(text, formatted):
    assert format_text(text) == formatted + "\n"


def test_a_long_signature_is_broken_before_its_arrow():
    text = f"Compress (int socket, char* {'r' * 40}) -> (int socket, char* {'j' * 40});"
    assert format_text(text) == dedent(f"""\
        Compress (int socket, char* {"r" * 40})
          -> (int socket, char* {"j" * 40});
        """)


def test_a_long_list_of_parameters_is_filled():
    text = f"Compress (int {'a' * 60}, int {'b' * 60}, int c) -> (int socket);"
    assert format_text(text) == dedent(f"""\
        Compress (int {"a" * 60},
            int {"b" * 60}, int c)
          -> (int socket);
        """)


def test_a_long_flow_begins_on_the_next_line_and_is_filled():
    text = f"Image = {'A' * 40} -> {'B' * 40} -> {'C' * 40} -> D;"
    assert format_text(text) == dedent(f"""\
        Image =
          {"A" * 40} -> {"B" * 40}
          -> {"C" * 40} -> D;
        """)


def test_comments_stay_where_they_are():
    text = dedent("""\
        // The server.



        Read (int socket, // the client
              /* its */ int size)
          # what it said
          -> (char* data);   # from the network
        /* one */ A = B; /* two
           lines */ C = D;
        // the end""")
    assert format_text(text) == dedent("""\
        // The server.

        Read (int socket, // the client
            /* its */ int size)
            # what it said
          -> (char* data); # from the network
        /* one */
        A = B; /* two
           lines */
        C = D;
        // the end
        """)


@pytest.mark.parametrize("text", ["A = ;;", "A = #", "A = B", "A = é;", "A (int) -> ();"])
def test_a_program_with_syntax_errors_is_not_formatted(text):
    with pytest.raises(ValueError, match="syntax errors"):
        format_text(text)
