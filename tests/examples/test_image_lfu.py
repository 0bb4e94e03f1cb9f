"""The cache gives up what is used least often, and keeps its bound."""

import image_modules
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

BOUND = 10
KEYS = "abcdef"
keys = st.sampled_from(KEYS)


class AgainstAModel(RuleBasedStateMachine):
    """The cache beside a plain list that is searched for the least used at every eviction."""

    modules = image_modules.PYTHON

    def __init__(self):
        super().__init__()
        self.cache = self.modules.LeastFrequentlyUsed(BOUND)
        self.model = {}  # key -> [frequency, time of last use, value, weight]
        self.time = 0

    @rule(key=keys, value=st.integers(-(2**63), 2**63 - 1), weight=st.integers(0, BOUND + 2))
    def put(self, key, value, weight):
        self.time += 1
        self.cache.put(key, value, weight)
        self.model.pop(key, None)
        if weight <= BOUND:
            while sum(entry[3] for entry in self.model.values()) + weight > BOUND:
                del self.model[min(self.model, key=lambda key: self.model[key][:2])]
            self.model[key] = [1, self.time, value, weight]

    @rule(key=keys)
    def get(self, key):
        self.time += 1
        entry = self.model.get(key)
        if entry is not None:
            entry[:2] = [entry[0] + 1, self.time]
        assert self.cache.get(key) == (entry and entry[2])

    @rule(key=keys)
    def discard(self, key):
        self.cache.discard(key)
        self.model.pop(key, None)

    @invariant()
    def holds_as_much(self):
        assert len(self.cache) == len(self.model)
        assert self.cache.weight == sum(entry[3] for entry in self.model.values()) <= BOUND

    def teardown(self):
        assert [self.cache.get(key) for key in KEYS] == [
            self.model.get(key, [None] * 3)[2] for key in KEYS
        ]


class PythonAgainstAModel(AgainstAModel):
    """The cache in Python, with a look inside."""

    @invariant()
    def holds_the_same(self):
        held = {key: entry.value for key, entry in self.cache._entries.items()}
        assert held == {key: entry[2] for key, entry in self.model.items()}

    @invariant()
    def frequencies_rise_and_no_rank_is_empty(self):
        ranks, rank = [], self.cache._ends.higher
        while rank is not self.cache._ends:
            ranks.append(rank)
            rank = rank.higher
        assert [rank.frequency for rank in ranks] == sorted({rank.frequency for rank in ranks})
        assert all(rank.keys for rank in ranks)


class CppAgainstAModel(AgainstAModel):
    """The cache in C++, from outside."""

    modules = image_modules.CPP


TestPythonAgainstAModel = PythonAgainstAModel.TestCase
TestCppAgainstAModel = pytest.mark.usefixtures("compiled")(CppAgainstAModel.TestCase)


def test_the_least_often_used_goes_first(modules):
    cache = modules.LeastFrequentlyUsed(2)
    cache.put("often", 1, 1)
    cache.put("once", 2, 1)
    cache.get("often")
    cache.put("new", 3, 1)
    assert (cache.get("often"), cache.get("once"), cache.get("new")) == (1, None, 3)


def test_of_two_used_as_often_the_least_recent_goes(modules):
    cache = modules.LeastFrequentlyUsed(2)
    cache.put("a", 1, 1)
    cache.put("b", 2, 1)
    cache.get("b")
    cache.get("a")
    cache.put("c", 3, 1)
    assert (cache.get("a"), cache.get("b")) == (1, None)


def test_a_heavy_newcomer_drives_out_as_many_as_it_needs(modules):
    cache = modules.LeastFrequentlyUsed(3)
    cache.put("a", 1, 1)
    cache.put("b", 2, 1)
    cache.put("c", 3, 1)
    cache.get("c")
    cache.put("d", 4, 2)
    assert (len(cache), cache.weight, cache.get("c"), cache.get("d")) == (2, 3, 3, 4)


def test_what_is_heavier_than_the_bound_is_not_kept_and_drives_out_nothing(modules):
    cache = modules.LeastFrequentlyUsed(2)
    cache.put("a", 1, 2)
    cache.put("b", 2, 3)
    assert (cache.get("a"), cache.get("b")) == (1, None)
