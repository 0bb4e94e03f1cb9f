"""One declaration at the top level of a text: is it a function, and which?

Its tokens are taken one after the other, brackets as one. Without the preprocessor and the names
of types this is a guess, and a good one: a function is the first name with parentheses behind it
and a type before it. Without a type it is a macro, which may define whatever it is given. A name
all in capitals gives way to another one, for it may be a macro, too.
"""

from dataclasses import dataclass, field

from flux.bindings.cpp.brackets import Brackets
from flux.bindings.cpp.keywords import BUILT_IN
from flux.bindings.cpp.tokens import Kind, Token
from flux.syntax.parameters import CLASS_WORDS

# fmt: off
SPECIFIERS = frozenset({
    "static", "inline", "constexpr", "consteval", "extern", "virtual", "export", "register",
    "thread_local", "_Noreturn", "_Thread_local", "__inline", "__inline__", "__extension__",
    "explicit",
})
_OTHER_STATEMENTS = frozenset({
    "using", "typedef", "static_assert", "_Static_assert", "friend", "concept", "asm", "__asm__",
    "import", "module",
})
# They have parentheses of their own, and are neither functions nor macros.
_ATTRIBUTES = frozenset({
    "__attribute__", "__attribute", "alignas", "_Alignas", "__declspec", "_Pragma",
})
_OPERATORS = frozenset({
    "decltype", "typeof", "__typeof__", "noexcept", "throw", "requires", "sizeof", "alignof", "asm",
    "__asm__",
})
# fmt: on
# A type may begin with them, but isn't one yet.
_INCOMPLETE = CLASS_WORDS | {"typename", "const", "volatile"}
_TYPES = BUILT_IN | {"auto", "_Bool"}


@dataclass(frozen=True, slots=True)
class Item:
    """A token of a declaration, or a bracketed part of it: tokens `start` up to `end`."""

    token: Token
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be the name of the function; `is_free`: of no class, no operator."""

    item: int
    is_free: bool


@dataclass(slots=True)
class Declaration:
    """What was taken of a declaration; `doubtful` are names that a macro may define."""

    text: Brackets
    doubtful: set[str]
    items: list[Item] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    first_type: int | None = None
    candidate: Candidate | None = None
    is_template: bool = False
    is_other: bool = False
    has_value: bool = False
    has_initializers: bool = False
    has_angles: bool = True
    has_macro: bool = False

    def take(self, at: int) -> int:
        """Take the token or the brackets at a place; gives the place behind."""
        token, end = self.text.tokens[at], self.text.end(at)
        if token.text == "<" and self.has_angles:
            angle_end = self.text.angle_end(at, len(self.text.tokens))
            self.has_angles = angle_end is not None
            end = angle_end or end
        item = Item(token, at, end)
        match token.text:
            case "operator":
                return self._take_operator(item)
            case "(":
                self._take_parentheses(item)
            case "[" if self._is_attribute(at):
                pass
            case "<" if self.items and self.items[-1].token.text == "template":
                self.items.pop()
                self.is_template = True
            case _:
                self._take_other(item)
        return end

    def last(self) -> str:
        """The text of the last item."""
        return self.items[-1].token.text if self.items else ""

    def is_body(self) -> bool:
        """Whether a `{` that follows opens the body of a function."""
        is_value = self.has_initializers and (self.last() == "<" or self._ends_with_name())
        return self.candidate is not None and not self.has_value and not is_value

    def _ends_with_name(self) -> bool:
        return bool(self.items) and self.items[-1].token.kind is Kind.NAME

    def _is_attribute(self, at: int) -> bool:
        """Whether `[[...]]` opens here."""
        return at + 1 < len(self.text.tokens) and self.text.tokens[at + 1].text == "["

    def _take_other(self, item: Item) -> None:
        text = item.token.text
        if not self.items and text in _OTHER_STATEMENTS:
            self.is_other = True
        if text in SPECIFIERS or (self.words and item.token.kind is Kind.STRING):
            self.words.add(text)
            return
        self.has_value |= text == "="
        self.has_initializers |= text == ":" and self.candidate is not None
        if self.first_type is None and _begins_type(item.token):
            self.first_type = len(self.items)
        self.items.append(item)

    def _take_operator(self, item: Item) -> int:
        """`operator==`, `operator()` or the like, up to its parameters."""
        self._offer(is_free=False)
        self.items.append(item)
        tokens, at = self.text.tokens, item.end
        if [token.text for token in tokens[at : at + 2]] == ["(", ")"]:
            at += 2
        while at < len(tokens) and tokens[at].text not in ("(", ";", "{", "}"):
            at = self.text.end(at)
        return at

    def _take_parentheses(self, item: Item) -> None:
        """Parameters, or what is given to a macro or an operator."""
        name = self.items[-1] if self.items else None
        if name and name.token.kind is Kind.NAME and name.token.text in _ATTRIBUTES:
            self._drop_last()
            return
        if name and name.token.text == "<":
            self._offer(is_free=False)
        elif name and name.token.kind is Kind.NAME and self._may_be_function(name.token.text):
            if self.first_type == len(self.items) - 1 and not self.has_macro:
                self._take_macro(item)
                return
            self._offer(is_free=[i.token.text for i in self.items[-2:-1]] != ["::"])
        elif self.candidate is None:
            self._note(item)
        self.items.append(item)

    def _take_macro(self, item: Item) -> None:
        """`EXPORT(int)`, which may be a type, or `NODE(Read)`, which may be a function."""
        self._note(item)
        self._drop_last()
        self.has_macro = True

    def _may_be_function(self, name: str) -> bool:
        return not self.is_other and name not in _OPERATORS | _TYPES

    def _drop_last(self) -> None:
        self.items.pop()
        if self.first_type == len(self.items):
            self.first_type = None

    def _offer(self, *, is_free: bool) -> None:
        """Let the last item be the function's name, unless there is a better one."""
        if self.is_other or self.has_value:
            return
        place = max(len(self.items) - 1, 0)
        if self.candidate is None or (
            self._may_be_macro(self.candidate) and _is_mixed(self.items[place].token.text)
        ):
            self.candidate = Candidate(place, is_free)

    def _may_be_macro(self, candidate: Candidate) -> bool:
        name = self.items[candidate.item].token.text
        return candidate.is_free and len(name) > 1 and name.isupper()

    def _note(self, item: Item) -> None:
        """Remember the names that a macro is given."""
        inside = self.text.tokens[item.start + 1 : item.end - 1]
        self.doubtful.update(token.text for token in inside if token.kind is Kind.NAME)


def _begins_type(token: Token) -> bool:
    return token.kind is Kind.NAME and token.text not in _INCOMPLETE


def _is_mixed(name: str) -> bool:
    return not name.isupper() and not name.startswith("_")
