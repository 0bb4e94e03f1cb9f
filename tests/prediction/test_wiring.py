"""What predicts, together with what makes models and what runs them."""

from pathlib import Path

import msgspec
import pytest
from measured.image import SECOND, image_profile

from flux.driver import compile_program
from flux.profile.histogram import EMPTY
from flux.profile.model import Served
from flux.simulation.arithmetic import mean_time
from flux.simulation.prediction import wiring
from flux.simulation.prediction.alternatives import ranking
from flux.simulation.prediction.replications import Effort, predicted
from flux.simulation.prediction.running import runner
from flux.simulation.prediction.settings import Setting
from flux.simulation.prediction.sweeps import under
from flux.source import SourceFile

IMAGE = Path(__file__).parents[2] / "examples/image/image.flux"
FEW = Effort(runs=2, flows=300)


@pytest.fixture(scope="module")
def compilation():
    return compile_program(SourceFile("image.flux", IMAGE.read_text(encoding="utf-8")))


@pytest.fixture
def run(monkeypatch):
    """The engine in Python: nothing is compiled."""
    monkeypatch.setenv("CXX", "/nonexistent")
    with runner(wiring.engine(), 1) as runs:
        yield runs


@pytest.fixture
def by_hand(compilation):
    return wiring.by_hand(wiring.template(compilation.plan), compilation.plan, "image.toml")


def test_a_template_can_be_simulated(by_hand, run):
    found = predicted(by_hand, run, FEW)
    assert found.latency("mean").value > 0
    assert found.model.program == "image.flux"


def test_wrong_parameters_are_troubles(compilation):
    with pytest.raises(wiring.troubles()):
        wiring.by_hand("[sources]\nwrong = 1\n", compilation.plan, "image.toml")


def test_a_profile_can_be_simulated_with_all_that_it_leaves_open(compilation, run):
    profile = image_profile(fingerprint=None)
    subject = wiring.measured([profile], compilation.plan, ["image.profile.json"], None)
    assert subject.variant(1) == subject.variant(1) != subject.variant(2)
    assert subject.doubts
    calm = under(subject, Setting(rate=50.0))
    assert predicted(calm, run, FEW).latency("mean").value > 0


def test_processor_times_are_those_of_the_load(compilation):
    low, busy = (
        image_profile(fingerprint=None, elapsed=34 * SECOND),
        image_profile(fingerprint=None, elapsed=10 * SECOND, cpu=14 * SECOND),
    )
    again = msgspec.structs.replace(low, began=1_764_416_400.0)
    subject = wiring.measured([low, again, busy], compilation.plan, ["1", "2", "3"], None)
    calm, full = (under(subject, Setting(cpus=2, rate=rate)) for rate in (50.0, 5000.0))
    assert mean_time(calm.middle.machine.overhead) == pytest.approx(
        mean_time(calm.model.machine.overhead)
    )
    assert mean_time(full.middle.functions[0].cpu) == pytest.approx(
        mean_time(full.model.functions[0].cpu) * 14 / 17
    )
    assert full.variant(1) != full.variant(2)


def test_one_profile_is_not_that_of_two_starts(compilation):
    profile = image_profile(fingerprint=None)
    with pytest.raises(wiring.troubles(), match=r"b.json is the same profile as a.json: give one"):
        wiring.measured([profile, profile], compilation.plan, ["a.json", "b.json"], None)


def without(profile, name, calls=None):
    """A profile that lacks a function, or has so many calls of it."""
    nodes = [
        each if each.node != name else msgspec.structs.replace(each, calls=calls)
        for each in profile.nodes
        if each.node != name or calls is not None
    ]
    return msgspec.structs.replace(profile, nodes=tuple(nodes))


@pytest.mark.parametrize("calls", [None, 0])
def test_a_function_that_flows_went_through_is_not_free(compilation, calls):
    damaged = without(image_profile(fingerprint=None), "Compress", calls)
    with pytest.raises(wiring.troubles(), match=r"a.json is damaged, .* flows went through `Comp"):
        wiring.measured([damaged], compilation.plan, ["a.json"], None)


@pytest.mark.parametrize("cpu", [17, 28])
def test_a_damaged_profile_is_found_among_others(compilation, cpu):
    """Whether it is at the lowest load, from which times come, or at another."""
    good = image_profile(fingerprint=None, elapsed=20 * SECOND)
    bad = without(image_profile(fingerprint=None, elapsed=20 * SECOND, cpu=cpu * SECOND), "Write")
    with pytest.raises(wiring.troubles(), match=r"^b.json is damaged, .* through `Write`"):
        wiring.measured([good, bad], compilation.plan, ["a.json", "b.json"], None)


def test_an_empty_profile_is_found_among_others(compilation):
    good = image_profile(fingerprint=None)
    empty = image_profile(fingerprint=None, paths=())
    with pytest.raises(wiring.troubles(), match=r"^b.json is empty"):
        wiring.measured([good, empty], compilation.plan, ["a.json", "b.json"], None)


def test_functions_of_paths_that_were_never_timed_need_no_calls(compilation):
    profile = without(image_profile(fingerprint=None), "Compress")
    paths = [
        msgspec.structs.replace(each, wall=EMPTY) if "Compress" in each.name else each
        for each in profile.paths
    ]
    shared = msgspec.structs.replace(profile, paths=tuple(paths), timed=6_400)
    assert wiring.measured([shared], compilation.plan, ["a.json"], None).model.functions


def test_pythons_lock_is_no_matter_of_servers_in_cpp():
    profile = image_profile(server=Served("cpp", "thread", 2, 1))
    wiring.check_lock(["threads=4"], [profile], ["a.json"])
    told = r"'Compress.gil=0.5': a.json is of a server in C\+\+, .*: leave it away"
    with pytest.raises(wiring.troubles(), match=told):
        wiring.check_lock(["threads=4, Compress.gil=0.5"], [profile], ["a.json"])


def test_pythons_lock_may_be_changed_for_servers_in_python():
    profile = image_profile(server=Served("python", "thread", 2, 1))
    wiring.check_lock(["Compress.gil=0.5"], [profile], ["a.json"])


def test_changes_of_constraints_can_be_ranked(compilation, by_hand, run):
    finer = wiring.finer(by_hand.model, compilation.program, compilation.plan)
    found = ranking(by_hand, run, FEW, finer.changes)
    names = {gain.alternative.name for gain in found.gains}
    assert "no cache" in names
    assert all("becomes" in gain.alternative.edit for gain in found.gains)


def test_a_change_that_names_nothing_is_a_trouble(compilation, by_hand):
    with pytest.raises(wiring.troubles(), match="Compres"):
        wiring.edited(by_hand.model, ["Compres*0.5"], compilation.program)
