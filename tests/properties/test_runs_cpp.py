import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from properties.cpp.runs import RUNTIMES, Binary, Program
from properties.programs import numbered_program

from flux.conformance.cpp.build import flags_of

PROGRAMS = int(os.environ.get("FLUX_PROGRAMS", "300"))

# A program takes a second to be compiled; so of many there are fewer than in Python.
NATIVE = max(min(PROGRAMS, 100), PROGRAMS // 10)
IN_ONE = min(50, (NATIVE + 1) // 2)  # a few go by two processors, too
SANITIZER = os.environ.get("FLUX_SANITIZE")
FLAGS = flags_of(SANITIZER)

# What a sanitizer watches is run beside other things that share its engine: the user's cache.
pytestmark = [] if SANITIZER else pytest.mark.usefixtures("flux_cache")


@pytest.mark.timeout(400)
@pytest.mark.parametrize("first", range(0, NATIVE, IN_ONE))
def test_a_run_in_cpp_ends_and_does_what_the_model_says(first):
    seeds = range(first, min(first + IN_ONE, NATIVE))
    programs = [Program(numbered_program(seed), seed, turns=seed % 11) for seed in seeds]
    with TemporaryDirectory() as folder:
        binary = Binary(Path(folder), programs, FLAGS)
        for number in range(len(programs)):
            for runtime in RUNTIMES:
                binary.check(number, runtime)
