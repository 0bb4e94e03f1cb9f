"""The Plan as JSON: a versioned contract with back ends, profilers and the simulator.

`docs/plan.md` describes the format. The fingerprint is a hash of everything that decides what
the program does; names of files and the statements' texts don't count, so moving or formatting
a program leaves it alone.
"""

import json
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

from flux.graph.model import Parameter
from flux.plan.model import Plan, Step

FORMAT = "flux-plan"
VERSION = 1


def as_dict(plan: Plan) -> dict[str, Any]:
    """The Plan as JSON values."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "fingerprint": fingerprint(plan),
        "program": plan.name,
        **{field.name: _value(getattr(plan, field.name)) for field in fields(plan)[1:]},
    }


def as_json(plan: Plan) -> str:
    """The Plan as JSON text."""
    return f"{json.dumps(as_dict(plan), indent=1)}\n"


def fingerprint(plan: Plan) -> str:
    """`sha256:` and a hash of what the program does."""
    facts = {field.name: _value(getattr(plan, field.name)) for field in fields(plan)[1:]}
    text = json.dumps(_without_text(facts), sort_keys=True, separators=(",", ":"))
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def _value(value: Any) -> Any:  # noqa: ANN401 - any part of the Plan
    match value:
        case Parameter():
            return {"type": str(value.type), "name": value.name}
        case tuple():
            return [_value(item) for item in value]
        case _ if is_dataclass(value):
            kind = {"step": type(value).__name__.lower()} if isinstance(value, Step) else {}
            named = {field.name: _value(getattr(value, field.name)) for field in fields(value)}
            return kind | named
        case _:
            return value


def _without_text(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case dict():
            return {k: _without_text(v) for k, v in value.items() if k != "text"}
        case list():
            return [_without_text(item) for item in value]
        case _:
            return value
