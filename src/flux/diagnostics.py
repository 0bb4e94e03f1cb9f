"""What can be wrong with a program, as data; `flux.render` turns it into text."""

from dataclasses import dataclass
from enum import StrEnum

from flux.source import Span


class Level(StrEnum):
    """Errors stop a program from running, warnings don't."""

    ERROR = "error"
    WARNING = "warning"


class Code(StrEnum):
    """Every kind of mistake; each has its page, `docs/errors/<code>.md`."""

    # The text
    NOT_TEXT = "not-text"
    TOO_LARGE = "too-large"
    SYNTAX = "syntax"
    MISSING_SEMICOLON = "missing-semicolon"
    BAD_PARAMETER = "bad-parameter"
    BAD_HANDLER = "bad-handler"
    FLOW_ARROW = "flow-arrow"
    TOO_DEEP = "too-deep"
    # Names
    UNDEFINED_NODE = "undefined-node"
    UNDEFINED_TYPE = "undefined-type"
    UNDEFINED_SOURCE = "undefined-source"
    UNDEFINED_TARGET = "undefined-target"
    UNDEFINED_HANDLER = "undefined-handler"
    DUPLICATE_SIGNATURE = "duplicate-signature"
    DUPLICATE_FLOW = "duplicate-flow"
    DUPLICATE_TYPE = "duplicate-type"
    DUPLICATE_HANDLER = "duplicate-handler"
    DUPLICATE_SOURCE = "duplicate-source"
    DUPLICATE_PARAMETER = "duplicate-parameter"
    MIXED_FLOWS = "mixed-flows"
    WILDCARD_TYPE = "wildcard-type"
    RECURSION = "recursion"
    # Signatures
    ARITY = "arity"
    TYPE_MISMATCH = "type-mismatch"
    HANDLER_MISMATCH = "handler-mismatch"
    SIGNATURE_MISMATCH = "signature-mismatch"
    UNKNOWN_SIGNATURE = "unknown-signature"
    CASE_MISMATCH = "case-mismatch"
    EMPTY_CASE = "empty-case"
    PATTERN_COUNT = "pattern-count"
    SOURCE_WITH_INPUTS = "source-with-inputs"
    # Constraints
    UNKNOWN_CONSTRAINED = "unknown-constrained"
    NO_SESSION = "no-session"
    SESSION_IN_TURN = "session-in-turn"
    TWO_SCOPES = "two-scopes"
    TOO_MANY_ROUTINES = "too-many-routines"
    # Implementations
    NODES_FILE = "nodes-file"
    MISSING_FUNCTION = "missing-function"
    WRONG_FUNCTION = "wrong-function"
    NAME_CLASH = "name-clash"
    RESERVED_NAME = "reserved-name"
    BAD_DIRECTIVE = "bad-directive"
    BAD_OUTPUT_TYPE = "bad-output-type"
    MOVE_ONLY_INPUT = "move-only-input"
    # Warnings
    NO_SOURCE = "no-source"
    UNUSED_NODE = "unused-node"
    UNREACHABLE_CASE = "unreachable-case"
    MISSING_CATCH_ALL = "missing-catch-all"
    EARLY_ACQUISITION = "early-acquisition"
    READER_AS_WRITER = "reader-as-writer"
    REPEATED_CONSTRAINT = "repeated-constraint"
    LONELY_CONSTRAINT = "lonely-constraint"
    SOURCE_HOLDS_CONSTRAINT = "source-holds-constraint"
    TOO_MANY_PATHS = "too-many-paths"
    PER_WORKER = "per-worker"

    @property
    def level(self) -> Level:
        """Whether this mistake stops the program from running."""
        return Level.WARNING if self in WARNINGS else Level.ERROR


WARNINGS = frozenset(list(Code)[list(Code).index(Code.NO_SOURCE) :])


@dataclass(frozen=True, slots=True)
class Label:
    """A place, and what is to be said about it."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake: what is wrong, where, what else matters, and what to do."""

    code: Code
    message: str
    primary: Label
    others: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""

    @property
    def level(self) -> Level:
        """Error or warning, by the code."""
        return self.code.level
