"""Which certificate a listener shows, and files of them that change or make no sense."""

import logging

import pytest
from certificates import make_certificate, unfit_files
from nodes.tls_peer import Peer, trusting

from flux.nodes.tls import BadCertificateError, Tls


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"), "first.example")


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"), "second.example")


@pytest.fixture
def files(first, tmp_path):
    """Those of the first certificate, which a test may change."""
    own = type(first)(tmp_path / "site.pem", tmp_path / "site.key")
    own.replace_with(first)
    return own


def name_of(listener, certificate, host="127.0.0.1"):
    """What a client is shown that trusts this certificate only."""

    def look(client):
        client.sendall(b"?")
        assert client.recv(1) == b"!"
        return client.getpeercert()["subject"]

    peer = Peer(listener, trusting(certificate), look, host)
    connection = listener.listen()
    assert connection.receive() == b"?"
    connection.send(b"!")
    return dict(peer.end()[0])["commonName"]


def test_files_that_change_are_read_again(make_listener, files, first, second):
    clock = Clock()
    listener = make_listener(tls=Tls(str(files.certificate), str(files.key), clock=clock))
    files.replace_with(second)
    assert name_of(listener, first) == "first.example"
    clock.now = 1.0
    assert name_of(listener, second) == "second.example"


def test_while_new_files_make_no_sense_the_old_ones_stay(make_listener, files, first, caplog):
    clock = Clock()
    listener = make_listener(tls=Tls(str(files.certificate), str(files.key), clock=clock))
    files.key.write_text("nonsense")
    clock.now = 1.0
    with caplog.at_level(logging.WARNING, "flux"):
        assert name_of(listener, first) == "first.example"
    assert "the old certificate stays: " in caplog.text
    files.replace_with(first)
    clock.now = 2.0
    assert name_of(listener, first) == "first.example"


def test_a_client_gets_the_certificate_of_the_host_that_it_asks_for(make_listener, first, second):
    tls = Tls(str(first.certificate), str(first.key))
    tls.add("Second.Example", str(second.certificate), str(second.key))
    listener = make_listener(tls=tls)
    assert name_of(listener, second, "second.example") == "second.example"
    assert name_of(listener, first, "first.example") == "first.example"
    assert name_of(listener, first) == "first.example"


@pytest.fixture(scope="module")
def unfit(first, second, tmp_path_factory):
    files = {"pem": first.certificate, "key": first.key, "other": second.key}
    return files | unfit_files(first, tmp_path_factory.mktemp("unfit"))


@pytest.mark.parametrize(
    ("certificate", "key", "told"),
    [
        ("key", "key", r"first\.example\.key holds no certificate in the form PEM"),
        ("pem", "pem", r"first\.example\.pem holds no private key in the form PEM"),
        ("broken", "key", r"cannot use .*broken\.pem with .*first\.example\.key: "),
        ("pem", "other", r"second\.example\.key is not the key of the first certificate in"),
        ("pem", "rsa", r"rsa\.key is not the key of the first certificate in"),
        ("pem", "locked", r"locked\.key is encrypted: write it without, by `openssl pkey"),
    ],
)
def test_files_that_make_no_sense_are_refused_with_a_remedy(unfit, certificate, key, told):
    with pytest.raises(BadCertificateError, match=told):
        Tls(str(unfit[certificate]), str(unfit[key]))


def test_a_file_that_is_not_there_is_refused_at_once(first, tmp_path):
    with pytest.raises(FileNotFoundError):
        Tls(str(first.certificate), str(tmp_path / "nowhere"))
