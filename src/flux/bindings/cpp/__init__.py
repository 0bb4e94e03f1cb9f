"""Functions of C and C++: found, checked and begun.

They are found by a scan of the user's files, not by a compiler, so that a program can be checked
where there is none, and in the words of the program. Whatever the scan can't tell is left to the
compiler, which is shown the same prototypes.
"""

from flux.bindings.cpp.check import bind, check_implementation
from flux.bindings.cpp.directives import Directives
from flux.bindings.cpp.files import read_nodes
from flux.bindings.cpp.functions import Function, Linkage
from flux.bindings.cpp.nodes import CppNodes, find_nodes_files
from flux.bindings.cpp.reserved import check_names, declared_by_system
from flux.bindings.cpp.signatures import Prototype, function_prototype
from flux.bindings.cpp.stubs import stubs

__all__ = [
    "CppNodes",
    "Directives",
    "Function",
    "Linkage",
    "Prototype",
    "bind",
    "check_implementation",
    "check_names",
    "declared_by_system",
    "find_nodes_files",
    "function_prototype",
    "read_nodes",
    "stubs",
]
