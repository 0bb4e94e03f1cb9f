"""What the types of a program are in Python.

The same program may be borne by C++, so its types may be those of C: `char*` is `str` or `bytes`,
every kind of integer an `int`. A name is the Python class of that name, and so is a pointer or a
reference to it, which Python's variables are anyway. What reads as Python is Python. Templates,
and pointers to numbers or to pointers, may be anything.
"""

import ast
import re

from flux.graph.types import Group, Type

SILENT = {"const", "volatile", "struct", "class", "enum", "union", "typename", "&"}
INTEGERS = {"int", "long", "short", "signed", "unsigned", "char"}
FLOATS = {("float",), ("double",), ("long", "double")}
TEXTS = {("char",), ("std", "::", "string"), ("std", "::", "string_view")}


def meanings(type_: Type) -> tuple[ast.expr, ...]:
    """The Python types that a type of the program may be; none if it may be anything."""
    words = tuple(part for part in type_.parts if isinstance(part, str) and part not in SILENT)
    pointers = words.count("*")
    base = tuple(word for word in words if word != "*")
    if any(isinstance(part, Group) for part in type_.parts):
        return _as_python(type_)
    if pointers:
        return _pointer(base) if pointers == 1 else ()
    return _number(base) or _named(type_, base)


def _pointer(base: tuple[str, ...]) -> tuple[ast.expr, ...]:
    if base == ("char",):
        return _names("str", "bytes")
    return () if base == ("void",) or _number(base) else _last_part(base)


def _number(base: tuple[str, ...]) -> tuple[ast.expr, ...]:
    """The type of truth values and numbers."""
    if base in (("bool",), ("_Bool",)):
        return _names("bool")
    if base in FLOATS:
        return _names("float")
    if base == ("char",):
        return _names("int", "str", "bytes")
    if base and INTEGERS.issuperset(base):
        return _names("int")
    return _names("int", base[-1]) if base and re.fullmatch(r"\w+_t", base[-1]) else ()


def _named(type_: Type, base: tuple[str, ...]) -> tuple[ast.expr, ...]:
    if base in TEXTS:
        return _names("str", "bytes")
    return _last_part(base) if "::" in base or len(base) == 1 else _as_python(type_)


def _last_part(base: tuple[str, ...]) -> tuple[ast.expr, ...]:
    """`ns::Name` by its last part."""
    name = base[-1] if base else ""
    return _names(name) if name.isidentifier() else ()


def _as_python(type_: Type) -> tuple[ast.expr, ...]:
    expression = parsed(str(type_))
    return (expression,) if expression else ()


def _names(*names: str) -> tuple[ast.expr, ...]:
    return tuple(ast.parse(name, mode="eval").body for name in names)


def parsed(text: str) -> ast.expr | None:
    """A Python type in the form of text, if it is one."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
