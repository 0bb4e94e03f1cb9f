"""Building native programs in the cache."""

from collections.abc import Mapping
from pathlib import Path

from flux.toolchain.cache import Cache
from flux.toolchain.commands import compiling, linking, mode_of_engine
from flux.toolchain.compile import Unit, compile_units
from flux.toolchain.compilers import Compilers
from flux.toolchain.engine import Engine, build_engine
from flux.toolchain.libraries import own_libraries
from flux.toolchain.process import BuildError, Tell, run_tool
from flux.toolchain.recipe import Recipe, Source
from flux.toolchain.stamps import Stamp, digest_of, stamps


def build_program(
    recipe: Recipe, key: str, compilers: Compilers, cache: Cache, tell: Tell
) -> tuple[Path, dict[str, Stamp]]:
    """The binary of a program, and all files that went into it.

    The key is that of the program's place: who calls holds its lock.

    Raises:
        BuildError: It can't be built, and why.
    """
    engine = Engine()
    library = build_engine(engine, cache, compilers.cxx, mode_of_engine(recipe.flags), tell)
    generated = cache.folder("generated", key)
    _refuse_old_headers(recipe)
    write_texts(recipe.texts(), generated)
    units = []
    for source in recipe.sources():
        command = compiling(source, recipe, compilers, generated, engine.include)
        texts = _texts_of(source, generated)
        units.append(Unit(source.name, texts, command, compilers.identity, recipe.folder))
    compiled = compile_units(units, cache, tell)
    command = linking(recipe, compilers, [*(each.object for each in compiled), library])
    libraries = stamps(map(str, own_libraries(recipe.flags.ldflags, recipe.folder)))
    files = engine.files | libraries
    for each in compiled:
        files |= each.files
    return _linked(command, libraries, recipe, compilers, cache), files


def write_texts(texts: Mapping[str, str], folder: Path) -> None:
    """Write the texts of a program, leaving alone those that are there."""
    for name, text in texts.items():
        data = text.encode(errors="surrogateescape")
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)


def _texts_of(source: Source, generated: Path) -> tuple[Path, ...]:
    own = [source.file] if source.file else []
    written = [generated / source.written] if source.written else []
    return (*written, *own)


def _linked(
    command: tuple[str, ...],
    libraries: Mapping[str, Stamp],
    recipe: Recipe,
    compilers: Compilers,
    cache: Cache,
) -> Path:
    """The binary that a command makes; its objects' names say what is in them."""
    digests = (library.digest for library in libraries.values())
    key = digest_of(recipe.name, compilers.identity, *command, *digests)
    entry = cache.entry("programs", key)
    if not cache.used(entry):
        with cache.draft() as draft:
            (draft / key).mkdir()
            done = run_tool([*command, "-o", str(draft / key / recipe.name)], recipe.folder)
            if done.returncode:
                raise BuildError(done.stdout, f"{recipe.name} does not link")
            cache.keep(draft / key, "programs", key)
    return entry / recipe.name


def _refuse_old_headers(recipe: Recipe) -> None:
    """Compilers look beside a file first: there, no header of an older program may stand."""
    for name, text in recipe.generated.items():
        for folder in recipe.folders():
            old = folder / name
            if name.endswith(".h") and old.is_file() and old.read_text(errors="replace") != text:
                raise BuildError(
                    "", f"{old} is not this program's any more: remove it, or `flux build` it again"
                )
