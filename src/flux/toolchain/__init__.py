"""From C++ to a running server: compilers, the engine, and a cache of what they made.

A build is a function of contents: of the generated program, the user's files, the headers that
they include, the engine, the compilers and the flags. `manifest` tells whether a program that was
built before is still the one that would be built now. It is all that a second start of a server
needs, so it and what it imports load within milliseconds; this package imports nothing by itself.
"""
