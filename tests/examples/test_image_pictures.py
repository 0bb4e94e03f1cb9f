"""Pictures in a folder, and their JPEGs."""

import os
from io import BytesIO

import pytest
from PIL import Image

import jpeg
import ppm
import samples
from gallery import Gallery, NoPictureError

DOT = b"P6 1 1 255\nabc"


@pytest.fixture
def gallery(tmp_path):
    (tmp_path / "root" / "inner").mkdir(parents=True)
    (tmp_path / "root" / "dot.ppm").write_bytes(DOT)
    (tmp_path / "root" / "inner" / "dot.ppm").write_bytes(DOT)
    (tmp_path / "outside.ppm").write_bytes(DOT)
    return Gallery(tmp_path / "root", max_pixels=100)


@pytest.mark.parametrize("name", ["dot", "inner/dot"])
def test_a_picture_in_the_folder_is_read(gallery, name):
    assert gallery.read(name).samples == b"abc"


def test_a_link_within_the_folder_is_followed(gallery):
    (gallery.root / "link.ppm").symlink_to("inner/dot.ppm")
    assert gallery.read("link").samples == b"abc"


def test_a_folder_that_is_itself_a_link_is_served(gallery):
    link = gallery.root.with_name("link")
    link.symlink_to("root")
    assert Gallery(link, 100).read("dot").samples == b"abc"


def test_a_link_out_of_the_folder_leads_nowhere(gallery):
    (gallery.root / "link.ppm").symlink_to("../outside.ppm")
    (gallery.root / "up").symlink_to("..")
    with pytest.raises(NoPictureError):
        gallery.read("link")
    with pytest.raises(NoPictureError):
        gallery.read("up/outside")


def test_a_folder_whose_name_begins_alike_is_outside(gallery, tmp_path):
    (tmp_path / "root-of-others").mkdir()
    (tmp_path / "root-of-others" / "dot.ppm").write_bytes(DOT)
    with pytest.raises(NoPictureError):
        gallery.read("../root-of-others/dot")


@pytest.mark.parametrize(
    "name", ["missing", "dot.ppm/dot", "../outside", "a\0b", "\udcff", "n" * 300, ""]
)
def test_what_is_not_there_is_no_picture(gallery, name):
    with pytest.raises(NoPictureError):
        gallery.read(name)


def test_loops_folders_and_pipes_are_no_pictures(gallery):
    (gallery.root / "loop.ppm").symlink_to("loop.ppm")
    (gallery.root / "folder.ppm").mkdir()
    os.mkfifo(gallery.root / "pipe.ppm")
    with pytest.raises(NoPictureError):
        gallery.read("loop")
    with pytest.raises(NoPictureError):
        gallery.read("folder")
    with pytest.raises(NoPictureError):
        gallery.read("pipe")


def test_a_file_that_is_no_picture_is_a_bad_one(gallery):
    (gallery.root / "junk.ppm").write_bytes(b"junk")
    with pytest.raises(ppm.BadPictureError):
        gallery.read("junk")


def test_another_file_of_the_same_name_is_another_version(gallery):
    before = gallery.version("dot")
    (gallery.root / "new").write_bytes(DOT)
    (gallery.root / "new").rename(gallery.root / "dot.ppm")
    assert before is not None
    assert gallery.version("dot") not in {before, None}


def test_what_is_not_there_has_no_version(gallery):
    assert gallery.version("missing") is gallery.version("a\0b") is None


GREY = ppm.Pixels("L", 40, 20, bytes(800))


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (None, None, (40, 20)),
        (20, None, (20, 10)),
        (None, 40, (80, 40)),
        (5, 7, (5, 7)),
        (1, None, (1, 1)),
    ],
)
def test_a_side_that_was_not_asked_for_follows_the_other(width, height, size):
    made = jpeg.compress(GREY, jpeg.Shape(width, height), max_pixels=10_000)
    assert Image.open(BytesIO(made.data)).size == size


@pytest.mark.parametrize(
    ("width", "height"), [(200, 200), (None, 100), (200, None), (65_500, 1), (501, 1)]
)
def test_a_size_beyond_the_bound_is_refused_though_it_were_only_half_way(width, height):
    with pytest.raises(jpeg.BadShapeError):
        jpeg.compress(GREY, jpeg.Shape(width, height), max_pixels=10_000)


def test_a_side_longer_than_a_jpeg_can_have_is_refused():
    line = ppm.Pixels("L", 60_000, 1, bytes(60_000))
    with pytest.raises(jpeg.BadShapeError):
        jpeg.compress(line, jpeg.Shape(height=2), max_pixels=10_000_000)


def test_lower_quality_makes_fewer_bytes(tmp_path):
    landscape, _ = samples.paint(tmp_path)
    pixels = Gallery(tmp_path, 2_000_000).read(landscape.stem)
    fine = jpeg.compress(pixels, jpeg.Shape(quality=90), 2_000_000)
    coarse = jpeg.compress(pixels, jpeg.Shape(quality=30), 2_000_000)
    assert len(coarse.data) < len(fine.data) / 2
    assert coarse.tag != fine.tag


def test_the_samples_are_a_megapixel_each_and_the_same_every_time(tmp_path):
    first, second = samples.paint(tmp_path / "a"), samples.paint(tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert first[0].stat().st_size > 3 * 1000 * 1000
    assert first[1].stat().st_size > 3 * 1000 * 1000
