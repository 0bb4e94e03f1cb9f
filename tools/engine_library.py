"""Print where the engine is as a library, watched over by a sanitizer: it is compiled if need be.

Run `python tools/engine_library.py address`: the library is that of the generated programs of
`python -m flux.conformance --sanitize address`.
"""

# ruff: noqa: INP001, T201

import sys

from flux.conformance.cpp.build import flags_of, library

if __name__ == "__main__":
    print(library(flags_of(sys.argv[1])))
