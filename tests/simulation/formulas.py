"""Closed forms of queueing theory: means of times that flows are inside."""

from math import exp, factorial

from flux.simulation.times import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Uniform,
)


def moments(time):  # noqa: PLR0911 - one for each kind
    """The mean of a time, and that of its square."""
    match time:
        case Constant(value):
            return value, value**2
        case Exponential(mean):
            return mean, 2 * mean**2
        case Uniform(low, high):
            return (low + high) / 2, (low**2 + low * high + high**2) / 3
        case Erlang(mean, shape):
            return mean, mean**2 * (1 + 1 / shape)
        case Lognormal(mean, cv):
            return mean, mean**2 * (1 + cv**2)
        case Hyperexponential(means, weights):
            parts = [
                (weight / sum(weights), mean) for weight, mean in zip(weights, means, strict=True)
            ]
            return sum(p * m for p, m in parts), sum(2 * p * m**2 for p, m in parts)
        case Empirical(bounds, counts):
            parts = [
                (count / sum(counts), moments(Uniform(low, high)))
                for low, high, count in zip(bounds, bounds[1:], counts, strict=False)
            ]
            return sum(p * m for p, (m, _) in parts), sum(p * s for p, (_, s) in parts)


def pollaczek_khinchine(rate, time):
    """M/G/1."""
    mean, square = moments(time)
    return mean + rate * square / (2 * (1 - rate * mean))


def erlang_c(rate, mean, servers):
    """M/M/c."""
    load = rate * mean
    last = load**servers / factorial(servers) * servers / (servers - load)
    waits = last / (sum(load**n / factorial(n) for n in range(servers)) + last)
    return mean + waits * mean / (servers - load)


def limited(rate, mean, servers, places):
    """M/M/c/K: the share that is lost, and the mean time of the others."""
    weight, weights = 1.0, [1.0]
    for number in range(1, places + 1):
        weight *= rate * mean / min(number, servers)
        weights.append(weight)
    chances = [each / sum(weights) for each in weights]
    inside = sum(number * chance for number, chance in enumerate(chances))
    return chances[-1], inside / (rate * (1 - chances[-1]))


def mean_values(clients, think, services):
    """Exact mean value analysis of a closed network with stations in turn: the time through it."""
    lengths = [0.0] * len(services)
    for number in range(1, clients + 1):
        times = [mean * (1 + length) for mean, length in zip(services, lengths, strict=True)]
        throughput = number / (think + sum(times))
        lengths = [throughput * time for time in times]
    return sum(times)


def in_turn(rate, mean, servers):
    """E_c/M/1: one of several queues, each of which gets every c-th flow; the root by iteration."""
    root = 0.5
    for _ in range(1000):
        root = (rate / (rate + (1 - root) / mean)) ** servers
    return mean / (1 - root)


def in_bursts(rate, mean, burst):
    """M^[b]/M/1."""
    return mean / (1 - rate * mean) * (burst + 1) / 2


def with_setup(rate, time, setup):
    """M/G/1 whose server takes a time to begin when it was idle."""
    return pollaczek_khinchine(rate, time) + (2 * setup + rate * setup**2) / (
        2 * (1 + rate * setup)
    )


def occupied(rate, mean):
    """M/G/infinity: the share of the time in which anybody is inside."""
    return 1 - exp(-rate * mean)
