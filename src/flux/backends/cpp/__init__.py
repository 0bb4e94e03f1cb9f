"""The Plan as a C++ program: straight, sequential code for one flow."""

from flux.backends.cpp.backend import CppBackend

__all__ = ["CppBackend"]
