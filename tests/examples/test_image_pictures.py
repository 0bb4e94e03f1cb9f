"""Pictures in a folder, and their JPEGs."""

import os
from io import BytesIO

import image_modules
import pytest
from PIL import Image, ImageChops, ImageStat

import jpeg
import ppm
import samples
from gallery import NoPictureError

DOT = b"P6 1 1 255\nabc"


@pytest.fixture
def gallery(modules, tmp_path):
    (tmp_path / "root" / "inner").mkdir(parents=True)
    (tmp_path / "root" / "dot.ppm").write_bytes(DOT)
    (tmp_path / "root" / "inner" / "dot.ppm").write_bytes(DOT)
    (tmp_path / "outside.ppm").write_bytes(DOT)
    return modules.Gallery(tmp_path / "root", max_pixels=100)


@pytest.mark.parametrize("name", ["dot", "inner/dot"])
def test_a_picture_in_the_folder_is_read(gallery, name):
    assert gallery.read(name).samples == b"abc"


def test_a_link_within_the_folder_is_followed(gallery):
    (gallery.root / "link.ppm").symlink_to("inner/dot.ppm")
    assert gallery.read("link").samples == b"abc"


def test_a_folder_that_is_itself_a_link_is_served(modules, gallery):
    link = gallery.root.with_name("link")
    link.symlink_to("root")
    assert modules.Gallery(link, 100).read("dot").samples == b"abc"


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
def test_a_side_that_was_not_asked_for_follows_the_other(modules, width, height, size):
    made = modules.compress(GREY, jpeg.Shape(width, height), max_pixels=10_000)
    assert Image.open(BytesIO(made.data)).size == size


@pytest.mark.parametrize(
    ("width", "height"), [(200, 200), (None, 100), (200, None), (65_500, 1), (501, 1)]
)
def test_a_size_beyond_the_bound_is_refused_though_it_were_only_half_way(modules, width, height):
    with pytest.raises(jpeg.BadShapeError):
        modules.compress(GREY, jpeg.Shape(width, height), max_pixels=10_000)


def test_a_side_longer_than_a_jpeg_can_have_is_refused(modules):
    line = ppm.Pixels("L", 60_000, 1, bytes(60_000))
    with pytest.raises(jpeg.BadShapeError):
        modules.compress(line, jpeg.Shape(height=2), max_pixels=10_000_000)


def test_lower_quality_makes_fewer_bytes(modules, tmp_path):
    landscape, _ = samples.paint(tmp_path)
    pixels = modules.Gallery(tmp_path, 2_000_000).read(landscape.stem)
    fine = modules.compress(pixels, jpeg.Shape(quality=90), 2_000_000)
    coarse = modules.compress(pixels, jpeg.Shape(quality=30), 2_000_000)
    assert len(coarse.data) < len(fine.data) / 2
    assert coarse.tag != fine.tag


@pytest.fixture(scope="module")
def painted(tmp_path_factory):
    return samples.paint(tmp_path_factory.mktemp("painted"))


def mean_error(one, other):
    assert (one.mode, one.size) == (other.mode, other.size)
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("number", [0, 1], ids=["landscape", "card"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("size", [(300, 210), (1201, 839), (1200, 1), (1, 840), (2400, 1000)])
def test_pictures_are_scaled_as_pillow_scales_them(compiled, painted, number, mode, size):
    picture = Image.open(painted[number]).convert(mode)
    scaled = compiled.resize(ppm.Pixels(mode, *picture.size, picture.tobytes()), *size)
    ours = Image.frombytes(scaled.mode, (scaled.width, scaled.height), scaled.samples)
    assert mean_error(ours, picture.resize(size, Image.Resampling.LANCZOS)) < 0.5


@pytest.mark.parametrize("value", [0, 1, 128, 255])
def test_a_picture_of_one_colour_keeps_it_in_any_size(compiled, value):
    pixels = ppm.Pixels("L", 50, 30, bytes([value]) * 1500)
    scaled = compiled.resize(pixels, 77, 11)
    assert scaled.samples == bytes([value]) * (77 * 11)


@pytest.mark.parametrize("shape", [jpeg.Shape(), jpeg.Shape(quality=20), jpeg.Shape(400)])
def test_both_languages_make_the_same_picture(compiled, painted, shape):
    pixels = image_modules.PYTHON.Gallery(painted[0].parent, 2_000_000).read("landscape")
    pictures = [
        Image.open(BytesIO(modules.compress(pixels, shape, 2_000_000).data))
        for modules in (image_modules.PYTHON, compiled)
    ]
    assert pictures[0].info == pictures[1].info
    assert pictures[0].quantization == pictures[1].quantization
    assert mean_error(*pictures) < 0.5


def test_a_picture_whose_samples_go_before_they_are_read_is_bad(compiled):
    with pytest.raises(ppm.BadPictureError, match="gone"):
        compiled.compress_emptied(GREY)


def test_the_samples_are_a_megapixel_each_and_the_same_every_time(tmp_path):
    first, second = samples.paint(tmp_path / "a"), samples.paint(tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert first[0].stat().st_size > 3 * 1000 * 1000
    assert first[1].stat().st_size > 3 * 1000 * 1000
