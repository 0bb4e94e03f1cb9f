"""Scripts of the web server, and uploads to them."""

from cgi_outputs import OUTPUTS

# Besides: what the stand-in for PHP has an answer of its own to.
OTHERS = ["noise", "busy", "silent", "slow", "cut", "early-cut", "last", "fickle", "upload"]
LARGE = bytes(range(256)) * 4000  # more than a body in memory may have


def make_scripts(folder):
    """Scripts below `root` in a folder."""
    root = folder / "root"
    (root / "folder").mkdir(parents=True)
    for name in [*OUTPUTS, *OTHERS]:
        (root / f"{name}.php").write_bytes(b"<?php secret")
    (root / "folder.php").mkdir()
    (root / "folder.php" / "inner.php").write_bytes(b"<?php secret")
    (root / "LOUD.PHP").write_bytes(b"<?php secret")
    (root / "out.php").symlink_to("/etc/passwd")
    (root / "folder" / "index.php").write_bytes(b"<?php echo 'index of ', $_GET['a'];")
    (root / "sum.php").write_bytes(b"<?php echo md5(file_get_contents('php://input'));")


def begin_upload(client, path, size, fields=b""):
    head = b"POST %s HTTP/1.1\r\nHost: h\r\n%sContent-Length: %d\r\n\r\n"
    client.send(head % (path, fields, size))
