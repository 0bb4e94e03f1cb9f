from itertools import islice

import pytest
from hypothesis import assume, given, settings
from properties.programs import programs

from flux.driver import compile_program
from flux.plan.model import Dispatch, walk
from flux.simulation.errors import SimulationError
from flux.simulation.model import Give, Run, Take
from flux.simulation.routes.chances import Chances, case_name, likely_paths
from flux.simulation.routes.events import Called, held
from flux.simulation.routes.paths import Paths
from flux.simulation.routes.steps import Routes, of_flow
from flux.source import SourceFile

FEW = settings(max_examples=25, deadline=None)
MOST = 2000

IMAGE = """
    source Listen => Image;
    Image = Read -> Check -> Handler -> Write;
    typedef hit InCache;
    Handler:[hit] = ;
    Handler:[_] = Compress -> Store;
    handle error Handler -> Sorry;
    constraint Check:{cache?};
    constraint Handler:{cache};
    constraint Compress:{zip};
    Listen () -> (int n);
    Read (int n) -> (int n);
    Check (int n) -> (int n);
    Compress (int n) -> (int n);
    Store (int n) -> (int n);
    Write (int n) -> ();
    Sorry (int n) -> ();
"""

TURN = """
    source Listen {session: ById} => Work;
    Listen = Accept -> Read;
    constraint Listen:{door};
    constraint Accept:{knob};
    constraint Work:{cart(session)};
    Accept () -> (int n);
    Read (int n) -> (int n);
    Work (int n) -> ();
"""


CHAIN = """
    source Listen => Serve;
    Serve = {chain} -> End;
    typedef odd IsOdd;
    Step:[odd] = ;
    Step:[_] = Work;
    Listen () -> (int n);
    Work (int n) -> (int n);
    End (int n) -> ();
"""


def plan_of(text):
    plan = compile_program(SourceFile("program.flux", text)).plan
    assert plan is not None
    return plan


def written(routes, route):
    """A route's steps as words."""
    words = []
    for step in route.steps:
        match step:
            case Run(function=n):
                words.append(routes.functions[n])
            case Take(constraint=n, mode=mode):
                words.append(f"+{routes.constraints[n].name}{'?' if mode == 'reader' else ''}")
            case Give(constraint=n, mode=mode):
                words.append(f"-{routes.constraints[n].name}{'?' if mode == 'reader' else ''}")
    return " ".join(words)


def likely(text, cases=None, errors=None):
    routes = Routes(plan_of(text))
    found = routes.likely("Listen", Chances(cases or {}, errors or {}))
    return {written(routes, route): route for route in found}


def test_only_possible_routes_are_found():
    found = likely(IMAGE, {"Handler": {"[hit]": 0.75, "[_]": 0.25}})
    assert {steps: route.weight for steps, route in found.items()} == {
        "Read +cache? Check -cache? +cache InCache -cache Write": 0.75,
        "Read +cache? Check -cache? +cache InCache +zip Compress -zip Store -cache Write": 0.25,
    }


def test_constraints_are_given_back_in_reverse_before_a_handler_runs():
    found = likely(IMAGE, {"Handler": {"[_]": 1}}, {"Compress": 1})
    steps = "Read +cache? Check -cache? +cache InCache +zip Compress -zip -cache Sorry"
    assert list(found) == [steps]
    assert found[steps].outcome == "handled"


def test_failure_of_a_handler_is_the_flows():
    routes = Routes(plan_of(IMAGE))
    chances = Chances({"Handler": {"[_]": 1}}, {"Compress": 1, "Sorry": 0.5})
    outcomes = [(each.outcome, each.weight) for each in routes.likely("Listen", chances)]
    assert outcomes == [("handled", 0.5), ("failed", 0.5)]


def test_error_of_a_predicate_ends_the_tests():
    found = likely(IMAGE, {"Handler": {"[hit]": 0.5, "[_]": 0.5}}, {"InCache": 0.1})
    failing = found["Read +cache? Check -cache? +cache InCache -cache Sorry"]
    assert failing.weight == pytest.approx(0.1)
    assert sum(route.weight for route in found.values()) == pytest.approx(1)


def test_flow_begins_when_its_opening_has_given_something():
    (steps,) = likely(TURN)
    assert steps == "+door Read -door ById +cart Work -cart"


def test_route_remembers_its_path():
    (route,) = likely(TURN).values()
    assert (route.path, route.name) == (0, "Accept -> Read -> Work")


def test_too_many_routes_are_an_error_with_a_remedy():
    text = CHAIN.format(chain=" -> ".join(["Step"] * 20))
    with pytest.raises(SimulationError, match="more than 100,000 paths: set the error rates"):
        likely(text, {"Step": {"[odd]": 0.5, "[_]": 0.5}})


def test_program_with_too_many_ways_is_an_error():
    text = CHAIN.format(chain=" -> ".join(["Step"] * 300))
    with pytest.raises(SimulationError, match="too many or too long"):
        likely(text, {"Step": {"[odd]": 1}})


def test_impossible_ways_cost_nothing_however_many_they_are():
    text = CHAIN.format(chain=" -> ".join(["Step"] * 200))
    (steps,) = likely(text, {"Step": {"[odd]": 1}})
    assert steps.count("IsOdd") == 200


def everything(plan):
    """Chances by which all paths are possible."""
    cases = {}
    for routine in plan.routines:
        for step in walk(routine.body):
            if isinstance(step, Dispatch):
                names = [case_name(branch) for branch in step.branches]
                names += ["no match"] if step.no_match is not None else []
                cases[step.node] = dict.fromkeys(names, 1 / len(names))
    functions = (*plan.functions, *plan.predicates, *plan.sessions)
    return Chances(cases, {each.name: 0.1 for each in functions})


@FEW
@given(programs)
def test_probabilities_of_paths_add_up_to_one(text):
    plan = plan_of(text)
    assume(max(loop.ways.total for loop in plan.sources) <= MOST)
    for loop in plan.sources:
        found = list(likely_paths(plan, loop.source, everything(plan)))
        assert sum(chance for _, chance in found) == pytest.approx(1)


@FEW
@given(programs)
def test_all_paths_are_found_but_those_on_which_no_flow_begins(text):
    plan = plan_of(text)
    assume(max(loop.ways.total for loop in plan.sources) <= MOST)
    paths = Paths(plan)
    for loop in plan.sources:
        found = sorted(number for number, _ in likely_paths(plan, loop.source, everything(plan)))
        ways = ((n, paths.way(loop.source, n).events) for n in range(loop.ways.total))
        assert found == [n for n, events in ways if events_begin(events)]


def events_begin(events):
    """Whether the opening gives something."""
    return Called("opening", next(iter(openings(events)), ""), failed=True) not in events


def openings(events):
    return (e.name for e in events if isinstance(e, Called) and e.kind == "opening")


@FEW
@given(programs)
def test_every_route_gives_back_what_it_takes(text):
    plan = plan_of(text)
    paths = Paths(plan)
    for loop in plan.sources:
        for number in islice(range(loop.ways.total), 200):
            assert held(of_flow(paths.way(loop.source, number).events)) == []
