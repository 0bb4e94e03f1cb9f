"""The published grammar and the parser accept and reject the same texts."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import UnexpectedInput
from syntax.strategies import edited, programs, spaced, token_soup

from flux.source import SourceFile
from flux.syntax.parse import parse

GRAMMAR = Path(__file__).parents[2] / "docs" / "flux.lark"


@pytest.fixture(scope="module")
def grammar():
    return Lark(GRAMMAR.read_text(), parser="lalr", lexer="basic", start="program")


def grammar_accepts(grammar, text):
    try:
        grammar.parse(text)
    except UnexpectedInput:
        return False
    return True


def parser_accepts(text):
    return not parse(SourceFile("program.flux", text))[1]


@given(programs)
@settings(max_examples=300, deadline=None)
def test_both_accept_right_programs(grammar, text):
    assert parser_accepts(text)
    assert grammar_accepts(grammar, text)


@given(st.one_of(edited(), edited(), token_soup.flatmap(spaced)))
@settings(max_examples=1500, deadline=None)
def test_both_accept_and_reject_the_same_texts(grammar, text):
    assert parser_accepts(text) == grammar_accepts(grammar, text)
