import pytest

from flux.bindings.cpp.parameters import read_type
from flux.bindings.cpp.tokens import tokenize
from flux.bindings.cpp.types import (
    is_array,
    is_constant,
    is_fixed,
    is_move_only,
    is_nothing,
    is_reference,
    same,
    surely_differ,
)
from flux.graph.types import type_tree


def type_(text):
    return read_type([token.text for token in tokenize(text)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("int", "const int"),
        ("unsigned", "unsigned int"),
        ("long unsigned", "unsigned long int"),
        ("signed", "int"),
        ("const char*", "char const *"),
        ("char*", "char* const"),
        ("const volatile int*", "int volatile const*"),
        ("struct Picture*", "Picture*"),
        ("::Picture", "Picture"),
        ("_Bool", "bool"),
        ("std :: vector < int >", "std::vector<int>"),
        ("std::map<const char*, int>", "std::map<char const*, int>"),
    ],
)
def test_types_are_the_same_however_they_are_written(one, other):
    assert same(type_(one), type_(other))
    assert not surely_differ(type_(one), type_(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("int", "long"),
        ("int", "unsigned"),
        ("char", "signed char"),
        ("int", "int&"),
        ("int", "int*"),
        ("char*", "const char*"),
        ("char**", "char* const*"),
        ("Picture", "Picture*"),
        ("Picture", "const Picture&"),
        ("std::string", "int"),
        ("std::string", "std::string_view"),
        ("std::vector<int>", "std::vector<long>"),
        ("std::array<char, 4>", "std::array<char, 5>"),
    ],
)
def test_types_differ_that_no_name_can_make_the_same(one, other):
    assert surely_differ(type_(one), type_(other))
    assert not same(type_(one), type_(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Picture", "int"),
        ("Picture", "Pixels*"),
        ("size_t", "unsigned long"),
        ("std::size_t", "unsigned long"),
        ("std::uint64_t", "uint64_t"),
        ("string", "std::string"),
        ("std::vector<Picture>", "std::vector<int>"),
        ("std::vector<int>", "std::vector<int, std::allocator<int>>"),
        ("std::array<char, SIZE>", "std::array<char, 4>"),
        ("std::vector<int>::iterator", "int*"),
        ("std::function<int(int)>", "std::function<int(Picture)>"),
    ],
)
def test_what_only_the_compiler_knows_is_left_to_it(one, other):
    assert not surely_differ(type_(one), type_(other))
    assert not same(type_(one), type_(other))


@pytest.mark.parametrize(
    "text",
    [
        "std::unique_ptr<int>",
        "const std::unique_ptr<int>",
        "std::thread",
        "std::vector<std::unique_ptr<int>>",
        "std::pair<int, std::future<int>>",
    ],
)
def test_some_types_can_only_be_moved(text):
    assert is_move_only(type_(text))


@pytest.mark.parametrize(
    "text", ["int", "Picture", "std::unique_ptr<int>*", "std::shared_ptr<std::unique_ptr<int>>"]
)
def test_other_types_may_be_copied(text):
    assert not is_move_only(type_(text))


def test_some_types_cannot_even_be_moved():
    assert is_fixed(type_("std::mutex"))
    assert is_fixed(type_("std::atomic<int>"))
    assert not is_fixed(type_("std::mutex*"))
    assert not is_fixed(type_("std::unique_ptr<std::mutex>"))


def test_references_constants_arrays_and_nothing_are_told():
    assert is_reference(type_("int&"))
    assert is_reference(type_("std::string&&"))
    assert not is_reference(type_("int"))
    assert is_constant(type_("char const"))
    assert is_constant(type_("char* const"))
    assert not is_constant(type_("const char*"))
    assert is_array(type_tree(["list", "[", "int", "]"]))
    assert not is_array(type_("std::unique_ptr<char[]>"))
    assert is_nothing(type_("void"))
    assert not is_nothing(type_("void*"))
