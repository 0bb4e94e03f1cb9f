"""A small program, and its file of parameters as a template has it, with a line changed."""

from flux.driver import compile_program
from flux.simulation.parameters.reading import read_parameters
from flux.simulation.parameters.template import template
from flux.source import SourceFile

SHOP = """
    source Listen {session: ById} => Buy;
    source Tick => Sweep;
    constraint Buy:{cart(session)};
    typedef big IsBig;
    Buy:[big] = Pack -> Send;
    Listen () -> (int n);
    Pack (int n) -> (int n);
    Send (int n) -> ();
    Tick () -> ();
    Sweep () -> ();
"""


def plan_of(text, name="shop.flux"):
    plan = compile_program(SourceFile(name, text)).plan
    assert plan is not None
    return plan


SHOP_PLAN = plan_of(SHOP)


def read(text, plan=SHOP_PLAN):
    return read_parameters(text, plan, "shop.toml")


def changed(old, new):
    """The model of the template with one line changed."""
    return read(changed_text(old, new))


def changed_text(old, new):
    text = template(SHOP_PLAN)
    assert text.count(old) >= 1
    return text.replace(old, new, 1)
