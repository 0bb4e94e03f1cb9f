"""Random Flux texts: right by the grammar, whatever they mean."""

from hypothesis import strategies as st

NAMES = ("Listen", "Image", "a", "_", "source", "error", "session", "typedef", "handle", "atomic")
TYPE_WORDS = ("int", "const", "unsigned", "void")
CLASS_WORDS = ("struct", "enum", "class")
INSIDE_TYPES = (
    "x",
    "int",
    "struct",
    "3",
    '"a"',
    ",",
    "*",
    "&",
    "::",
    ".",
    "=",
    ":",
    "-",
    "/",
    "...",
)
SIGNS = (
    "->",
    "=>",
    "=",
    ":",
    ";",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "?",
    "!",
    "*",
    "::",
)
TOKENS = (
    NAMES
    + TYPE_WORDS
    + CLASS_WORDS
    + SIGNS
    + (".", "&", "|", "...", "3", '"a"', "constraint", "/*", "@", "é", "'")
)

GAPS = st.sampled_from(
    (" ", "  ", "\n", "\n\n\n", "\t", "\r\n", " // words\n", " # words -> x\n", "\n/* a\n b */\n")
)

plain_names = st.sampled_from(NAMES)
nouns = st.sampled_from(NAMES + TYPE_WORDS)
names = st.sampled_from(NAMES + TYPE_WORDS + CLASS_WORDS)
arrows = st.sampled_from(("->", "=>"))


def listed(items, *, least=0, most=3):
    """Tokens of items with commas between them."""
    joined = st.lists(items, min_size=least, max_size=most)
    return joined.map(lambda parts: [t for part in parts for t in (",", *part)][1:])


def sequence(*parts):
    """The tokens of strategies and of words, one after the other."""
    strategies = [st.just([p]) if isinstance(p, str) else p for p in parts]
    return st.tuples(*strategies).map(lambda lists: [t for tokens in lists for t in tokens])


def one(texts):
    """A single token."""
    return texts.map(lambda text: [text])


def bracketed(inner):
    """Tokens in brackets of some kind."""
    pairs = st.sampled_from(("()", "[]", "{}", "<>"))
    return st.tuples(pairs, inner).map(lambda p: [p[0][0], *p[1], p[0][1]])


def flat(lists):
    """The tokens of several lists."""
    return lists.map(lambda parts: [t for part in parts for t in part])


inside = st.recursive(
    one(st.sampled_from(INSIDE_TYPES)),
    lambda deeper: bracketed(flat(st.lists(deeper, max_size=3))),
    max_leaves=6,
)
groups = bracketed(flat(st.lists(inside, max_size=3))).filter(lambda g: g[:2] != ["(", "*"])
words = st.one_of(
    one(nouns), sequence(one(st.sampled_from(CLASS_WORDS)), one(nouns)), sequence("::", one(nouns))
)
type_parts = st.one_of(words, one(st.sampled_from(("*", "&", "|", "..."))), groups)
types = sequence(words, flat(st.lists(type_parts, max_size=3)))
parameter_lists = sequence("(", listed(sequence(types, one(plain_names))), ")")

chains = st.recursive(
    one(names),
    lambda item: st.lists(st.one_of(item, sequence("(", item, ")")), min_size=1, max_size=4).map(
        lambda items: [t for item in items for t in ("->", *item)][1:]
    ),
    max_leaves=8,
)
flows = st.one_of(st.just([]), chains)
patterns = listed(one(st.one_of(names, st.just("*"))), least=1)
marks = st.sampled_from(([], ["?"], ["!"]))
scopes = st.sampled_from(([], ["(", "session", ")"], ["(", "program", ")"]))
sessions = st.one_of(st.just([]), sequence("{", "session", ":", one(names), "}"))
keywords = one(st.sampled_from(("constraint", "atomic")))

statements = st.one_of(
    sequence(one(names), parameter_lists, one(arrows), parameter_lists, ";"),
    sequence("source", one(names), sessions, one(arrows), one(names), ";"),
    sequence(one(names), "=", flows, ";"),
    sequence(one(names), ":", "[", patterns, "]", "=", flows, ";"),
    sequence("typedef", one(names), one(names), ";"),
    sequence("handle", "error", listed(one(names), least=1), one(arrows), one(names), ";"),
    sequence(
        keywords,
        one(names),
        ":",
        "{",
        listed(sequence(one(names), marks, scopes), least=1),
        "}",
        ";",
    ),
)
token_lists = flat(st.lists(statements, max_size=6))
token_soup = st.lists(st.sampled_from(TOKENS), max_size=30)


def spaced(tokens):
    """A text of these tokens, with white space and comments between them."""
    gaps = st.lists(GAPS, min_size=len(tokens), max_size=len(tokens))
    return gaps.map(lambda gap: "".join(t + g for t, g in zip(tokens, gap, strict=True)))


programs = token_lists.flatmap(spaced)


@st.composite
def edited(draw):
    """A program after a slip or two: tokens deleted, doubled, swapped, replaced, inserted."""
    tokens = draw(token_lists.filter(len))
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(0, len(tokens) - 1))
        tokens[place : place + 2] = draw(slips(tokens[place : place + 2]))
        tokens = tokens or ["x"]
    return draw(spaced(tokens))


def slips(pair):
    """What a slip may make of a token and the next one."""
    new = st.sampled_from(TOKENS)
    return st.one_of(
        st.just(pair[1:]),
        st.just(pair[:1] + pair),
        st.just(pair[::-1]),
        new.map(lambda token: [token, *pair[1:]]),
        new.map(lambda token: [token, *pair]),
    )
