"""Probes: whether a compiler does what programs need, found out by letting it."""

import tempfile
from pathlib import Path

from flux.toolchain.compilers import Compiler
from flux.toolchain.process import BuildError, run_tool

CXX20 = """\
#include <concepts>
#include <span>
#include <thread>

template <std::integral Number>
int twice(std::span<const Number> numbers) {
  return static_cast<int>(numbers[0] * 2);
}

int main() {
  const int numbers[] = {0};
  int status = 1;
  std::jthread([&] { status = twice(std::span<const int>(numbers)); }).join();
  return status;
}
"""

JPEG = """\
#include <stdio.h>
#include <jpeglib.h>

int main(void) {
  struct jpeg_error_mgr errors;
  return jpeg_std_error(&errors) == &errors ? 0 : 1;
}
"""

TOML = """\
#if !__has_include(<toml++/toml.h>)
#error it is not installed
#endif

int main() { return 0; }
"""

OPENSSL = """\
#include <openssl/ssl.h>

int main(void) {
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_free(context);
  return context ? 0 : 1;
}
"""


def version(compiler: Compiler) -> str:
    """What a compiler says it is."""
    try:
        return run_tool([*compiler.command, "--version"], Path.cwd()).stdout.partition("\n")[0]
    except BuildError as error:
        return str(error)


def works(compiler: Compiler, text: str, suffix: str, *flags: str) -> bool:
    """Whether a text compiles, links and ends with 0."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, binary = folder / f"probe{suffix}", folder / "probe"
        source.write_text(text, encoding="utf-8")
        try:
            command = [*compiler.command, str(source), "-o", str(binary), *flags]
            return run_tool(command, folder).returncode == 0 and _runs(binary)
        except BuildError:
            return False


def _runs(binary: Path) -> bool:
    try:
        return run_tool([str(binary)], binary.parent).returncode == 0
    except BuildError:  # a compiler that says all is well, and makes nothing
        return False
