"""The wrong programs of this folder, each with the mistake that it is named after.

`arity.flux` and `arity-2.flux` show the code `arity`; `arity.stderr` is what the user reads.
"""

from pathlib import Path

from flux.bindings import check_implementation, cpp, find_nodes_file
from flux.cli.files import read
from flux.cli.mistakes import Mistakes
from flux.driver import compile_program
from flux.graph.workers import per_worker
from flux.syntax.parse import MAX_CHARACTERS

HERE = Path(__file__).parent
PAGES = HERE.parents[1] / "docs" / "errors"

# 150 nodes that need 150 constraints, each node entered under every beginning of their order.
LOCKS = [f"lock{number:03}" for number in range(150)]
NODES = [f"Node{number:03}" for number in range(150)]
ROUTINES = "\n".join(
    [
        "Tick () -> ();",
        "Work () -> ();",
        "source Tick => Serve;",
        f"Serve = {' -> '.join(f'With_{lock}' for lock in LOCKS)};",
        *(f"With_{lock} = All;" for lock in LOCKS),
        f"All = {' -> '.join(NODES)};",
        *(f"{node} = Work;" for node in NODES),
        *(f"constraint With_{lock}:{{{lock}}};" for lock in LOCKS),
        f"constraint Work:{{{', '.join(LOCKS)}}};",
        "",
    ]
)

# Programs that are too large to be files.
LARGE = {"too-large": " " * MAX_CHARACTERS + ";", "too-many-routines": ROUTINES}

SMALL = {path.stem: path for path in sorted(HERE.glob("*.flux"))}


def code_of(case):
    """The code that a case shows: its name without a number."""
    return case.rstrip("0123456789").rstrip("-")


def check(program, *, workers=False):
    """What `flux check` finds in a program, and in the file of Python, C or C++ beside it.

    `workers` is its option: the program is to run in several processes.
    """
    try:
        compilation = compile_program(read(program))
    except Mistakes as mistakes:
        return mistakes.diagnostics
    return (
        *compilation.diagnostics,
        *(per_worker(compilation.graph) if workers else ()),
        *(_check_nodes(compilation, program) if compilation.ok else ()),
    )


def _check_nodes(compilation, program):
    in_python, in_cpp = find_nodes_file(program), cpp.find_nodes_files(program)
    if in_python:
        return check_implementation(compilation.graph, in_python)
    return cpp.check_implementation(compilation.graph, in_cpp) if in_cpp else ()
