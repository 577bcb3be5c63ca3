"""Real small files of every kind, and hostile ones, made anew by the tests."""

from .good import GOOD, csv, docx, good, jpeg, mp4, ods, odt, pdf, png, pptx, txt, webp, xlsx
from .hostile import hostile

__all__ = [
    "GOOD",
    "csv",
    "docx",
    "good",
    "hostile",
    "jpeg",
    "mp4",
    "ods",
    "odt",
    "pdf",
    "png",
    "pptx",
    "txt",
    "webp",
    "xlsx",
]
