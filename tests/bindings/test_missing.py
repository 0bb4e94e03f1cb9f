import pytest

RIGHT = """
def listen(): ...
def read(conn): ...
def reply(conn, data): ...
"""


def test_right_functions_are_passed_in_silence(complaints):
    assert complaints(RIGHT) == []


def test_missing_functions_are_named_at_once(complaints):
    assert complaints("") == [
        "missing-function: `server.py` has no function for the node `Listen`",
        "missing-function: `server.py` has no function for the node `Read`",
        "missing-function: `server.py` has no function for the node `Reply`",
    ]


def test_missing_function_is_shown_at_its_signature(implemented):
    first, *_ = implemented("").check()
    assert (first.primary.span.text, first.primary.span.line) == ("Listen", 4)


def test_help_says_what_to_write(implemented):
    *_, last = implemented("").check()
    assert last.help == "write `def reply(conn, data)`"


def test_nearest_function_is_suggested(implemented):
    [found] = implemented(RIGHT.replace("reply", "repyl")).check()
    assert found.help == "did you mean `repyl`?"


def test_function_that_bears_another_node_is_not_suggested(implemented):
    program = """
    source Read1 => Read2;
    Read1 () -> (int n);
    Read2 (int n) -> ();
    """
    [found] = implemented("def read1(): ...", program).check()
    assert found.help == "write `def read2(n)`"


def test_exact_name_is_found_too(complaints):
    assert complaints(RIGHT.replace("reply", "Reply")) == []


def test_data_cannot_bear_a_node(implemented):
    [found] = implemented(RIGHT.replace("def listen(): ...", "listen = 5")).check()
    assert found.message == "`server.py` has no function for the node `Listen`"
    assert [label.text for label in found.others] == ["cannot be called"]


def test_exact_name_that_is_data_gives_way_to_the_fallback(complaints):
    assert complaints(RIGHT + "Listen = 5\n") == []


@pytest.mark.parametrize(
    "binding",
    [
        "listen = object().listen",
        "listen = make()",
        "listen: object = make()",
        "listen = other = make()",
        "class listen: pass",
        "for listen in make(): pass",
        "with make() as listen: pass",
        "if make():\n    listen = make()\nelse:\n    def listen(): ...",
        "try:\n    from fast import listen\nexcept ImportError:\n    def listen(): ...",
        "def init(args):\n    global listen\n    listen = make()",
        "@decorated\ndef listen(a, b): ...",
        "(listen := make())",
    ],
)
def test_what_only_running_would_show_is_believed(complaints, binding):
    assert complaints(RIGHT.replace("def listen(): ...", binding)) == []


@pytest.mark.parametrize("way", ["def __getattr__(name): ...", "globals().update(make())"])
def test_nothing_is_missing_where_names_appear_when_it_runs(complaints, way):
    assert complaints(way) == []


def test_deleted_function_is_missing(complaints):
    assert len(complaints(RIGHT + "del listen")) == 1


def test_only_what_a_source_reaches_is_needed(complaints):
    program = """
    source Start => Flow;
    Start () -> ();
    Flow () -> ();
    Unused () -> ();
    typedef unused IsUnused;
    """
    assert complaints("def start(): ...\ndef flow(): ...", program) == []


def test_predicates_sessions_and_handlers_are_needed(complaints):
    program = """
    source Start {session: ByNumber} => Flow;
    Start () -> (int n);
    Flow:[even] = Work;
    Flow:[_] = Work;
    typedef even IsEven;
    Work (int n) -> ();
    handle error Flow -> Complain;
    Complain (int n) -> ();
    """
    assert complaints("def start(): ...\ndef work(n): ...", program) == [
        "missing-function: `server.py` has no function for the session function `ByNumber`",
        "missing-function: `server.py` has no function for the predicate `IsEven`",
        "missing-function: `server.py` has no function for the node `Complain`",
    ]
