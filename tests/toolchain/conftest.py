import pytest

from flux import resources
from flux.toolchain.cache import Cache
from flux.toolchain.recipe import NodesFile, Recipe


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


@pytest.fixture
def told():
    """What a builder has told, as a list that can be called."""

    class Told(list):
        def __call__(self, line):
            self.append(line)

    return Told()


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """An engine that is quickly compiled: its `main` prints what `flux_program` gives."""
    folder = tmp_path / "flux" / "engine"
    for name, text in ENGINE.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(resources, "ROOTS", (folder.parent,))
    return folder


@pytest.fixture
def recipe(tmp_path):
    """A program with a header, one generated text, and two files of the user's, one of them in C.

    Its server prints 42.
    """
    folder = tmp_path / "program"
    folder.mkdir()
    for name, text in NODES.items():
        (folder / name).write_text(text, encoding="utf-8")
    files = (NodesFile(folder / "answer.cpp", ("Twice",)), NodesFile(folder / "number.c"))
    return Recipe("answer", GENERATED, files, folder)


ENGINE = {
    "Makefile": (
        "ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))\n"
        "$(BUILD)/libflux.a: $(ROOT)/src/main.cpp\n"
        "\tmkdir -p $(BUILD)\n"
        "\t$(CXX) -I$(ROOT)/include $(CXXFLAGS) -c $< -o $(BUILD)/main.o\n"
        "\tar rc $@ $(BUILD)/main.o\n"
    ),
    "include/flux/program.hpp": "#pragma once\nint flux_program();\n",
    "include/flux/check.hpp": (resources.folder("engine") / "include/flux/check.hpp").read_text(
        encoding="utf-8"
    ),
    "src/main.cpp": (
        "#include <flux/program.hpp>\n#include <stdio.h>\n"
        'int main() { printf("%d\\n", flux_program()); }\n'
    ),
}

NODES = {
    "answer.cpp": '#include "answer.h"\nint Twice(int number) { return 2 * number; }\n',
    "number.c": '#include "answer.h"\n#include "number.h"\nint Number(void) { return NUMBER; }\n',
    "number.h": "#ifndef NUMBER\n#define NUMBER 21\n#endif\n",
}

GENERATED = {
    "answer.h": (
        "#pragma once\n"
        '#ifdef __cplusplus\nint Twice(int number);\nextern "C"\n#endif\n'
        "int Number(void);\n"
    ),
    "answer_flux.cpp": (
        '#include "answer.h"\n\n#include <flux/program.hpp>\n\n'
        "int flux_program() { return Twice(Number()); }\n"
    ),
}
