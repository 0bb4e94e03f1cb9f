"""The script of a behaviour as C++ data: a flat table of cues, as stage.hpp describes them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields

from flux.conformance.script import Action, Actions, Gives, Script, Scripts


def cues(scripts: Scripts) -> Iterator[str]:
    """An expression for each cue, in the order in which the actions are taken."""
    for node, script in scripts.items():
        yield from _cues_of(json.dumps(node), script)


def _cues_of(node: str, script: Script) -> Iterator[str]:
    match script:
        case Mapping():
            for flow, actions in script.items():
                yield from _each(f"in_flow({node}, {flow}, ", actions)
        case list():
            for call, actions in enumerate(script):
                yield from _each(f"on_call({node}, {call}, ", actions)
            yield f"stage::after_calls({node}, {len(script)})"
        case _:
            yield from _each(f"always({node}, ", script)  # type: ignore[arg-type] # one script


def _each(beginning: str, actions: Actions) -> Iterator[str]:
    for action in actions if isinstance(actions, tuple) else (actions,):
        yield f"stage::{beginning}{_expression(action)})"


def _expression(action: Action) -> str:
    """A call of the function that is named after the action."""
    match action:
        case Gives(values=values):
            arguments = [str(value) for value in values]
        case _:
            arguments = [json.dumps(getattr(action, each.name)) for each in fields(action)]
    return f"stage::{type(action).__name__.lower()}({', '.join(arguments)})"
