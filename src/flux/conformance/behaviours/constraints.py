"""What is taken and given back, and in which order (language.md, section 3)."""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import Fails, Gives

CHAIN = """
    Listen () -> (int n);
    A (int n) -> (int n);
    B (int n) -> (int n);
    C (int n) -> (int n);
    source Listen => Outer;
"""

CONSTRAINTS = (
    Behaviour(
        "a node holds its constraint while it runs",
        CHAIN + "Outer = A -> B -> C; constraint B:{x};",
        {"Listen": [Gives(1)]},
        order="A(1) +x B(1) -x C(1)",
    ),
    Behaviour(
        "constraints are taken in the order of their names and given back in reverse",
        CHAIN + "Outer = A; constraint A:{c, a}; constraint A:{b};",
        {"Listen": [Gives(1)]},
        order="+a +b +c A(1) -c -b -a",
    ),
    Behaviour(
        "names are compared by their bytes",
        CHAIN + "Outer = A; constraint A:{_, a, Z, a1, B};",
        {"Listen": [Gives(1)]},
        order="+B +Z +_ +a +a1 A(1) -a1 -a -_ -Z -B",
    ),
    Behaviour(
        "constraints are given back in reverse also on failure",
        CHAIN + "Outer = A -> B; constraint Outer:{a}; constraint B:{b, c};",
        {"Listen": [Gives(1)], "B": Fails()},
        counts=Counts(failed=1),
        order="+a A(1) +b +c B(1)! -c -b -a",
    ),
    Behaviour(
        "program constraints are taken before session constraints",
        """
        Accept () -> (int n);
        Work (int n) -> ();
        source Accept {session: ById} => Work;
        constraint Work:{a(session), z, b?(session), y?(program)};
        """,
        {"Accept": [Gives(1)], "ById": Gives(7)},
        order="ById(1) +y? +z +a(7) +b?(7) Work(1) -b(7) -a(7) -z -y",
    ),
    Behaviour(
        "an abstract node holds its constraints over its whole flow",
        CHAIN + "Outer = A -> Inner -> C; Inner = B -> B; constraint Inner:{x};",
        {"Listen": [Gives(1)]},
        order="A(1) +x B(1) B(1) -x C(1)",
    ),
    Behaviour(
        "an abstract node holds its constraints over its predicates",
        CHAIN + "typedef odd IsOdd; Outer:[odd] = A; Outer:[_] = B; constraint Outer:{x};",
        {"Listen": [Gives(2)]},
        order="+x IsOdd(2) B(2) -x",
    ),
    Behaviour(
        "constraints of an abstract node hold when no case matches",
        CHAIN + "typedef odd IsOdd; Outer:[odd] = A; constraint Outer:{x};",
        {"Listen": [Gives(2)]},
        counts=Counts(failed=1),
        order="+x IsOdd(2) -x",
    ),
    Behaviour(
        "an empty case is held, too",
        CHAIN + "Outer = Inner -> A; Inner:[_] = ; Inner (int n) -> (int n);constraint Inner:{x};",
        {"Listen": [Gives(1)]},
        order="+x -x A(1)",
    ),
    Behaviour(
        "a constraint that is held is not taken again, nor given back early",
        CHAIN + "Outer = A -> Inner -> C; Inner = B;"
        "constraint Outer:{x}; constraint Inner:{x}; constraint B:{x};",
        {"Listen": [Gives(1)]},
        order="+x A(1) B(1) C(1) -x",
    ),
    Behaviour(
        "a node within gives back only what it took itself",
        CHAIN + "Outer = A -> B -> C; constraint Outer:{a}; constraint B:{a, b};",
        {"Listen": [Gives(1)]},
        order="+a A(1) +b B(1) -b C(1) -a",
    ),
    Behaviour(
        "a node takes early what is needed within it and stands before its own",
        CHAIN + "Outer = A -> B; constraint Outer:{b}; constraint B:{a};",
        {"Listen": [Gives(1)]},
        order="+a +b A(1) B(1) -b -a",
    ),
    Behaviour(
        "what stands behind a node's own constraints is taken where it is needed",
        CHAIN + "Outer = A -> B; constraint Outer:{a}; constraint B:{b};",
        {"Listen": [Gives(1)]},
        order="+a A(1) +b B(1) -b -a",
    ),
    Behaviour(
        "the outermost node takes early, past nodes without constraints",
        CHAIN + "Outer = Middle; Middle = Inner; Inner = A -> B;"
        "constraint Outer:{c}; constraint Inner:{b, d}; constraint B:{a};",
        {"Listen": [Gives(1)]},
        order="+a +b +c +d A(1) B(1) -d -c -b -a",
    ),
    Behaviour(
        "a case that isn't taken counts for early acquisition",
        CHAIN + "typedef odd IsOdd; Inner:[odd] = A; Inner:[_] = B; Outer = Inner -> C;"
        "constraint Outer:{b}; constraint A:{a};",
        {"Listen": [Gives(2)]},
        order="+a +b IsOdd(2) B(2) C(2) -b -a",
    ),
    Behaviour(
        "handlers of nodes within count for early acquisition",
        CHAIN + "Outer = A; handle error A -> H; H (int n) -> ();"
        "constraint Outer:{b}; constraint H:{a};",
        {"Listen": [Gives(1)]},
        order="+a +b A(1) -b -a",
    ),
    Behaviour(
        "a node's own handler doesn't count for its early acquisition",
        CHAIN + "Outer = A; handle error Outer -> H; H (int n) -> ();"
        "constraint Outer:{b}; constraint H:{a};",
        {"Listen": [Gives(1)], "A": Fails()},
        counts=Counts(handled=1),
        order="+b A(1)! -b +a H(1) -a",
    ),
    Behaviour(
        "a shared node takes at each use what isn't held there",
        CHAIN + "Outer = A -> Held; Held = A -> B; constraint Held:{x}; constraint A:{x, y};",
        {"Listen": [Gives(1)]},
        order="+x +y A(1) -y -x +x +y A(1) -y B(1) -x",
    ),
    Behaviour(
        "a reader takes its constraint as a reader",
        CHAIN + "Outer = A -> B; constraint A:{x?}; constraint B:{x!};",
        {"Listen": [Gives(1)]},
        order="+x? A(1) -x +x B(1) -x",
    ),
    Behaviour(
        "a reader becomes a writer where a node within it writes",
        CHAIN + "Outer = A -> B; constraint Outer:{x?}; constraint B:{x};",
        {"Listen": [Gives(1)]},
        order="+x A(1) B(1) -x",
    ),
    Behaviour(
        "a reader within a writer takes nothing more",
        CHAIN + "Outer = A -> B; constraint Outer:{x}; constraint B:{x?};",
        {"Listen": [Gives(1)]},
        order="+x A(1) B(1) -x",
    ),
    Behaviour(
        "what is taken early is taken as a reader if nothing within writes",
        CHAIN + "Outer = A -> B; constraint Outer:{b}; constraint A:{a?}; constraint B:{a?};",
        {"Listen": [Gives(1)]},
        order="+a? +b A(1) B(1) -b -a",
    ),
    Behaviour(
        "several statements about one node add up, as a writer if one says so",
        CHAIN + "Outer = A; atomic A:{x?, y?}; constraint A:{y};",
        {"Listen": [Gives(1)]},
        order="+x? +y A(1) -y -x",
    ),
    Behaviour(
        "parentheses take nothing",
        CHAIN + "Outer = (A -> B) -> C; constraint A:{x}; constraint C:{y};",
        {"Listen": [Gives(1)]},
        order="+x A(1) -x B(1) +y C(1) -y",
    ),
    Behaviour(
        "a failed turn has given its constraints back before the next one begins",
        CHAIN + "Outer = A; constraint Listen:{door};",
        {"Listen": [Fails(), Fails()]},
        counts=Counts(dropped=2),
        order="+door Listen()! -door +door Listen()! -door +door -door",
    ),
    Behaviour(
        "a turn takes early what its nodes need",
        """
        Accept () -> (int n);
        Check (int n) -> (int n);
        Listen = Accept -> Check;
        Work (int n) -> ();
        source Listen => Work;
        constraint Listen:{b};
        constraint Accept:{c};
        constraint Check:{a?, b};
        """,
        {"Accept": [Fails()]},
        counts=Counts(dropped=1),
        order="+a? +b +c Accept()! -c -b -a +a? +b +c -c -b -a",
    ),
    Behaviour(
        "a source's handler runs when the turn's constraints have been given back",
        CHAIN + "Outer = A; Sorry () -> (); handle error Listen -> Sorry;"
        "constraint Listen:{door}; constraint Sorry:{book};",
        {"Listen": [Fails()], "Sorry": Fails("never mind")},
        counts=Counts(dropped=1),
        order="+door Listen()! -door +book Sorry()! -book +door -door",
    ),
    Behaviour(
        "a turn gives its constraints back before the session function",
        """
        Accept () -> (int n);
        Check (int n) -> (int n);
        Listen = Accept -> Check;
        Work (int n) -> ();
        source Listen {session: ById} => Work;
        constraint Listen:{door};
        constraint Accept:{key};
        """,
        {"Accept": [Gives(1)], "ById": Fails()},
        counts=Counts(dropped=1),
        order="+door +key -key Check(1) -door ById(1)! +door +key -key -door",
    ),
)
