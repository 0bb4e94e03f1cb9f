import json
import shutil

import pytest

from flux.toolchain import machine
from flux.toolchain.packages import MANAGERS, PACKAGES, installing


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine with the programs that are named, which do nothing."""

    def have(*names):
        for name in names:
            program = tmp_path / "bin" / name
            program.parent.mkdir(exist_ok=True)
            program.write_text("#!/bin/sh\n", encoding="utf-8")
            program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        monkeypatch.setenv("FLUX_CACHE", str(tmp_path / "cache"))

    return have


@pytest.fixture
def found(flux):
    """What the doctor finds, by thing."""

    def call(*arguments):
        result = flux("doctor", "--format", "json", *arguments)
        return {each["thing"]: each for each in json.loads(result.stdout)}

    return call


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("FLUX_CACHE", str(tmp_path / "cache"))


def test_a_machine_that_has_all_is_well(flux):
    result = flux("doctor", "--target", "cpp")
    assert result.exit_code == 0
    assert "MISSING" not in result.stdout
    assert shutil.which("make") in result.stdout


def test_a_compiler_that_is_missing_is_a_failure_with_its_cure(flux, bare):
    bare("apt-get")
    result = flux("doctor", "--target", "cpp")
    assert result.exit_code == 1
    assert "MISSING  cpp  C++ compiler" in " ".join(result.stdout.splitlines())
    assert "apt-get install -y g++" in result.stdout
    assert "apt-get install -y make" in result.stdout


def test_python_needs_no_compiler(flux, bare):
    bare()
    assert flux("doctor", "--target", "python").exit_code == 0


def test_a_compiler_that_knows_no_c_20_does_not_do(found, bare):
    bare("g++", "make", "apt-get")
    compiler = found("--target", "cpp")["C++ compiler"]
    assert not compiler["present"]
    assert "no C++20" in compiler["detail"]
    assert compiler["cure"].endswith("apt-get install -y g++")


@pytest.mark.parametrize(
    ("library", "package"), [("libjpeg", "libjpeg-dev"), ("OpenSSL", "libssl-dev")]
)
def test_a_library_that_some_programs_need_is_no_failure(found, bare, library, package):
    bare("g++", "make", "apt-get")
    finding = found("--target", "cpp")[library]
    assert (finding["present"], finding["required"]) == (False, False)
    assert finding["cure"].endswith(f"apt-get install -y {package}")


def test_the_event_runtime_of_python_is_looked_at(found):
    event = found("--target", "python", "--runtime", "event")["event runtime"]
    assert (event["present"], event["cure"]) == (True, "")
    assert "event runtime" not in found("--target", "python", "--runtime", "pool")


@pytest.mark.parametrize(
    ("programs", "lack", "cure"),
    [
        (("apt-get",), "C++ compiler", "apt-get install -y g++"),
        (("g++", "make", "apt-get"), "compiles no C++20", "apt-get install -y g++"),
    ],
)
def test_without_a_compiler_python_has_no_event_runtime(found, bare, programs, lack, cure):
    bare(*programs)
    event = found("--target", "python")["event runtime"]
    assert not event["present"]
    assert lack in event["detail"]
    assert event["cure"].endswith(cure)


def test_without_make_python_has_no_event_runtime(found, bare, monkeypatch):
    bare("g++", "apt-get")
    monkeypatch.setattr(machine, "works", lambda *_: True)
    event = found("--target", "python")["event runtime"]
    assert (event["present"], event["detail"]) == (False, "make is not found")
    assert event["cure"].endswith("apt-get install -y make")


def test_headers_of_python_are_looked_for_where_the_event_runtime_is_meant(
    found, bare, monkeypatch
):
    bare("apt-get")
    monkeypatch.setattr(machine, "headers", lambda: None)
    lack = found("--target", "python", "--runtime", "event")["Python.h"]
    assert (lack["present"], lack["required"]) == (False, False)
    assert lack["cure"].endswith("apt-get install -y python3-dev")
    assert "Python.h" not in found("--target", "python", "--runtime", "pool")


def test_headers_of_python_that_are_there_are_named(found, monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "headers", lambda: tmp_path)
    assert found("--target", "python")["Python.h"]["detail"] == str(tmp_path)


def test_what_no_installation_mends_has_no_cure(found, monkeypatch):
    monkeypatch.setattr(machine, "obstacle", lambda: "threads are fibers on Linux only")
    event = found("--target", "python")["event runtime"]
    assert (event["present"], event["detail"], event["cure"]) == (
        False, "threads are fibers on Linux only", "",
    )  # fmt: skip


def test_an_extra_that_is_missing_is_no_failure(flux, found, monkeypatch):
    monkeypatch.setattr(machine, "find_spec", lambda _: None)
    pillow = found("--target", "python")["PIL"]
    assert not pillow["present"]
    assert pillow["cure"].endswith("-m pip install 'flux-servers[image]'")
    assert flux("doctor", "--target", "python").exit_code == 0


@pytest.mark.parametrize(
    ("thing", "package"), [("libjpeg", "libjpeg-dev"), ("toml++", "libtomlplusplus-dev")]
)
def test_what_only_examples_need_is_no_failure_and_says_so(
    flux, found, monkeypatch, thing, package
):
    monkeypatch.setattr(machine, "works", lambda _compiler, text, *_flags: text == machine.CXX20)
    library = found("--target", "cpp")[thing]
    assert (library["present"], library["required"]) == (False, False)
    assert library["purpose"].startswith("an example, ")
    assert package in library["cure"]
    assert flux("doctor", "--target", "cpp").exit_code == 0


def test_a_cache_that_cannot_be_written_is_a_failure(found, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FLUX_CACHE", str(tmp_path / "file"))
    cache = found("--target", "cpp")["cache"]
    assert cache["required"]
    assert not cache["present"]


def test_few_files_are_a_remark(found, monkeypatch):
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _: (64, 64))
    files = found()["open files"]
    assert (files["present"], files["detail"], files["cure"]) == (
        False, "at most 64", "ulimit -n 20000",
    )  # fmt: skip


def test_a_pool_needs_few_threads(found):
    assert "threads" in found("--runtime", "thread")
    assert "threads" not in found("--runtime", "pool")


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("thing", PACKAGES)
def test_each_thing_has_a_command_on_each_system(bare, manager, thing):
    bare(manager)
    assert f"{MANAGERS[manager]} {PACKAGES[thing][list(MANAGERS).index(manager)]}" in installing(
        thing
    )


def test_a_system_that_is_not_known_gets_no_command(bare):
    bare()
    assert installing("g++") == ""


def test_who_is_not_root_is_told_to_become_it(bare, monkeypatch):
    bare("apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert installing("make") == "sudo apt-get install -y make"


def test_the_cache_can_be_emptied(flux, tmp_path):
    entry = tmp_path / "cache" / "programs" / "key" / "server"
    entry.parent.mkdir(parents=True)
    entry.write_bytes(b"x" * 1_500_000)
    result = flux("doctor", "--clean-cache")
    assert result.stdout.startswith("removed 1.5 MB from ")
    assert not entry.exists()
