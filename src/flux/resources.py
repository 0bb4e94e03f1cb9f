"""What stands beside the code: pages of the documentation, templates, examples, the engine."""

from pathlib import Path

PACKAGE = Path(__file__).parent

# An installed package carries them; in a checkout they stand where readers look for them.
ROOTS = (PACKAGE, PACKAGE.parent.parent)


def folder(name: str) -> Path:
    """A folder such as `docs/errors`.

    Raises:
        FileNotFoundError: The installation is damaged.
    """
    for root in ROOTS:
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"this installation of flux lacks its folder {name}")
