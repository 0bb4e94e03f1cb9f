"""Nodes one after the other (language.md, section 2: nodes, edges)."""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import Gives

CHAINS = (
    Behaviour(
        "the nodes of a chain run in their order, each with what the one before it gave",
        """
        Listen () -> (int n);
        Ask (int n) -> (int n, int question);
        Think (int n, int question) -> (int n, int answer);
        Tell (int n, int answer) -> ();
        Serve = Ask -> Think -> Tell;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)], "Ask": Gives(1, 6), "Think": Gives(1, 42)},
        flows={1: "Ask(1) Think(1, 6) Tell(1, 42)"},
    ),
    Behaviour(
        "edges match by position, whatever the names",
        """
        Listen () -> (int n, int left, int right);
        Work (int n, int right, int left) -> ();
        source Listen => Work;
        """,
        {"Listen": [Gives(1, 2, 3)]},
        flows={1: "Work(1, 2, 3)"},
    ),
    Behaviour(
        "each success of a source starts a flow of its own",
        """
        Listen () -> (int n);
        Work (int n) -> ();
        source Listen => Work;
        """,
        {"Listen": [Gives(1), Gives(2), Gives(3)]},
        counts=Counts(finished=3),
        flows={1: "Work(1)", 2: "Work(2)", 3: "Work(3)"},
    ),
    Behaviour(
        "statements come in any order, with comments and either arrow",
        """
        source Listen => Serve; # the flow is further down
        Serve = Ask->Tell;
        /* nodes, at
           last */
        Tell (int n) => (); Ask (int n) -> (int n);
        Listen () => (int n); // the end
        """,
        {"Listen": [Gives(1)]},
        flows={1: "Ask(1) Tell(1)"},
    ),
    Behaviour(
        "a concrete node can be a target",
        """
        Listen () -> (int n);
        Work (int n) -> (int n);
        source Listen => Work;
        """,
        {"Listen": [Gives(1)]},
        flows={1: "Work(1)"},
    ),
    Behaviour(
        "what a target gives at its end is dropped",
        """
        Listen () -> (int n);
        Ask (int n) -> (int n, int more);
        Serve = Ask;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)], "Ask": Gives(1, 2)},
        flows={1: "Ask(1)"},
    ),
    Behaviour(
        "an abstract node declared without outputs drops what its flow gives",
        """
        Listen () -> (int n);
        Ask (int n) -> (int n);
        Quiet (int n) -> ();
        Quiet = Ask;
        Close () -> (int n);
        Tell (int n) -> ();
        Serve = Quiet -> Close -> Tell;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)], "Close": Gives(1)},
        flows={1: "Ask(1) Tell(1)"},
    ),
    Behaviour(
        "an abstract node without cases runs inside another flow",
        """
        Listen () -> (int n);
        A (int n) -> (int n);
        B (int n) -> (int n);
        C (int n) -> ();
        Inner = A -> B;
        Outer = Inner -> C;
        source Listen => Outer;
        """,
        {"Listen": [Gives(1)]},
        flows={1: "A(1) B(1) C(1)"},
    ),
    Behaviour(
        "a node can be used twice on a path",
        """
        Listen () -> (int n, int x);
        Double (int n, int x) -> (int n, int x);
        Serve = Double -> Double;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1, 2)], "Double": [Gives(1, 4), Gives(1, 8)]},
        flows={1: "Double(1, 2) Double(1, 4)"},
    ),
    Behaviour(
        "an abstract node can be used twice on a path",
        """
        Listen () -> (int n);
        A (int n) -> (int n);
        B (int n) -> (int n);
        Twice = A -> B;
        Serve = Twice -> A -> Twice;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)]},
        flows={1: "A(1) B(1) A(1) A(1) B(1)"},
    ),
    Behaviour(
        "parentheses mean the same as an abstract node",
        """
        Listen () -> (int n);
        A (int n) -> (int n);
        B (int n) -> (int n);
        C (int n) -> (int n);
        Serve = A -> (B -> C) -> A;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)]},
        flows={1: "A(1) B(1) C(1) A(1)"},
    ),
    Behaviour(
        "nodes need no data",
        """
        Tick () -> ();
        Tock () -> ();
        source Tick => Tock;
        """,
        {"Tick": [Gives(), Gives()]},
        counts=Counts(finished=2),
        flows={},
    ),
    Behaviour(
        "names that are keywords elsewhere are names",
        """
        source source => handle;
        source () -> (int typedef);
        handle (int typedef) -> (int constraint);
        """,
        {"source": [Gives(1)]},
        flows={1: "handle(1)"},
    ),
    Behaviour(
        "names that generated code might want for itself are names",
        """
        nodes () -> (int flow, int error);
        flow (int path, int None) -> (int constraints, int session);
        error (int flow, int lambda) -> (int values, int self);
        typedef program values;
        Exception:[program, _] = flow -> error;
        Exception:[_, program] = error -> flow;
        Source = Exception -> flow;
        source nodes {session: session} => Source;
        constraint flow:{flow, nodes(session)};
        constraint Source:{acquire_flow?};
        """,
        {"nodes": [Gives(1, 2)], "values": {2: Gives(1)}},
        order="session(1, 2) +acquire_flow? values(1) values(2) error(1, 2) "
        "+flow +nodes(1) flow(1, 2) -nodes(1) -flow "
        "+flow +nodes(1) flow(1, 2) -nodes(1) -flow -acquire_flow",
    ),
)
