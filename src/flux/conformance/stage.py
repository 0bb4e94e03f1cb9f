"""The scripts of a behaviour, acted out by Python functions."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from types import SimpleNamespace
from typing import Any

from flux.conformance.behaviour import Event
from flux.conformance.script import (
    STOPPING,
    Action,
    Actions,
    Ends,
    Fails,
    Gives,
    Never,
    Opens,
    Scripts,
    Signals,
    Waits,
    Yields,
)
from flux.plan.model import Plan

MOMENT = 0.03
LONG_TIME = 15.0


class Broken(Exception):  # noqa: N818 - the error of a node that fails on purpose
    """What a node of a script raises."""


class Stage:
    """Acts out scripts, and records what happens."""

    def __init__(self, scripts: Scripts) -> None:
        self.events: list[Event] = []
        self._scripts = scripts
        self._calls = {name: count() for name in scripts}
        self._gates: dict[str, threading.Event] = {}

    def implementation(self, plan: Plan) -> SimpleNamespace:
        """An object with a method for each function that the program needs."""
        functions: dict[str, Callable[..., Any]] = {
            node.name: self._node(node.name, len(node.signature.outputs)) for node in plan.functions
        }
        offered = ("finish", "interrupt") if "finish" in self._scripts else ("interrupt",)
        for loop in plan.sources:
            if loop.opening is not None:
                vars(functions[loop.opening]).update(
                    dict.fromkeys(offered, self._gate(STOPPING).set)
                )
        functions |= {test.name: self._predicate(test.name) for test in plan.predicates}
        functions |= {each.name: self._node(each.name, 1) for each in plan.sessions}
        hooks = {"init", "shutdown"} & self._scripts.keys()
        return SimpleNamespace(**functions, **{name: self._hook(name) for name in hooks})

    def observe(self, kind: str, name: str, bearer: Any) -> Any:  # noqa: ANN401 - the runtime's seam
        """Record what is taken and given back."""
        if kind in {"node", "predicate", "session"}:
            return bearer
        acquire, release = bearer
        mark = "?" if kind.endswith("reader") else ""

        def acquire_seen(*session: object) -> None:
            acquire(*session)
            self.events.append(Event(None, f"+{name}{mark}{_listed(session)}"))

        def release_seen(*session: object) -> None:
            self.events.append(Event(None, f"-{name}{_listed(session)}"))
            release(*session)

        return acquire_seen, release_seen

    def close(self) -> None:
        """Let the actors go who still wait for something."""
        for gate in list(self._gates.values()):
            gate.set()

    def _gate(self, name: str) -> threading.Event:
        return self._gates.setdefault(name, threading.Event())

    def _hook(self, name: str) -> Callable[..., None]:
        def hook(*_args: object) -> None:
            self.events.append(Event(0, f"{name}()"))

        return hook

    def _predicate(self, name: str) -> Callable[..., bool]:
        def predicate(value: int) -> bool:
            return self._act(name, (value,), (0,)) == (1,)

        return predicate

    def _node(self, name: str, gives: int) -> Callable[..., Any]:
        def node(*inputs: int) -> Any:  # noqa: ANN401 - none, one, or a tuple of outputs
            outputs = self._act(name, inputs, inputs[:gives])
            return outputs[0] if gives == 1 else outputs or None

        return node

    def _act(self, name: str, inputs: Sequence[int], usual: Sequence[int]) -> tuple[int, ...]:
        actions = self._chosen(name, inputs)
        *before, result = actions if _ends_in_result(actions) else (*actions, Gives(*usual))
        self._record_call(name, inputs, failed=isinstance(result, Fails))
        for action in before:
            self._do(action, f"{name}{_listed(inputs)}")
        match result:
            case Gives(values=values):
                return values
            case Fails(text=text):
                raise Broken(text)
            case _:
                raise StopIteration

    def _chosen(self, name: str, inputs: Sequence[int]) -> tuple[Action, ...]:
        script = self._scripts.get(name, ())
        if isinstance(script, Mapping):
            return _actions(script.get(inputs[0], ()))
        if isinstance(script, list):
            number = next(self._calls[name])
            return _actions(script[number]) if number < len(script) else (Ends(),)
        return _actions(script)  # type: ignore[arg-type] # what is no list is one script

    def _record_call(self, name: str, inputs: Sequence[int], *, failed: bool) -> None:
        if inputs or failed:
            flow = inputs[0] if inputs else 0
            mark = "!" if failed else ""
            self.events.append(Event(flow, f"{name}({', '.join(map(str, inputs))}){mark}"))

    def _do(self, action: Action, actor: str) -> None:
        match action:
            case Opens(gate=gate):
                self._gate(gate).set()
            case Waits(gate=gate):
                if not self._gate(gate).wait(LONG_TIME):
                    raise Broken(f"{actor} waits in vain for {gate}")
            case Never(gate=gate):
                if self._gate(gate).wait(MOMENT):
                    self.events.append(Event(0, f"{actor} sees {gate} too early"))
            case Yields():
                time.sleep(0)
            case Signals(name=name):
                os.kill(os.getpid(), signal.Signals[f"SIG{name}"])


def _actions(script: Actions) -> tuple[Action, ...]:
    return script if isinstance(script, tuple) else (script,)


def _ends_in_result(actions: Sequence[Action]) -> bool:
    return bool(actions) and isinstance(actions[-1], Gives | Fails | Ends)


def _listed(values: Iterable[object]) -> str:
    text = ", ".join(map(str, values))
    return f"({text})" if text else ""
