"""The image server's modules in both languages, with Python's names: one test tries them all.

Those in C++ are compiled for the occasion, with checks that end the process on undefined behaviour.
"""

import ctypes
import os
import subprocess
from ctypes import POINTER, c_char_p, c_int, c_int64, c_size_t, c_void_p
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import gallery
import jpeg
import lfu
import ppm

HERE = Path(__file__).resolve().parent
SERVER = HERE.parents[1] / "examples" / "image"
MODULES = [SERVER / f"{name}.cpp" for name in ("gallery", "jpeg", "lanczos", "ppm")]
CHECKS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-D_GLIBCXX_ASSERTIONS"]
CHECKS += ["-fsanitize=undefined", "-fsanitize-undefined-trap-on-error"]

PIXELS = JPEG = CACHE = c_void_p
FUNCTIONS = {
    "error_kind": (c_char_p,),
    "error_text": (c_char_p,),
    "pixels_read": (PIXELS, c_int, c_size_t),
    "pixels_new": (PIXELS, c_size_t, c_size_t, c_size_t, c_char_p),
    "pixels_resize": (PIXELS, PIXELS, c_size_t, c_size_t),
    "pixels_size": (None, PIXELS, POINTER(c_size_t)),
    "pixels_samples": (c_void_p, PIXELS),
    "pixels_delete": (None, PIXELS),
    "gallery_read": (PIXELS, c_char_p, c_char_p, c_size_t, c_size_t),
    "gallery_version": (c_int, c_char_p, c_char_p, c_size_t, POINTER(c_int64)),
    "jpeg_compress": (JPEG, PIXELS, c_size_t, c_size_t, c_int, c_size_t),
    "jpeg_compress_emptied": (JPEG, PIXELS),
    "jpeg_size": (c_size_t, JPEG),
    "jpeg_data": (c_void_p, JPEG),
    "jpeg_tag": (c_char_p, JPEG),
    "jpeg_delete": (None, JPEG),
    "cache_new": (CACHE, c_size_t),
    "cache_delete": (None, CACHE),
    "cache_weight": (c_size_t, CACHE),
    "cache_size": (c_size_t, CACHE),
    "cache_discard": (None, CACHE, c_char_p),
    "cache_put": (None, CACHE, c_char_p, c_int64, c_size_t),
    "cache_get": (c_int, CACHE, c_char_p, POINTER(c_int64)),
}
ERRORS = {
    "BadPicture": ppm.BadPictureError,
    "NoPicture": gallery.NoPictureError,
    "BadShape": jpeg.BadShapeError,
}


@cache
def library():
    """The C++ modules."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "modules.so"
        command = ["g++", "-std=c++20", "-O1", "-fPIC", "-shared", *CHECKS, f"-I{SERVER}"]
        subprocess.run(
            [*command, HERE / "image_modules.cpp", *MODULES, "-o", path, "-ljpeg"], check=True
        )
        loaded = ctypes.CDLL(str(path))
    for name, (result, *arguments) in FUNCTIONS.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded


def sound(handle):
    """What a function made, or the error that it left."""
    if handle is None:
        kind = library().error_kind().decode()
        raise ERRORS.get(kind, RuntimeError)(library().error_text().decode(errors="replace"))
    return handle


def taken(handle):
    """Pixels of C++ as Python's, and deleted."""
    size = (c_size_t * 3)()
    library().pixels_size(sound(handle), size)
    channels, width, height = size
    data = library().pixels_samples(handle)
    samples = ctypes.string_at(data, channels * width * height)
    library().pixels_delete(handle)
    return ppm.Pixels("L" if channels == 1 else "RGB", width, height, samples)


def given(pixels):
    """Pixels of Python as C++'s."""
    channels = 1 if pixels.mode == "L" else 3
    return library().pixels_new(channels, pixels.width, pixels.height, pixels.samples)


def read(file, max_pixels):
    """As `ppm.read`."""
    descriptor = os.memfd_create("picture")
    try:
        os.write(descriptor, file.read())
        return taken(library().pixels_read(descriptor, max_pixels))
    finally:
        os.close(descriptor)


def resize(pixels, width, height):
    """Pixels in another size."""
    old = given(pixels)
    try:
        return taken(library().pixels_resize(old, width, height))
    finally:
        library().pixels_delete(old)


def compress(pixels, shape, max_pixels):
    """As `jpeg.compress`."""
    raw = given(pixels)
    sides = shape.width or 0, shape.height or 0
    try:
        made = sound(library().jpeg_compress(raw, *sides, shape.quality, max_pixels))
    finally:
        library().pixels_delete(raw)
    data = ctypes.string_at(library().jpeg_data(made), library().jpeg_size(made))
    compressed = jpeg.Jpeg(data, library().jpeg_tag(made).decode())
    library().jpeg_delete(made)
    return compressed


def compress_emptied(pixels):
    """Compress a picture whose file is emptied before its pixels are read."""
    raw = given(pixels)
    try:
        library().jpeg_delete(sound(library().jpeg_compress_emptied(raw)))
    finally:
        library().pixels_delete(raw)


class Gallery:
    """As `gallery.Gallery`."""

    def __init__(self, root, max_pixels):
        self.root = root
        self.max_pixels = max_pixels

    def version(self, name):
        version = (c_int64 * 3)()
        found = library().gallery_version(*self._words(name), version)
        return None if found < 0 else gallery.Version(*version)

    def read(self, name):
        return taken(library().gallery_read(*self._words(name), self.max_pixels))

    def _words(self, name):
        encoded = os.fsencode(name)
        return os.fsencode(self.root), encoded, len(encoded)


class LeastFrequentlyUsed:
    """As `lfu.LeastFrequentlyUsed`."""

    def __init__(self, bound):
        self.handle = library().cache_new(bound)

    def __del__(self):
        library().cache_delete(self.handle)

    def __len__(self):
        return library().cache_size(self.handle)

    @property
    def weight(self):
        return library().cache_weight(self.handle)

    def get(self, key):
        value = c_int64()
        found = library().cache_get(self.handle, key.encode(), ctypes.byref(value))
        return None if found < 0 else value.value

    def put(self, key, value, weight):
        library().cache_put(self.handle, key.encode(), value, weight)

    def discard(self, key):
        library().cache_discard(self.handle, key.encode())


PYTHON = SimpleNamespace(
    read=ppm.read,
    Gallery=gallery.Gallery,
    compress=jpeg.compress,
    LeastFrequentlyUsed=lfu.LeastFrequentlyUsed,
)
CPP = SimpleNamespace(
    read=read,
    Gallery=Gallery,
    resize=resize,
    compress=compress,
    compress_emptied=compress_emptied,
    LeastFrequentlyUsed=LeastFrequentlyUsed,
)
