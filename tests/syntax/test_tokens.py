"""The lexer loses nothing and stops at nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syntax.strategies import edited, programs

from flux.syntax.tokens import Kind, tokenize

SNIPPETS = st.lists(
    st.sampled_from(("/*", "*/", '"', "'", "\\", "->", "::", "é", "\0", "\n", "a1"))
).map("".join)


def kinds(text):
    return [(t.kind, t.text) for t in tokenize(text) if not t.is_trivia]


@given(st.one_of(st.text(), SNIPPETS, programs, edited()))
@settings(deadline=None)
def test_tokens_put_together_are_the_text(text):
    assert "".join(t.text for t in tokenize(text)) == text


@given(st.one_of(st.text(), SNIPPETS))
def test_tokens_know_their_places(text):
    assert all(text[t.start : t.end] == t.text for t in tokenize(text))


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("a->b=>c", ["a", "->", "b", "=>", "c"]),
        ("std::vector<int>>", ["std", "::", "vector", "<", "int", ">", ">"]),
        ("Args...x", ["Args", "...", "x"]),
        ("_ _1 a_b", ["_", "_1", "a_b"]),
        ("a// ->\nb# c\r\nd/* \n */e", ["a", "b", "d", "e"]),
        ('"a\\"b" \'c\'', ['"a\\"b"', "'c'"]),
        ("buf[0x1F]", ["buf", "[", "0x1F", "]"]),
        ("\ufeffa", ["a"]),
    ],
)
def test_words_and_signs_are_told_apart(text, texts):
    assert [t for _, t in kinds(text)] == texts


@pytest.mark.parametrize("text", ["/* a\n b", '"a', "'", "é", "Übung", "\0\1", "@", "1é"])
def test_what_is_no_token_of_flux_becomes_one_of_unknown_kind(text):
    assert kinds(text) == [(Kind.UNKNOWN, text)]
