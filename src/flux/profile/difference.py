"""What a server has counted between two of its profiles."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

import msgspec

from flux.profile.errors import ProfileError
from flux.profile.histogram import Histogram
from flux.profile.model import Case, Constraint, Gil, Node, Path, Profile, Source

COUNTS = (
    *("count", "calls", "failures", "acquired", "contended", "started", "dropped", "spent"),
    *("samples", "held", "released"),
)

_ANOTHER = "the server was started again, or its profile was cleared"

T = TypeVar("T", Path, Node, Constraint, Case, Source, Gil)


class AnotherError(ProfileError):
    """The later profile isn't the earlier one's: the server was started again, or told to clear."""


def since(later: Profile, earlier: Profile) -> Profile:
    """What a profile has that an earlier one of the same server has not.

    Raises:
        AnotherError: Something was counted less often than before.
    """
    if _origin(later) != _origin(earlier) or later.elapsed < earlier.elapsed:
        raise AnotherError(_ANOTHER)
    return msgspec.structs.replace(
        later,
        elapsed=later.elapsed - earlier.elapsed,
        cpu=max(later.cpu - earlier.cpu, 0),
        timed=None if later.timed is None else _check(later.timed, earlier.timed or 0),
        gil=_less(later.gil, earlier.gil) if later.gil and earlier.gil else later.gil,
        paths=_changed(later.paths, earlier.paths, path_key),
        nodes=_changed(later.nodes, earlier.nodes, node_key),
        constraints=_changed(later.constraints, earlier.constraints, constraint_key),
        cases=_changed(later.cases, earlier.cases, case_key),
        sources=_changed(later.sources, earlier.sources, source_key),
    )


def path_key(path: Path) -> Hashable:
    """What is the same in all profiles of one program."""
    return path.source, path.path, path.name, path.outcome


def node_key(node: Node) -> Hashable:
    """What is the same in all profiles of one program."""
    return node.node, node.kind


def constraint_key(constraint: Constraint) -> Hashable:
    """What is the same in all profiles of one program."""
    return constraint.constraint, constraint.mode, constraint.scope


def case_key(case: Case) -> Hashable:
    """What is the same in all profiles of one program."""
    return case.node, case.case


def source_key(source: Source) -> Hashable:
    """What is the same in all profiles of one program."""
    return source.source, source.target


def _origin(profile: Profile) -> Hashable:
    return profile.program, profile.fingerprint, profile.server.pid, profile.began


def _changed(
    later: Iterable[T], earlier: Iterable[T], key: Callable[[T], Hashable]
) -> tuple[T, ...]:
    before = {key(each): each for each in earlier}
    return tuple(_less(each, before[key(each)]) if key(each) in before else each for each in later)


def _less(later: T, earlier: T) -> T:
    """One path, node, constraint, case or source, without what there was of it before."""
    changes = {
        name: _minus(getattr(later, name), getattr(earlier, name))
        for name in later.__struct_fields__
        if name in COUNTS or isinstance(getattr(later, name), Histogram)
    }
    return msgspec.structs.replace(later, **changes)


def _minus(later: Any, earlier: Any) -> Any:  # noqa: ANN401 - counts, or histograms, or pairs
    match later:
        case Histogram():
            _check(later.count, earlier.count)
            return later.since(earlier)
        case int():
            return _check(later, earlier)
        case _:
            before = dict(earlier)
            return tuple((name, _check(time, before.get(name, 0))) for name, time in later)


def _check(later: int, earlier: int) -> int:
    """Their difference. Raises AnotherError if it is negative."""
    if later < earlier:
        raise AnotherError(_ANOTHER)
    return later - earlier
