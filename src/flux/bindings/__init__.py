"""Nodes -> implementations: which function bears which node, and whether it can.

A Flux program names functions, not a language. What it needs is asked of the graph (`needs`);
who bears it is found and checked by one package for each language, so that one program may mix
them.
"""

from flux.bindings.implementation import Implementation, Place
from flux.bindings.python.bind import bind, check_implementation
from flux.bindings.python.files import find_nodes_file
from flux.bindings.python.names import check_names
from flux.bindings.python.stubs import stubs

__all__ = [
    "Implementation",
    "Place",
    "bind",
    "check_implementation",
    "check_names",
    "find_nodes_file",
    "stubs",
]
