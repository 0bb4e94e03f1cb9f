"""The page of the documentation that tells of CPython's tests on fibers."""

from pathlib import Path

from cpython.judging import MODULES, known_failures
from cpython.recording import all_kept

PAGE = Path(__file__).parents[2] / "docs" / "cpython.md"
_TEXT = """# CPython's tests on fibers

    make cpython-tests

runs these modules of CPython's own tests, first on threads, then [on fibers](fibers.md).
Threads of child processes are fibers, too.
Each module has processes of its own, and each case a limit in time.
So many of the cases that pass on threads pass on fibers:

{table}

Together: {share}.

## What doesn't pass

{failing}

## What passes only at a second try, alone

{unsteady}
"""


def write():
    """Write the page anew."""
    PAGE.write_text(page(all_kept()), encoding="utf-8")


def page(kept):
    """The page's text."""
    return _TEXT.format(
        table=_table(kept), share=_share(kept), failing=_failing(kept), unsteady=_unsteady(kept)
    )


def unexplained(kept):
    """Cases that fail, and aren't listed; and entries of the list of which no case fails."""
    known = known_failures()
    worse = [(case, each["python"].split()[0]) for each in kept for case in _cases(each, "worse")]
    strangers = [
        f"{python}: {case}"
        for case, python in worse
        if not any(each.names(case, python) for each in known)
    ]
    idle = [each for each in known if not any(each.names(*failing) for failing in worse)]
    return strangers + [f"passes, and is listed: {', '.join(each.cases)}" for each in idle]


def _table(kept):
    names = [each["python"] for each in kept]
    rows = [["module", *names], ["---", *["---"] * len(names)]]
    rows += [[f"`{module}`", *(_cell(each, module) for each in kept)] for module in MODULES]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(interpreter, module):
    if module not in interpreter["modules"]:
        return "not run"
    entry = interpreter["modules"][module]
    if entry is None:
        return "not installed"
    skipped = entry["threads"].get("skipped", 0)
    told = f"{entry['kept']:,} of {entry['threads'].get('passed', 0):,}"
    return f"{told}, {skipped} skipped" if skipped else told


def _share(kept):
    entries = [entry for each in kept for entry in each["modules"].values() if entry]
    passed = sum(entry["threads"].get("passed", 0) for entry in entries)
    good = sum(entry["kept"] for entry in entries)
    return f"{good:,} of {passed:,} cases, {good / passed:.2%}"


def _failing(kept):
    lines = []
    for known in known_failures():
        pythons = [each["python"] for each in kept if _of(known, each)]
        cases = sorted({case for each in kept for case in _of(known, each)})
        lines += [f"- {', '.join(f'`{case}`' for case in cases)} ({', '.join(pythons)}):"]
        lines += [f"  {known.reason}"]
    return "\n".join(lines)


def _of(known, interpreter):
    version = interpreter["python"].split()[0]
    return [case for case in _cases(interpreter, "worse") if known.names(case, version)]


def _unsteady(kept):
    rows = [
        f"- `{case}` ({each['python']}): {why}"
        for each in kept
        for case, why in _cases(each, "unsteady").items()
    ]
    return "\n".join(rows) or "Nothing."


def _cases(interpreter, kind):
    found = {}
    for entry in filter(None, interpreter["modules"].values()):
        found |= entry[kind]
    return found
