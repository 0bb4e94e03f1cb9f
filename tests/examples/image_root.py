"""The folder of pictures that the image server is asked for."""

PICTURE = b"P6 60 40 255\n" + bytes(range(240)) * 30


def make_pictures(folder):
    """A picture that is small, one that is large, one that is none, and one outside of it."""
    (folder / "small.ppm").write_bytes(PICTURE)
    (folder / "large.ppm").write_bytes(b"P6 2000 2000 255\n" + bytes(range(250)) * 48_000)
    (folder / "junk.ppm").write_bytes(b"junk")
    (folder / "outside.ppm").symlink_to("/etc/passwd")
    return folder
