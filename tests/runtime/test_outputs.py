import pytest

from flux.runtime import BadOutput
from flux.runtime.outputs import checked, returns_only


def pair(left, right):
    return left, right


def pair_either_way(left, right):
    if left:
        return right, left
    return left, right


def constant_pair():
    return 1, 2


def sometimes_pair(left, right):
    if left:
        return left, right
    return None


def conditional(left, right):
    return (left, right) if left else right


def pair_or_value(left, right):
    return left and (left, right)


def pair_by_name(left, right):
    both = left, right
    assert both
    return both


def pair_after_cleanup(left, right, guard):
    with guard:
        return left, right


def list_of_two():
    return [1, 2]


def triple():
    return 1, 2, 3


def nothing():
    pass


def nothing_either_way(argument):
    if argument:
        return
    argument.append(1)


def something():
    return 1


def pairs():
    yield 1, 2


async def later():
    return 1, 2


class Methods:
    def pair(self):
        return self, self

    @staticmethod
    def static():
        return 1, 2


class Callable:
    def __call__(self):
        return 1, 2


@pytest.mark.parametrize(
    "function",
    [pair, pair_either_way, constant_pair, Methods().pair, Methods.static, lambda a, b: (a, b)],
)
def test_function_that_provably_returns_a_pair_is_handed_out_as_it_is(function):
    assert checked("Node", 2, function) is function


@pytest.mark.parametrize("function", [nothing, nothing_either_way])
def test_function_that_provably_returns_nothing_is_handed_out_as_it_is(function):
    assert checked("Node", 0, function) is function


@pytest.mark.parametrize(
    "function",
    [
        sometimes_pair,
        conditional,
        pair_or_value,
        pair_by_name,
        pair_after_cleanup,
        list_of_two,
        triple,
        nothing,
        pairs,
        later,
        Callable(),
        divmod,
    ],
)
def test_what_the_bytecode_does_not_prove_is_checked(function):
    assert not returns_only(2, function)


@pytest.mark.parametrize("function", [something, pair, print, pairs])
def test_no_output_is_proved_only_by_returning_none(function):
    assert not returns_only(0, function)


def test_one_output_may_be_anything():
    assert checked("Node", 1, triple) is triple


def test_checked_pair_is_handed_on():
    assert checked("Node", 2, pair_by_name)(1, 2) == (1, 2)


def test_checked_none_is_handed_on():
    assert checked("Node", 0, [].append)(1) is None


@pytest.mark.parametrize(
    ("gives", "function", "message"),
    [
        (2, list_of_two, "`Node` must return a tuple of 2, not a value of type list"),
        (2, triple, "`Node` must return a tuple of 2, not a tuple of 3"),
        (2, nothing, "`Node` must return a tuple of 2, not None"),
        (0, something, "`Node` must return None, not a value of type int"),
    ],
)
def test_other_outputs_are_a_failure_of_the_node(gives, function, message):
    with pytest.raises(BadOutput, match=f"^{message}$"):
        checked("Node", gives, function)()
