"""What types are to C++, as far as their text tells: are two surely different, can one be copied?

A name of the user's may stand for any type (`using`), so it is compared with itself only. What is
known is built in, or a class template of the standard library that isn't another name of one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flux.bindings.cpp.keywords import BUILT_IN, INTEGERS
from flux.graph.types import Group, Type

# fmt: off
# Moved but not copied.
_MOVE_ONLY = frozenset({
    "unique_ptr", "thread", "jthread", "promise", "future", "packaged_task", "unique_lock",
    "shared_lock", "ifstream", "ofstream", "fstream", "istringstream", "ostringstream",
    "stringstream", "move_only_function", "generator",
})
# Neither moved nor copied.
_FIXED = frozenset({
    "mutex", "recursive_mutex", "timed_mutex", "shared_mutex", "shared_timed_mutex", "atomic",
    "atomic_flag", "condition_variable", "condition_variable_any", "lock_guard", "scoped_lock",
    "latch", "barrier", "counting_semaphore", "once_flag",
})
# They hold values of the types in their brackets.
_HOLDERS = frozenset({
    "vector", "deque", "list", "forward_list", "array", "pair", "tuple", "optional", "variant",
    "map", "multimap", "set", "multiset", "unordered_map", "unordered_multimap", "unordered_set",
    "unordered_multiset", "queue", "stack", "priority_queue",
})
_KNOWN = _MOVE_ONLY | _FIXED | _HOLDERS | {
    "string", "string_view", "wstring", "any", "shared_ptr", "weak_ptr", "function", "span",
    "bitset", "shared_future", "thread", "exception_ptr", "error_code", "bad_alloc", "exception",
}
# fmt: on
_SILENT = frozenset({"struct", "class", "enum", "union", "typename"})
_QUALIFIERS = frozenset({"const", "volatile"})
_SIGNS = frozenset({"*", "&"})

Base = tuple["str | tuple[Shape, ...]", ...]
Level = tuple[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A type in its parts: a name, and what is made of it by `*`, `&` and `const`.

    Each of the `levels` is a sign with its qualifiers; that of the name itself has no sign.
    """

    base: Base
    levels: tuple[Level, ...]

    @property
    def is_value(self) -> bool:
        """Whether it is the named type itself, neither a pointer nor a reference."""
        return len(self.levels) == 1

    @property
    def standard(self) -> str:
        """The name behind `std::`, if it has one."""
        match self.base:
            case ("std", "::", str(name), *_):
                return name
            case _:
                return ""

    @property
    def arguments(self) -> "tuple[Shape, ...]":
        """What stands in its last angle brackets."""
        return self.base[-1] if self.base and isinstance(self.base[-1], tuple) else ()


def shape(type_: Type) -> Shape:
    """A type in its parts; what makes no difference to C++ is gone."""
    base: list[str | tuple[Shape, ...]] = []
    levels: list[Level] = [("", frozenset())]
    for part in type_.parts:
        match part:
            case Group(opening="<", items=items):
                base.append(tuple(map(shape, items)))
            case Group():
                base.append(str(part))
            case _ if part in _QUALIFIERS:
                sign, qualifiers = levels[-1]
                levels[-1] = sign, qualifiers | {part}
            case _ if part in _SIGNS:
                levels.append((part, frozenset()))
            case _ if part not in _SILENT:
                base.append({"_Bool": "bool"}.get(part, part))
    plain = tuple(base[1:] if base[:1] == ["::"] else base)
    return Shape(_integer(plain) or plain, tuple(levels))


def _integer(base: Base) -> Base | None:
    """`long unsigned int` as `unsigned long`."""
    words = [word for word in base if isinstance(word, str)]
    if not words or len(words) < len(base) or not INTEGERS.issuperset(words):
        return None
    sizes = sorted(word for word in words if word in ("long", "short", "char"))
    is_plain = "unsigned" not in words and ("signed" not in words or "char" not in words)
    signs = [] if is_plain else ["unsigned" if "unsigned" in words else "signed"]
    return (*signs, *(sizes or ["int"]))


def by_value(given: Shape) -> Shape:
    """A type as a function sees it: whether a copy is `const` is nobody else's business."""
    *inner, (sign, _) = given.levels
    return Shape(given.base, (*inner, (sign, frozenset())))


def same(one: Type, other: Type) -> bool:
    """Whether two parameters have the same type, names taken as they are."""
    return by_value(shape(one)) == by_value(shape(other))


def surely_differ(one: Type, other: Type) -> bool:
    """Whether two parameters differ in type, whatever the names of the user's mean."""
    mine, theirs = by_value(shape(one)), by_value(shape(other))
    if mine.base == theirs.base:
        return mine.levels != theirs.levels
    return _is_known(mine) and _is_known(theirs)


def _is_known(given: Shape) -> bool:
    """Whether no `using` can make it another type."""
    name, arguments = given.standard, given.arguments
    if name:
        is_plain = len(given.base) == (4 if arguments else 3)
        return is_plain and name in _KNOWN and all(map(_is_known, arguments))
    return all(
        isinstance(word, str) and (word in BUILT_IN or word.isdigit()) for word in given.base
    )


def is_move_only(type_: Type) -> bool:
    """Whether values of a type can surely not be copied."""
    return _holds(shape(type_), _MOVE_ONLY)


def is_fixed(type_: Type) -> bool:
    """Whether values of a type can surely not even be moved."""
    return _holds(shape(type_), _FIXED)


def _holds(given: Shape, names: Iterable[str]) -> bool:
    if not given.is_value:
        return False
    inside = given.arguments if given.standard in _HOLDERS else ()
    return given.standard in names or any(_holds(inner, names) for inner in inside)


def is_reference(type_: Type) -> bool:
    """Whether a type only refers to a value."""
    return shape(type_).levels[-1][0] == "&"


def is_constant(type_: Type) -> bool:
    """Whether nothing can be assigned to a value of the type."""
    return "const" in shape(type_).levels[-1][1]


def is_array(type_: Type) -> bool:
    """Whether a type has square brackets: an array, or a type of Python."""
    return any(isinstance(part, Group) and part.opening == "[" for part in type_.parts)


def is_nothing(type_: Type) -> bool:
    """Whether there are no values of a type."""
    given = shape(type_)
    return given.is_value and given.base == ("void",)
