"""Fuzzes one property with Atheris, in a process of its own, for so many seconds.

Example: python tests/fuzz/fuzzer.py syntax 60 FOLDER
"""

import sys
from pathlib import Path

import atheris

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "examples" / "web")]

MODULES = ["flux", "codings", "conditions", "configuration", "dates", "fastcgi", "mime", "pages"]

with atheris.instrument_imports(include=[*MODULES, "ranges", "responses", "sites", "tomllib"]):
    from fuzz.properties import CORPORA, PROPERTIES

name, seconds, found = sys.argv[1:]
options = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=60", "-print_final_stats=1"]
atheris.Setup(
    [name, *options, f"-artifact_prefix={found}/", found, str(CORPORA[name])], PROPERTIES[name]
)
atheris.Fuzz()
