"""What the web server's cache keeps, and what it gives up."""

from hypothesis import given
from hypothesis import strategies as st

from second_chance import SecondChance


def cache_of(*entries, bound):
    cache = SecondChance(bound)
    for key, weight in entries:
        cache.put(key, key.upper(), weight)
    return cache


def kept(cache, keys):
    return {key for key in keys if cache.get(key) is not None}


def test_what_is_kept_is_found():
    assert cache_of(("a", 1), bound=1).get("a") == "A"


def test_what_came_first_goes_first():
    assert kept(cache_of(("a", 1), ("b", 1), ("c", 1), bound=2), "abc") == {"b", "c"}


def test_what_was_used_has_a_second_chance():
    cache = cache_of(("a", 1), ("b", 1), bound=2)
    cache.get("a")
    cache.put("c", "C", 1)
    assert kept(cache, "abc") == {"a", "c"}


def test_a_second_chance_is_no_third_one():
    cache = cache_of(("a", 1), ("b", 1), bound=2)
    cache.get("a")
    for key in "cde":
        cache.put(key, key, 1)
    assert kept(cache, "acde") == {"d", "e"}


def test_what_is_too_heavy_is_not_kept_and_drives_nothing_out():
    cache = cache_of(("a", 1), ("b", 3), bound=2)
    assert kept(cache, "ab") == {"a"}


def test_a_new_value_takes_the_place_of_the_old_one():
    cache = cache_of(("a", 2), bound=2)
    cache.put("a", "new", 1)
    assert (cache.get("a"), cache.weight) == ("new", 1)


def test_a_new_value_that_is_too_heavy_leaves_nothing():
    cache = cache_of(("a", 2), bound=2)
    cache.put("a", "new", 3)
    assert (cache.get("a"), cache.weight) == (None, 0)


steps = st.tuples(st.sampled_from("abcdef"), st.none() | st.integers(0, 5))


@given(st.integers(0, 8), st.lists(steps, max_size=30))
def test_it_never_weighs_more_than_its_bound_nor_gives_a_wrong_value(bound, taken):
    cache = SecondChance(bound)
    last = {}
    for number, (key, weight) in enumerate(taken):
        if weight is None:
            assert cache.get(key) in {None, last.get(key)}
        else:
            cache.put(key, number, weight)
            last[key] = number
        assert 0 <= cache.weight <= bound
