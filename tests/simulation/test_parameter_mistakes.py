"""Mistakes in files of parameters, told with their places."""

import re

import pytest
from simulation.shop import SHOP_PLAN, changed, changed_text, read

from flux.simulation.changes.words import Words
from flux.simulation.errors import SimulationError
from flux.simulation.parameters import durations
from flux.simulation.parameters.template import template


def complaint(old, new):
    """What is told of the template with one line changed."""
    with pytest.raises(SimulationError) as told:
        changed(old, new)
    return str(told.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('Pack = {cpu = "1ms"', 'Pack = {cpu = "-1ms"', 'functions.Pack.cpu: "-1ms" is negative'),
        ('Pack = {cpu = "1ms"', "Pack = {cpu = 5", '5 is no time: write "5ms", say'),
        ('Pack = {cpu = "1ms"', 'Pack = {cpu = "5"', 'has no unit: write "5ms", say'),
        ('Pack = {cpu = "1ms"', 'Pack = {cpu = "1sec"', "unknown unit `sec`: known are ns"),
        ('Pack = {cpu = "1ms"', 'Pack = {cpu = "soon"', '"soon" is no time: write one such'),
        ('Pack = {cpu = "1ms"', "Pack = {cpu = true", 'true is no time: write "2ms"'),
        ('Pack = {cpu = "1ms", ', "Pack = {", "functions.Pack: its processor time is missing"),
        (
            'Pack = {cpu = "1ms"',
            'Pack = {cqu = "1ms"',
            "`cqu` is unknown: known are `cpu`, `io`, `errors`, `gil`",
        ),
        ("Pack = {", "Puck = {", "`Puck` is unknown: did you mean `Pack`?"),
        ("Pack = {", "Puck = {", "functions: `Pack` is missing: say [functions.Pack]"),
        ("Pack = {", "Listen = {}\nPack = {", "`Listen` only begins turns"),
        (
            '{cpu = "1ms"',
            '{cpu = {normal = "1ms"}',
            "`normal` is unknown: did you mean `lognormal`?",
        ),
        ('{cpu = "1ms"', "{cpu = {}", "a distribution has one name: choose one of constant"),
        ('{cpu = "1ms"', '{cpu = {lognormal = {mean = "1ms"}}', "lognormal: `cv` is missing"),
        (
            '{cpu = "1ms"',
            '{cpu = {erlang = {mean = "1ms", shape = 0}}',
            "0 is no whole number from 1 to",
        ),
        ('{cpu = "1ms"', '{cpu = {uniform = {low = "2ms", high = "1ms"}}', "`low` is above `high`"),
        (
            '{cpu = "1ms"',
            "{cpu = {hyperexponential = {means = [], weights = []}}",
            "lists of the same length",
        ),
        (
            '{cpu = "1ms"',
            "{cpu = {measured = {bounds = [0, 1], counts = [1, 2]}}",
            "one number more than",
        ),
        ('{cpu = "1ms"', "{cpu = {measured = {bounds = [2, 1], counts = [1]}}", "they don't rise"),
        (
            '{cpu = "1ms"',
            "{cpu = {measured = {bounds = [0, 1], counts = [0]}}",
            "all of them are 0",
        ),
        ('{cpu = "1ms"', '{cpu = {lognormal = "1ms"}', '"1ms" is no table'),
        ("errors = 0.0", "errors = 1.5", "1.5 is out of bounds: it has to be between 0 and 1"),
        ("errors = 0.0", "errors = nan", "nan is no number"),
        ("errors = 0.0", "errors = inf", "inf is out of bounds"),
        ("errors = 0.0", "errors = -0.1", "-0.1 is out of bounds"),
        ('"[big]" = 1.0', '"[big]" = 0.9', "cases.Buy: the probabilities add up to 0.9: make"),
        ('"[big]" = 1.0', '"[bug]" = 1.0', "`[bug]` is unknown: did you mean `[big]`?"),
        ("[cases.Buy]", "[cases.Bye]", "`Bye` is unknown: known are `Buy`"),
        ("[cases.Buy]", "[cases.Bye]", "cases: `Buy` is missing: say [cases.Buy]"),
        ("[sources.Tick]\nrate = 10.0", "", "sources: `Tick` is missing: say [sources.Tick]"),
        ("rate = 10.0", "", "sources.Listen: say when flows come, by one of rate, between"),
        ("rate = 10.0", "rate = 10\nclients = 3", "say when flows come, by one of"),
        ("rate = 10.0", "rate = -1", "-1 is out of bounds: it has to be between 1e-09 and 1e+09"),
        ("rate = 10.0", "rate = 1e-320", "1e-320 is out of bounds"),
        ("rate = 10.0", "rate = false", "false is no number"),
        ("errors = 0.0", f"errors = {'9' * 400}", "999... is out of bounds"),
        ('{cpu = "1ms"', f'{{cpu = "{"9" * 400}s"', "999... is too long: the most is"),
        ('{cpu = "1ms"', f"{{cpu = {'9' * 400}", 'is no time: write "2ms", say'),
        ('{cpu = "1ms"', '{cpu = {uniform = {low = "3ms"}}', "uniform: `high` is missing"),
        ("rate = 10.0", 'rate = 10\nthink = "1s"', "only clients think"),
        ("rate = 10.0", "clients = 3\nburst = 2", "bursts need `rate` or `between`"),
        ("rate = 10.0", 'between = "0s"', "all flows would come at once"),
        ("rate = 10.0", "recorded = []", "list the seconds between flows"),
        ("rate = 10.0", "rate = 1\npaths = {99 = 1}", "no path has this number: those of `Listen`"),
        ("rate = 10.0", "rate = 1\npaths = {0 = 0}", "no path is ever taken"),
        ("rate = 10.0", "rate = 1\npaths = {1 = 1}", "no flow takes this path: its turn fails"),
        ("rate = 10.0", "rate = 1\npaths = {}", "it is empty: list paths by number"),
        ("sessions = 100", "", "`sessions` is missing: `cart` is a constraint of sessions"),
        ("sessions = 100", "sessions = 0", "0 is no whole number from 1 to"),
        ("processors = 2", "processors = 0", "0 is no whole number from 1 to"),
        ('runtime = "pool"', 'runtime = "pol"', '"pol" is unknown: did you mean `pool`?'),
        ('runtime = "pool"', 'runtime = "event"', 'the runtime "event" has no use for it'),
        ("threads = 8", "", "a pool needs its number of `threads`"),
        ('"hold"', '"lifo"', '"lifo" is unknown: did you mean `fifo`?'),
        ("gil = false", "gil = 0", "0 is neither true nor false"),
        ("Pack = {", "Pack = {gil = 2, ", "2 is neither true nor false, nor a part such as 0.25"),
        ("Pack = {", "Pack = {gil = nan, ", "nan is neither true nor false, nor a part such as"),
        ("[machine]", "[machine]\nspeed = 3", "`speed` is unknown: known are"),
        ("[machine]", "[hardware]", "`hardware` is unknown: known are `sessions`, `machine`"),
        ("[machine]", "machine = 3\n[x]", "machine: 3 is no table"),
    ],
)
def test_mistake_is_told_with_its_place_and_a_remedy(old, new, expected):
    told = complaint(old, new)
    assert expected in told
    assert "shop.toml" in told


def test_a_list_of_what_is_known_says_how_much_it_leaves_out():
    assert durations.listed(["a"] * 16) == ", ".join(["a"] * 16)
    told = complaint("[machine]", "[machine]\nspeed = 3")
    assert told.endswith("`gil`, `overhead`, `overhead_gil`")
    with pytest.raises(SimulationError, match=r"there are a, a, .*, a, and 1 more$"):
        Words("?").known("node", "speed", ["a"] * 17)


def test_mistake_is_told_with_its_line():
    text = changed_text('Pack = {cpu = "1ms"', 'Pack = {cpu = "-1ms"')
    line = text[: text.index("Pack = {cpu")].count("\n") + 1
    with pytest.raises(SimulationError, match=f"^shop.toml:{line}: functions.Pack.cpu: "):
        read(text)


def test_all_mistakes_are_told_in_the_order_of_the_lines():
    text = changed_text('Pack = {cpu = "1ms"', 'Pack = {cpu = "1"').replace(
        "threads = 8", "threads = 0"
    )
    with pytest.raises(SimulationError) as told:
        read(text)
    assert re.sub(r":\d+:", ":", str(told.value)).splitlines() == [
        "shop.toml: machine.threads: 0 is no whole number from 1 to 1,000,000",
        'shop.toml: functions.Pack.cpu: "1" has no unit: write "1ms", say',
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rate = 10.0", "rate = -1"),
        ('runtime = "pool"', 'runtime = "pol"'),
        ('{cpu = "1ms"', '{cpu = {uniform = {low = "3ms"}}'),
    ],
)
def test_one_mistake_is_told_once(old, new):
    text = template(SHOP_PLAN)
    with pytest.raises(SimulationError) as told:
        read(text.replace(old, new, 1))
    assert len(str(told.value).splitlines()) == 1


def test_a_table_that_stands_twice_is_named_as_it_is_written():
    with pytest.raises(SimulationError, match=r'cannot declare `cases."a b"` twice'):
        read('[cases."a b"]\n[cases."a b"]\n')


def test_no_flow_at_all_is_a_mistake():
    text = template(SHOP_PLAN).replace("rate = 10.0", "rate = 0")
    with pytest.raises(SimulationError, match="no flow would ever come"):
        read(text)


@pytest.mark.parametrize("text", ["= 3", "a = [", "[x", 'a = "', "a = 1\na = 2", "\x00"])
def test_what_is_no_toml_is_told_with_its_place(text):
    with pytest.raises(SimulationError, match=r"^shop.toml:[0-9:]+: this is no TOML: "):
        read(text)


def test_hostile_numbers_and_nesting_end_in_no_traceback():
    for text in (f"sessions = {'9' * 5000}", f"sessions = {'[' * 5000}", f"sessions = {'9' * 999}"):
        with pytest.raises(SimulationError):
            read(text)


def test_path_numbers_of_any_length_are_refused():
    for number in ("9" * 5000, "0" * 5000, "-1", "x", "²"):
        with pytest.raises(SimulationError, match="no path has this number"):
            changed("rate = 10.0", f'rate = 1\npaths = {{"{number}" = 1}}')
