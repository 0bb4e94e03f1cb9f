"""What is predicted beside what happens: the simulator against real servers.

Run `python benchmarks/reality.py`; with `--write`, the results beside it are renewed, and with
`--quick` there is one seed, and a few seconds at two utilisations.

The image server is asked over HTTP, and a synthetic server computes for as long as a schedule says,
partly under a lock (`observing/lock`); in C++ on all runtimes, in Python on the pool. Of each, four
starts are profiled before each seed, on one processor, two at a quarter and two at three quarters
of what it can carry; from these twelve alone it is predicted for one and two processors at four
utilisations: as `flux simulate` does, with the same intervals. What is utilised is the tightest
resource of what the first four predict, so the rate is a part of the largest that they allow. A
third server sleeps for as long as it would compute, while it holds one of 4, 8 or 16 tokens: these
are *emulated processors*, which tell of queues, locks and pools, nothing of caches and the kernel.

Flows come by chance, by seed, at times that are drawn before; the simulator gets the same ones.
What flows need is drawn before, too, so that they wait as is usual for it (`observing/typical`).
Servers run as they were profiled, with the profile on: what that costs is the affair of
`profiler.py`. Where the load generator shares the server's processors, the model's flows need them
for what it used a request while the server was profiled, too.
A latency counts from when a flow was due; over HTTP from when its request was sent, if a client was
free when it was due, and up to when the system had the whole reply: when the load generator wakes
up for either is not the server's affair. Each point is run with three seeds, and all points take
turns within a seed.

Servers have real-time priority (SCHED_FIFO) on their processors, and so has the load generator.

Which runs are void
-------------------
This is written down before a run. A run is void if

- others (whatever is neither server nor load generator, stolen time included) used more than 5 % of
  one processor while it lasted, or
- the load generator used more than 5 % of the processors that it shares with the server, or more
  than 70 % of the one that it has for itself, or
- a processor of the server's stood still for more than 10 ms at a time, as a thread on it saw that
  wakes up all the time and goes before all others: the machine below or the kernel took it away, or
- work that this thread does now and then took it 5 % more or less than usual, on average, that is
  than in the median of all runs until then, profiled ones among them, and of seven looks at idle
  processors before: the machine below made them slower or faster, or
- a flow failed.

A void run is repeated with the same seed a few seconds later, three times at most. What is void
then stays in the table as void, and isn't compared: if a point has no other run, it is a miss. A
run in which a server is profiled is repeated twice; if all are void, the least disturbed one
counts.

Misses
------
A point is a miss if of what was observed the prediction is off by more than 5 % in throughput; by
5 % in the mean and 10 % in p95 up to a utilisation of 0.7, and 15 % and 20 % beyond; if the mean
that was observed is outside of the printed interval; or if that interval is wider than 10 % of the
mean, or 25 % beyond 0.7, to either side. All misses stay in the table.
"""

import sys

from measuring.builds import require
from observing.campaign import observe, predict
from observing.facts import facts
from observing.report import text
from observing.settings import FULL, QUICK
from record import RESULTS, record

PACKAGES = {
    "g++": "g++",
    "make": "make",
    "jpeglib.h": "libjpeg62-turbo-dev",
    "chrt": "util-linux",
    "taskset": "util-linux",
}


def main() -> None:
    """Observe, predict, print the table, and keep it if asked to."""
    require(PACKAGES)
    settings = QUICK if "--quick" in sys.argv else FULL
    campaign = observe(settings)
    compared, drawn = predict(campaign, settings)
    record("reality", "Predictions and reality", text(compared), facts(compared, settings))
    if "--write" in sys.argv:
        (RESULTS / "reality.svg").write_text(drawn)


if __name__ == "__main__":
    main()
