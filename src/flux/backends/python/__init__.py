"""The Plan as a Python program: straight, sequential code for one flow."""

from flux.backends.python.backend import PythonBackend

__all__ = ["PythonBackend"]
