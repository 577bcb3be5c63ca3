"""Pictures are drawn anew, in sizes, without what came along; bad ones are refused."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from news import pictures
from news.pictures import make_sizes
from news.tests.factories import picture_bytes


def made(content):
    return make_sizes(io.BytesIO(content), len(content))


def opened(size):
    return Image.open(io.BytesIO(size.content))


@pytest.mark.parametrize(
    ("width", "names"),
    [
        (400, ["w400", "bagikan"]),
        (480, ["w480", "bagikan"]),
        (700, ["w480", "w700", "bagikan"]),
        (1200, ["w480", "w960", "w1200", "bagikan"]),
        (2000, ["w480", "w960", "w1600", "bagikan"]),
    ],
)
def test_each_width_it_is_large_enough_for(width, names):
    result = made(picture_bytes(width, width // 2))
    assert [size.name for size in result.sizes] == names
    assert (result.width, result.height) == (min(width, 1600), min(width, 1600) // 2)
    for size in result.sizes:
        with opened(size) as image:
            assert image.format == ("JPEG" if size.name == "bagikan" else "WEBP")
            assert image.width == size.width
            assert abs(image.height - size.width / 2) <= 1


def test_nothing_of_the_camera_or_the_place_is_kept():
    exif = Image.Exif()
    exif[0x0110] = "KAMERA-RAHASIA"
    exif[0x8825] = {1: "S", 2: (8.0, 9.0, 10.0)}
    content = picture_bytes(640, 480, "JPEG", exif=exif, comment=b"CATATAN-RAHASIA")
    assert b"KAMERA-RAHASIA" in content
    assert b"CATATAN-RAHASIA" in content
    for size in made(content).sizes:
        assert b"RAHASIA" not in size.content
        with opened(size) as image:
            assert dict(image.getexif()) == {}
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)


def test_a_picture_lying_on_its_side_is_turned_before_the_note_about_it_is_lost():
    exif = Image.Exif()
    exif[0x0112] = 6
    result = made(picture_bytes(640, 400, "JPEG", exif=exif))
    assert (result.width, result.height) == (400, 640)


def test_what_is_transparent_becomes_white():
    content = io.BytesIO()
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(content, "PNG")
    with opened(made(content.getvalue()).sizes[-1]) as image:
        assert min(image.getpixel((10, 10))) > 250


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_three_formats_are_read(kind):
    assert made(picture_bytes(kind=kind)).width == 400


@pytest.mark.parametrize(
    "content",
    [
        b"", b"bukan gambar", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture_bytes()[:200],
        b"%PDF-1.4\n" + picture_bytes(), picture_bytes(kind="GIF"), picture_bytes(kind="BMP"),
        picture_bytes(kind="TIFF"), b"\x89PNG\r\n\x1a\n" + b"\0" * 100, picture_bytes(kind="JPEG")[:400],
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ValidationError, match="tidak dapat dibaca"):
        made(content)


def test_too_many_pixels_and_too_many_bytes_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100_000)
    with pytest.raises(ValidationError, match="terlalu besar"):
        made(picture_bytes(400, 300))
    with pytest.raises(ValidationError, match="terlalu besar"):
        make_sizes(io.BytesIO(b""), pictures.MOST_BYTES + 1)


def test_a_picture_too_small_to_be_shown_is_refused():
    with pytest.raises(ValidationError, match="terlalu kecil"):
        made(picture_bytes(300, 300))


def test_only_the_first_picture_of_an_animation_is_kept():
    frames = [Image.new("RGB", (400, 300), colour) for colour in ("red", "blue")]
    content = io.BytesIO()
    frames[0].save(content, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    with opened(made(content.getvalue()).sizes[0]) as image:
        assert getattr(image, "n_frames", 1) == 1
