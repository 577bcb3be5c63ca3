"""Making the sizes of a picture of what somebody uploads: read by Pillow, drawn anew, without what came along."""

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from django.core.exceptions import ValidationError
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 30_000_000
LEAST_WIDTH, LEAST_HEIGHT = 320, 180
FORMATS = ("PNG", "JPEG", "WEBP")
WIDTHS = (480, 960, 1600)
SHARED = "bagikan"  # the JPEG for those who pass the address on; not all of them read WebP
SHARED_WIDTH = 1200
UNREADABLE = "Berkas ini tidak dapat dibaca sebagai gambar PNG, JPEG, atau WebP."
TOO_LARGE = "Gambar terlalu besar: paling besar 10 MB dan 30 juta piksel."
TOO_SMALL = f"Gambar terlalu kecil: paling sedikit {LEAST_WIDTH} × {LEAST_HEIGHT} piksel."


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    width: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """A picture in all its sizes; width and height are the largest one's."""

    width: int
    height: int
    sizes: tuple[Size, ...]


def make_sizes(file: BinaryIO, size: int) -> Made:
    """Return a picture drawn anew in each width it is large enough for; ValidationError says what is wrong with it."""
    if size > MOST_BYTES:
        raise ValidationError(TOO_LARGE)
    drawn = _read(file.read(MOST_BYTES + 1))
    if drawn.width < LEAST_WIDTH or drawn.height < LEAST_HEIGHT:
        raise ValidationError(TOO_SMALL)
    widths = [w for w in WIDTHS if w < drawn.width] + [min(drawn.width, WIDTHS[-1])]
    sizes = [Size(f"w{w}", w, _encoded(_scaled(drawn, w), "WEBP")) for w in sorted(set(widths))]
    shared = _scaled(drawn, min(SHARED_WIDTH, drawn.width))
    largest = _scaled(drawn, max(widths))
    return Made(largest.width, largest.height, (*sizes, Size(SHARED, shared.width, _encoded(shared, "JPEG"))))


def _read(content: bytes) -> Image.Image:
    # WeasyPrint turns this on for the whole process; half a picture is no picture.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise ValidationError(TOO_LARGE)
                found.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))  # a large JPEG is decoded smaller
                return _plain(ImageOps.exif_transpose(found))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombWarning) as error:
        raise ValidationError(UNREADABLE) from error
    except Image.DecompressionBombError as error:
        raise ValidationError(TOO_LARGE) from error


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels alone, on white where they are transparent: no profile, no place, no camera, no thumbnail."""
    rgba = image.convert("RGBA")
    plain = Image.new("RGB", rgba.size, "white")
    plain.paste(rgba, mask=rgba.getchannel("A"))
    return plain


def _scaled(image: Image.Image, width: int) -> Image.Image:
    if width >= image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    if kind == "JPEG":
        image.save(made, kind, quality=82, optimize=True, progressive=True)
    else:
        image.save(made, kind, quality=78, method=4)
    return made.getvalue()
