import pytest

from flux.toolchain.process import BuildError
from flux.toolchain.wrapper import wrapper


def test_each_node_is_checked_behind_the_file():
    lines = wrapper("server.cpp", ["Listen", "Work"]).splitlines()
    place = lines.index('#include "server.cpp"')
    assert lines[place:] == [
        '#include "server.cpp"',
        "",
        "#include <flux/check.hpp>",
        "",
        "FLUX_CHECK_NODE(Listen);",
        "FLUX_CHECK_NODE(Work);",
    ]


@pytest.mark.parametrize("name", ['quo"te.cpp', "line\n.cpp", "back\\slash.cpp", "return\r.cpp"])
def test_a_name_that_cannot_be_included_is_a_clear_error(name):
    with pytest.raises(BuildError, match="rename it"):
        wrapper(name, [])
