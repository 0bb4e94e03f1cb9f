"""The Plan as JSON: a versioned contract with back ends, profilers and the simulator.

`docs/plan.md` describes the format. The fingerprint is a hash of everything that decides what
the program does; names of files and the statements' texts don't count, so moving or formatting
a program leaves it alone.
"""

import json
from dataclasses import fields
from hashlib import sha256
from typing import Any

from flux.graph.model import Parameter
from flux.plan.model import Plan, Step

FORMAT = "flux-plan"
VERSION = 1


def as_dict(plan: Plan) -> dict[str, Any]:
    """The Plan as JSON values."""
    facts = _facts(plan)
    return {
        "format": FORMAT,
        "version": VERSION,
        "fingerprint": _hash(facts),
        "program": plan.name,
        **facts,
    }


def as_json(plan: Plan) -> str:
    """The Plan as JSON text."""
    return f"{json.dumps(as_dict(plan), indent=1)}\n"


def fingerprint(plan: Plan) -> str:
    """`sha256:` and a hash of what the program does."""
    return _hash(_facts(plan))


def _facts(plan: Plan) -> dict[str, Any]:
    """All but the program's name."""
    return {field.name: _value(getattr(plan, field.name)) for field in fields(plan)[1:]}


def _hash(facts: dict[str, Any]) -> str:
    text = json.dumps(_without_text(facts), sort_keys=True, separators=(",", ":"))
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def _value(value: Any) -> Any:  # noqa: ANN401 - any part of the Plan
    match value:
        case None | str() | int():
            return value
        case tuple():
            return [_value(item) for item in value]
        case Parameter():
            return {"type": str(value.type), "name": value.name}
        case _:
            kind = {"step": type(value).__name__.lower()} if isinstance(value, Step) else {}
            return kind | {name: _value(getattr(value, name)) for name in value.__slots__}


def _without_text(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case dict():
            return {k: _without_text(v) for k, v in value.items() if k != "text"}
        case list():
            return [_without_text(item) for item in value]
        case _:
            return value
