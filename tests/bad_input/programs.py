"""Programs that nobody means well by, as bytes: rubbish, and far too much of everything."""

import random

SOURCE = "source Tick => Serve;\nTick () -> (int n);\n"
MANY = 10_000
DEEP = 5_000
LEVELS = 60
MEGABYTE = 1 << 20


def chain(count):
    """One flow through many nodes."""
    names = [f"Node{number}" for number in range(count)]
    signatures = "".join(f"{name} (int n) -> (int n);\n" for name in names)
    return f"{SOURCE}Serve = {' -> '.join(names)};\n{signatures}"


def fan(count):
    """One node with many cases."""
    parts = range(count)
    cases = "".join(f"Serve:[type{number}] = Node{number};\n" for number in parts)
    types = "".join(f"typedef type{number} Is{number};\n" for number in parts)
    signatures = "".join(f"Node{number} (int n) -> ();\n" for number in parts)
    return SOURCE + cases + types + signatures


def constrained(count):
    """Many nodes, each with a constraint of its own."""
    constraints = "".join(f"constraint Node{n}:{{lock{n}}};\n" for n in range(count))
    return chain(count) + constraints


def nested(count):
    """Many nodes, each the only one in the flow of the one before."""
    levels = "".join(f"Level{n} = Level{n + 1};\n" for n in range(count))
    return f"{SOURCE}Serve = Level0;\n{levels}Level{count} (int n) -> ();\n"


def handled(count):
    """Many nodes, each the error handler of the one before."""
    signatures = "".join(f"Node{n} (int n) -> (int n);\n" for n in range(count + 1))
    handlers = "".join(f"handle error Node{n} -> Node{n + 1};\n" for n in range(count))
    return f"{SOURCE}Serve = Node0;\n{signatures}{handlers}"


def parentheses(depth):
    return f"{SOURCE}Work (int n) -> ();\nServe = {'(' * depth}Work{')' * depth};\n"


def types(depth):
    nested_type = f"{'list[' * depth}int{']' * depth}"
    return SOURCE.replace("int", nested_type) + f"Serve ({nested_type} n) -> ();\n"


def doubling(levels, constraint=""):
    """Each level is used twice in the one above it: 2^levels uses of the last."""
    flows = "".join(f"Level{n} = Level{n + 1} -> Level{n + 1};\n" for n in range(levels))
    locks = "".join(constraint.format(n) for n in range(levels))
    return f"{SOURCE}Serve = Level0;\n{flows}Level{levels} (int n) -> (int n);\n{locks}"


def doubling_held(levels):
    """At each level one of the two uses holds a constraint that the innermost node needs."""
    flows = "".join(
        f"Level{n} = With{n} -> Level{n + 1};\nWith{n} = Level{n + 1};\n" for n in range(levels)
    )
    locks = "".join(f"constraint With{n}:{{lock{n:02}}};\n" for n in range(levels))
    needed = ", ".join(f"lock{n:02}" for n in range(levels))
    last = f"Level{levels} (int n) -> (int n);\nconstraint Level{levels}:{{{needed}}};\n"
    return f"{SOURCE}Serve = Level0;\n{flows}{locks}{last}"


def doubling_cases(levels):
    """The same with two cases at the end: 2^(2^levels) paths."""
    last = f"Level{levels}"
    cases = f"{last}:[odd] = Work;\n{last}:[_] = ;\ntypedef odd IsOdd;\nWork (int n) -> (int n);\n"
    return doubling(levels).replace(f"{last} (int n) -> (int n);\n", cases)


def undefined(count):
    return f"{SOURCE}Serve = {' -> '.join(f'Nowhere{n}' for n in range(count))};\n"


def duplicates(count):
    return SOURCE + "Serve (int n) -> ();\n" * count


def long_line(size):
    """One line, which is right."""
    name = "WorkOnWhatWasGivenByTheNodeBefore"
    flow = " -> ".join([name] * (size // len(f"{name} -> ")))
    return f"{SOURCE}{name} (int n) -> (int n); Serve = {flow};"


def sessions(count):
    """Many sources whose flows need a session, and have none."""
    sources = "".join(f"source Tick{n} => Serve;\nTick{n} () -> (int n);\n" for n in range(count))
    locks = "Serve = Work;\nWork (int n) -> ();\nconstraint Work:{cart(session)};\n"
    return sources + locks


def rubbish(size):
    return random.Random(2006).randbytes(size)


TEXTS = {
    "chain": chain(MANY),
    "fan": fan(MANY),
    "constrained": constrained(MANY),
    "nested": nested(MANY),
    "nested-in-bounds": nested(98),
    "handled": handled(MANY),
    "parentheses": parentheses(DEEP),
    "parentheses-in-bounds": parentheses(200),
    "types": types(DEEP),
    "types-in-bounds": types(49),
    "doubling": doubling(LEVELS),
    "doubling-constrained": doubling(LEVELS, "constraint Level{0}:{{lock{0}}};\n"),
    "doubling-held": doubling_held(LEVELS // 2),
    "doubling-cases": doubling_cases(LEVELS),
    "undefined": undefined(MANY),
    "duplicates": duplicates(MANY),
    "long-line": long_line(MEGABYTE),
    "sessions": sessions(MANY),
    "brackets": "(" * MEGABYTE,
    "colons": "A:[" * (MEGABYTE // 3),
    "quotes": "'" * MEGABYTE,
    "comment": "/*" + "*" * MEGABYTE,
}

# The parser finds nothing in these, so most commands go the same way: they get a tenth.
UNREADABLE = {"brackets", "colons", "quotes"}

PROGRAMS = {
    "empty": b"",
    "mark": b"\xef\xbb\xbf",
    "zeros": b"\0" * MEGABYTE,
    "rubbish": rubbish(MEGABYTE),
    "ten-megabytes": chain(MANY).encode() * 22,
    "ten-megabytes-of-rubbish": rubbish(10 * MEGABYTE),
    **{name: text.encode() for name, text in TEXTS.items()},
}
