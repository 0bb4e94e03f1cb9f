"""What commands share that start the interpreter anew, with fibers for threads."""

import os
from collections.abc import Sequence
from typing import NoReturn

import click

from flux.cli.native import FailedBuild
from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.codec import codec
from flux.toolchain.fibers import NoFibersError, become, environment, shared_object
from flux.toolchain.process import BuildError


def become_fibrous(
    arguments: Sequence[str], *, children: bool = False, stall: int | None = None
) -> NoReturn:
    """Let this process be an interpreter whose threads are fibers.

    `stall` is after how many milliseconds it tells which of them holds up the others.

    Raises:
        click.ClickException: That can't be done here.
    """
    try:
        cache = Cache(cache_folder())
        made, module = shared_object(cache, _tell), codec(cache, _tell)
        given = environment(made, module, os.environ, children=children, stall=stall)
        become([*arguments], given)
    except NoFibersError as error:
        raise click.ClickException(str(error)) from None
    except BuildError as error:
        raise FailedBuild(error) from None
    except OSError as error:
        raise click.ClickException(
            f"{error.filename or cache_folder()}: {error.strerror}; FLUX_CACHE names another folder"
        ) from None
    raise AssertionError  # it has become another program


def _tell(line: str) -> None:
    click.echo(line, err=True)
