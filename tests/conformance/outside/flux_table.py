"""The target `table`: programs whose routines are tables, interpreted step by step."""

import json
from contextlib import ExitStack
from pathlib import PurePath

from flux.backends import Artifact
from flux.plan.contract import as_dict
from flux.runtime import Program, Source


class TableBackend:
    """Generates a module that holds the Plan, and nothing else."""

    name = "table"

    def generate(self, plan):
        main = f"{PurePath(plan.name).stem}_table.py"
        text = f"import flux_table\n\nprogram = flux_table.Table({json.dumps(as_dict(plan))!r})\n"
        return Artifact(main, {main: text})


class Table:
    """A Plan and the functions that it names."""

    def __init__(self, plan):
        self.plan = json.loads(plan)
        self.routines = {routine["id"]: routine for routine in self.plan["routines"]}

    def __call__(self, nodes, constraints):
        """Bind the program to an implementation and to the constraints of a runtime."""
        gives = {each["name"]: len(each["signature"]["outputs"]) for each in self.plan["functions"]}
        self.functions = {name: nodes.function(name, number) for name, number in gives.items()}
        self.predicates = {p["name"]: nodes.predicate(p["name"]) for p in self.plan["predicates"]}
        self.sessions = {s["name"]: nodes.session(s["name"]) for s in self.plan["sessions"]}
        self.locks = {key(take): lock(constraints, take) for take in self.plan["constraints"]}
        self.openings = {}
        sources = []
        for loop in self.plan["sources"]:
            opening = loop["opening"] and nodes.opening(loop["opening"], gives[loop["opening"]])
            turn, flow = self.runner(loop["turn"]), self.runner(loop["flow"])
            sources.append(Source(loop["source"], turn, len(loop["outputs"]), opening, flow))
            self.openings[loop["source"]] = opening
        return Program(*sources)

    def runner(self, name):
        routine = self.routines[name]

        def run(flow, *values):
            values = self.block(routine, routine["body"], flow, values)
            outputs = values[: len(routine["outputs"])]
            return outputs[0] if len(outputs) == 1 else outputs or None

        return run

    def block(self, routine, steps, flow, values):
        """Values go from step to step by position."""
        for step in steps:
            values = getattr(self, step["step"])(routine, step, flow, values)
        return values

    def call(self, _routine, step, flow, values):
        outputs = self.function(step["node"], step, flow)(*values)
        return (outputs,) if len(step["outputs"]) == 1 else outputs or ()

    def function(self, node, step, flow):
        if step["routine"]:
            return lambda *values: self.runner(step["routine"])(flow, *values)
        return self.openings[step["opens"]] if step.get("opens") else self.functions[node]

    def hold(self, routine, step, flow, values):
        with ExitStack() as held:
            for take in step["takes"]:
                acquire, release = self.locks[key(take)]
                session = (flow.session,) * (take["scope"] == "session")
                acquire(*session)
                held.callback(release, *session)
            return self.block(routine, step["body"], flow, values)

    def handle(self, routine, step, flow, values):
        try:
            return self.block(routine, step["body"], flow, values)
        except Exception as error:
            raise flow.handle(error, self.function(step["handler"], step, flow), *values) from error

    def dispatch(self, routine, step, flow, values):
        named = dict(zip(routine["inputs"], values, strict=True))
        for branch in step["branches"]:
            if all(self.predicates[t["function"]](named[t["input"]]) for t in branch["tests"]):
                return self.block(routine, branch["body"], flow, values)
        raise flow.no_match(step["node"])

    def session(self, _routine, step, flow, values):
        flow.session = self.sessions[step["function"]](*values)
        return values


def key(take):
    return take["constraint"], take["mode"]


def lock(constraints, take):
    kind = f"session_{take['mode']}" if take["scope"] == "session" else take["mode"]
    return getattr(constraints, kind)(take["constraint"])
