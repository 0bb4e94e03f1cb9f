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


def unfit_files(certificate, folder):
    """Files that are no certificate, and keys of no use for this one, by what is wrong."""
    broken = folder / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    rsa, locked = folder / "rsa.key", folder / "locked.key"
    _openssl("genrsa", "-out", rsa, "2048")
    _openssl("pkey", "-in", certificate.key, "-out", locked, "-aes256", "-passout", "pass:x")
    return {"broken": broken, "rsa": rsa, "locked": locked}


def make_certificate(folder, name):
    """A certificate for a name, and for this machine, by OpenSSL's own program."""
    made = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    words = ["req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    words += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    words += ["-addext", f"subjectAltName=IP:127.0.0.1,DNS:{name}"]
    words += ["-out", str(made.certificate), "-keyout", str(made.key)]
    _openssl(*words)
    return made


def _openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)
