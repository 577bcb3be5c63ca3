"""Making a logo of what somebody uploads: read by Pillow, drawn anew, without anything that came along."""

import hashlib
import io
import warnings
from typing import BinaryIO

from django.core.exceptions import ValidationError
from PIL import Image, ImageFile, UnidentifiedImageError

from .models import Logo

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 20_000_000
SIDE = 600  # pixels; three centimetres on paper at 500 dpi
FORMATS = ("PNG", "JPEG", "WEBP")
UNREADABLE = "Berkas ini tidak dapat dibaca sebagai gambar PNG, JPEG, atau WebP."
TOO_LARGE = "Gambar terlalu besar: paling besar 2 MB dan 20 juta piksel."


def make_logo(file: BinaryIO, size: int) -> Logo:
    """Store a picture as PNG of at most 600 pixels a side and return it; ValidationError says what is wrong with it."""
    if size > MOST_BYTES:
        raise ValidationError(TOO_LARGE)
    content = _redrawn(file.read(MOST_BYTES + 1))
    return Logo.objects.get_or_create(sha256=hashlib.sha256(content).hexdigest(), defaults={"content": content})[0]


def _redrawn(content: bytes) -> bytes:
    # WeasyPrint turns this on for the whole process; half a logo is no logo, and our own pictures are whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise ValidationError(TOO_LARGE)
                drawn = found.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombWarning) as error:
        raise ValidationError(UNREADABLE) from error
    except Image.DecompressionBombError as error:
        raise ValidationError(TOO_LARGE) from error
    drawn.thumbnail((SIDE, SIDE))
    made = io.BytesIO()
    drawn.save(made, "PNG", optimize=True)
    return made.getvalue()
