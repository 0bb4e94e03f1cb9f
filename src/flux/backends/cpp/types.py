"""Types of values as C++ takes them."""

import re

BUILTIN = """
    bool char double float int long short signed unsigned wchar_t char8_t char16_t char32_t
    size_t ssize_t off_t time_t pid_t socklen_t intptr_t uintptr_t ptrdiff_t
    int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t const volatile std
    """


def is_plain(type_: str) -> bool:
    """Whether a value of this type is copied in a register, so that moving it says nothing."""
    return type_.endswith("*") or set(re.findall(r"\w+", type_)) <= set(BUILTIN.split())
