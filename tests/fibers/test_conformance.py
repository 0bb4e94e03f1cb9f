import pytest


@pytest.mark.timeout(400)
def test_every_behaviour_is_the_same_on_fibers(flux):
    done = flux("fibers", "--children", "-m", "flux.conformance", "--runtime", "event")
    assert done.returncode == 0, done.stdout + done.stderr
