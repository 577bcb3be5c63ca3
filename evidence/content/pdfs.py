"""PDF: its frame checked here, its inside by `evidence.pdf` in a process of its own."""

import io
import os
import re
import stat
import tempfile

from .. import pdf
from .refusals import Refused
from .source import Source

HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
WHITESPACE = b"\x00\t\n\f\r "
TRAILER = re.compile(rb"startxref[\s\x00]+([0-9]{1,12})[\s\x00]+%%EOF\Z")
# What a reference table or a stream of references begins with.
REFERENCES = re.compile(rb"[\s\x00]*(?:xref[\s\x00]|[0-9]{1,10}[\s\x00]+[0-9]{1,5}[\s\x00]+obj)")
TAIL = 2048


def check_pdf(source: Source) -> None:
    """Refuse a PDF that is cut off, carries something more, or acts on its own."""
    if not HEADER.match(source.head(8)):
        raise Refused("damaged")
    tail = source.tail(TAIL).rstrip(WHITESPACE)
    trailer = TRAILER.search(tail)
    if not trailer:
        raise Refused("appended" if not tail.endswith(b"%%EOF") and _has_end(source) else "damaged")
    start = int(trailer[1])
    if start >= source.size or not REFERENCES.match(source.read(start, min(64, source.size - start))):
        raise Refused("damaged")
    facts = _facts(source)
    _refuse_active(facts)
    source.pages = facts.pages


def _has_end(source: Source) -> bool:
    """Tell whether a PDF ends before the file does, as against being cut off."""
    last = b""
    for block in source.blocks():
        window = last + block
        if b"%%EOF" in window:
            return True
        last = window[-4:]
    return False


def _facts(source: Source) -> pdf.Facts:
    try:
        if _is_on_disk(source):
            return pdf.inspect_file(source.file)
        with tempfile.TemporaryFile() as copy:
            for block in source.blocks():
                copy.write(block)
            copy.flush()
            return pdf.inspect_file(copy)
    except pdf.Unreadable as error:
        raise Refused("damaged") from error


def _is_on_disk(source: Source) -> bool:
    try:
        return stat.S_ISREG(os.fstat(source.file.fileno()).st_mode)
    except io.UnsupportedOperation:  # lives in memory
        return False


def _refuse_active(facts: pdf.Facts) -> None:
    if facts.needs_password:
        raise Refused("pdf-password")
    if facts.pages < 1:
        raise Refused("pdf-empty")
    if facts.launches:
        raise Refused("pdf-launch")
    if facts.javascript:
        raise Refused("pdf-script")
    if facts.attachments:
        raise Refused("pdf-attachment")
    if facts.rich_media:
        raise Refused("pdf-media")
