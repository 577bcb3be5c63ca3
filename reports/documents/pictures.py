"""Pictures in documents: the QR code of an address."""

import io
from typing import Any

import segno


def qr_svg(url: str) -> str:
    """Return the QR code as SVG to stand inside a page; black on nothing, with its quiet zone."""
    code: str = _code(url).svg_inline(scale=1, omitsize=True)
    return code


def qr_png(url: str) -> bytes:
    """Return the QR code as PNG."""
    made = io.BytesIO()
    _code(url).save(made, kind="png", scale=6)
    return made.getvalue()


def _code(url: str) -> Any:
    return segno.make(url, error="m", micro=False)
