from flux.runtime.workers.restarts import MOST, Restarts


def test_the_first_death_costs_no_time_and_each_further_one_more():
    restarts = Restarts()
    delays = [restarts.delay(served=0.0) for _ in range(MOST)]
    assert delays[:4] == [0.0, 0.1, 0.2, 0.4]
    assert max(delays) == 2.0


def test_it_is_not_restarted_for_ever():
    restarts = Restarts()
    assert [restarts.delay(served=0.0) is None for _ in range(MOST + 1)] == [False] * MOST + [True]


def test_who_has_served_for_long_may_die_as_often_as_it_likes():
    restarts = Restarts()
    assert {restarts.delay(served=10.0) for _ in range(2 * MOST)} == {0.0}


def test_long_service_makes_the_next_delays_short_again():
    restarts = Restarts()
    for _ in range(MOST):
        restarts.delay(served=0.0)
    assert [restarts.delay(served=10.0), restarts.delay(served=0.0)] == [0.0, 0.1]
