"""Certificates for tests, signed by themselves."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """The files of a certificate and of its key."""

    certificate: Path
    key: Path

    def replace_with(self, other):
        """Let other files stand at the same places."""
        for ours, theirs in [(self.certificate, other.certificate), (self.key, other.key)]:
            new = ours.with_suffix(".new")
            shutil.copy(theirs, new)
            new.replace(ours)


def make_certificate(folder, name):
    """A certificate for a name, and for this machine, by OpenSSL's own program."""
    made = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    words = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    words += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    words += ["-addext", "subjectAltName=IP:127.0.0.1"]
    words += ["-out", str(made.certificate), "-keyout", str(made.key)]
    subprocess.run(words, check=True, capture_output=True)
    return made
