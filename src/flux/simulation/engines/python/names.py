"""Words that the generated loop and the tables that it reads share: places in lists, kinds of ops.

A flow, a constraint, a lock and a function are plain lists, which Python reads and writes fastest;
the loop has these names as local variables, which it reads as fast as numbers.
"""

# The fields of a flow, and what they are when it arrives.
FLOW = {
    "ARRIVED": "now",  # when
    "OP": "op",  # what it does when it goes on
    "SINCE": "now",  # when it began to wait for a processor or for Python's lock
    "SESSION": "0",
    "LOOP": "0",
    "ORIGIN": "origin",  # its source
    "READS": "False",  # whether it waits as a reader
    "DEADLINE": "0.0",  # when it will have lost patience
    "CPU": "0.0",  # what is left of the processor time of its Run
    "FRESH": "True",  # whether it has queued for the processor that it has
    "DUE": "0",  # the number of the event that ends its processor time
    "ENDS": "0.0",  # when that is
    "STAGE": "None",  # the op that would begin its processor time again
}
NARROW = 3  # so many of them are enough for most models

# A constraint's own list begins as a lock does: it is the one lock if its scope is the program.
LOCK = (
    "INSIDE",  # readers inside, or -1 for a writer
    "QUEUE",  # flows that wait
    "CLAIMED",  # its first, a writer, waits only for the readers inside
    "STARVING",  # its first has lost patience
    "AWAKE",  # its first has been woken
)
CONSTRAINT = (
    *LOCK,
    "TAKEN",
    "CONTENDED",
    "AWAITED",  # flow-seconds in the queue
    "HOLDING",  # flow-seconds inside
    "BUSY",  # seconds with anybody inside, where flows share it
    "HOLDERS",  # flows inside, where flows share it
    "LOCKS",  # one for each session, or None
)

# How a function is used: see `FunctionUse`.
USE = ("CALLS", "SPENT", "WAITING", "INPUT")

# With `ps`, those who share processors: virtual time, when it was that, flows by their end.
GROUP = ("VIRTUAL", "LAST", "HEAP", "PENDING", "EVENT")

# What a source's op is about, with `turns`.
SOURCE = ("SCALE", "DRAW", "BURST", "CHOOSE", "CLOSED", "ITSELF", "DOORS", "HOME")

OPS = (
    "RUN", "WRITE", "WRITTEN", "END", "ARRIVE", "CPU_TIME", "READ", "HAS_READ", "RETURN",
    "OVERHEAD", "WRITE_AGAIN", "READ_AGAIN", "SHARE", "SLICE",
    "TURN", "FREE_TIME",
)  # fmt: skip

PLACES = {
    name: place
    for names in (FLOW, CONSTRAINT, USE, GROUP, SOURCE, OPS)
    for place, name in enumerate(names)
}
