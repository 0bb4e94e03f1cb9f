"""The suite on the C++ target: what generated programs do when their nodes follow scripts."""

from flux.conformance.cpp.carrier import RUNTIMES, CppCarrier

__all__ = ["RUNTIMES", "CppCarrier"]
