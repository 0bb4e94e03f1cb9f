import subprocess
import sys

PROGRAM = """
import sys
before = set(sys.modules)
import flux.runtime
print(*(name for name in set(sys.modules) - before))
"""


PROFILED = """
import sys
import flux.runtime.profiler.profiler
print(*sys.modules)
"""


def test_profiles_need_no_more_than_that():
    output = subprocess.check_output([sys.executable, "-c", PROFILED], text=True)
    assert "flux.runtime.profiler.twins" in output.split()
    assert not [name for name in output.split() if name.startswith("opentelemetry")]


def test_runtime_imports_only_itself_and_the_standard_library():
    output = subprocess.check_output([sys.executable, "-c", PROGRAM], text=True)
    ours = {name for name in output.split() if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in ours if not name.startswith("flux.runtime")} == {
        "flux",
        "flux.version",
    }
