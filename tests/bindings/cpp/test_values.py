import pytest


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("int& n", "a reference cannot be made to refer to something else"),
        ("Picture&& n", "a reference cannot be made to refer to something else"),
        ("const int n", "nothing can be assigned to what is `const`"),
        ("char* const n", "nothing can be assigned to what is `const`"),
        ("list[int] n", "a type in square brackets is none of C++"),
        ("std::mutex n", "its values cannot be moved"),
        ("void n", "there are no values of type `void`"),
    ],
)
def test_some_types_cannot_be_given(implemented, given, why):
    program = f"source Start => Work; Start () -> ({given}); Work ({given}) -> ();"
    [found] = implemented("DEFINE(Start, Work)", program).bind().diagnostics
    assert (found.code, found.primary.text) == ("bad-output-type", why)


@pytest.mark.parametrize("given", ["const char* n", "std::mutex* n", "std::unique_ptr<int> n"])
def test_others_can(implemented, given):
    program = f"source Start => Work; Start () -> ({given}); Work ({given}) -> ();"
    assert implemented("DEFINE(Start, Work)", program).bind().diagnostics == ()


MOVED = """
source Start{session} => Outer;
Start () -> (std::unique_ptr<int> p, int n);
Outer = Inner;
Inner:[{pattern}, _] = Work;
Inner:[_, _] = Work;
Work (std::unique_ptr<int> p, int n) -> ();
Sorry (std::unique_ptr<int> p, int n) -> ();
typedef big IsBig;
{handler}
"""


def test_what_can_only_be_moved_may_flow(implemented):
    program = MOVED.format(session="", pattern="_", handler="")
    assert "move-only-input" not in codes(implemented("DEFINE(Start, Work)", program))


@pytest.mark.parametrize("node", ["Work", "Inner", "Outer"])
def test_what_can_only_be_moved_is_not_kept_for_a_handler(implemented, node):
    program = MOVED.format(session="", pattern="_", handler=f"handle error {node} -> Sorry;")
    found = implemented("DEFINE(Start, Work, Sorry)", program).bind().diagnostics
    messages = [each.message for each in found if each.code == "move-only-input"]
    assert messages == [f"`std::unique_ptr<int> p` cannot be copied for the handler of `{node}`"]


def test_predicates_and_session_functions_are_asked_about_copies(implemented):
    program = MOVED.format(session=" {session: ById}", pattern="big", handler="")
    found = implemented("DEFINE(Start, Work, IsBig, ById)", program).bind().diagnostics
    assert [each.message for each in found if each.code == "move-only-input"] == [
        "`std::unique_ptr<int> p` cannot be copied for the session function `ById`",
        "`std::unique_ptr<int> p` cannot be copied for the predicate `IsBig`",
    ]


def codes(server):
    return [diagnostic.code for diagnostic in server.bind().diagnostics]
