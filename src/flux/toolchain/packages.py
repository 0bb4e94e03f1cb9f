"""The commands that install things on this system."""

import os
import shutil
from collections.abc import Iterable

# What installs packages, and what a package is called for each; an empty name: it has none.
MANAGERS = {
    "apt-get": "apt-get install -y",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed",
    "apk": "apk add",
    "brew": "brew install",
}
PACKAGES = {
    "g++": ("g++", "gcc-c++", "gcc", "g++", "gcc"),
    "gcc": ("gcc", "gcc", "gcc", "gcc musl-dev", "gcc"),
    "make": ("make", "make", "make", "make", "make"),
    "libjpeg": ("libjpeg-dev", "libjpeg-turbo-devel", "libjpeg-turbo", "libjpeg-turbo-dev",
                "jpeg-turbo"),
    "Python.h": ("python3-dev", "python3-devel", "python", "python3-dev", "python"),
    "toml++": ("libtomlplusplus-dev", "tomlplusplus-devel", "tomlplusplus", "tomlplusplus-dev",
               "tomlplusplus"),
    "OpenSSL": ("libssl-dev", "openssl-devel", "openssl", "openssl-dev", "openssl"),
}  # fmt: skip


def installing(thing: str, managers: Iterable[str] = MANAGERS) -> str:
    """The command that installs one of `PACKAGES`; empty if no manager is known here."""
    for manager in managers:
        if shutil.which(manager):
            name = PACKAGES[thing][list(MANAGERS).index(manager)]
            return f"{_as_root(manager)}{MANAGERS[manager]} {name}"
    return ""


def _as_root(manager: str) -> str:
    return "" if manager == "brew" or os.geteuid() == 0 else "sudo "
