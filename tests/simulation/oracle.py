"""The same programs in SimPy, an independent simulator, by the same chances.

A constraint is a store of so many entries that any number of readers fits: a reader takes one, a
writer all of them, and those who wait stand in line. Processors are a resource; who waits for a
constraint gives his back. Chances are drawn where the theory says so, so that even single flows
take the same time, but for rounding.
"""

import math
import random

import simpy

from flux.simulation.engines.draws import choose

READERS = 10**6


class Oracle:
    """One source without memory, up to two routes, processors with a queue."""

    def __init__(self, model, seed):
        (self.source,) = model.sources
        self.model = model
        self.draw = random.Random(seed).random
        self.environment = simpy.Environment()
        self.processors = simpy.Resource(self.environment, model.machine.processors)
        self.constraints = [
            simpy.Container(self.environment, READERS, READERS) for _ in model.constraints
        ]
        self.times = []

    def run(self, flows):
        """The times of so many flows, in the order in which they end."""
        self.environment.process(self.arrivals())
        while len(self.times) < flows:
            self.environment.step()
        return self.times

    def arrivals(self):
        gap = self.exponential(self.source.arrivals.between)
        while True:
            yield self.environment.timeout(gap)
            gap = self.exponential(self.source.arrivals.between)
            self.environment.process(self.flow(self.route()))

    def route(self):
        routes = self.source.routes
        if len(routes) == 1:
            return routes[0]
        first = routes[0].weight
        return routes[choose([first, first + routes[1].weight], self.draw)]

    def exponential(self, time):
        return -math.log(1 - self.draw()) * time.mean

    def flow(self, route):
        arrived = self.environment.now
        processor = self.processors.request()
        yield processor
        for step in route.steps:
            match type(step).__name__:
                case "Run":
                    cpu = self.model.functions[step.function].cpu
                    yield self.environment.timeout(self.exponential(cpu))
                case "Take":
                    taken = self.constraints[step.constraint].get(share(step))
                    if not taken.triggered:
                        self.processors.release(processor)
                        yield taken
                        processor = self.processors.request()
                        yield processor
                case "Give":
                    self.constraints[step.constraint].put(share(step))
        self.processors.release(processor)
        self.times.append(self.environment.now - arrived)


def share(step):
    return 1 if step.mode == "reader" else READERS
