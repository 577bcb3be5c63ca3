"""Plain text and CSV: readable all through, and not the beginning of something else."""

import codecs
import re

from .refusals import Refused
from .source import Source

# Tab, line feed, form feed, carriage return and next line are all a text needs.
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MARKUP = re.compile(r"<[a-z!?%/]", re.IGNORECASE)
STARTS = (("#!", "script"), ("{\\rtf", "rtf"), ("%pdf", "appended"), ("%!ps", "script"), ("@echo off", "script"))


def is_text(source: Source) -> bool:
    """Tell whether all of the file is text as UTF-8, UTF-16 with a byte order mark, or Windows-1252."""
    head = source.head(4)
    encodings = ("utf-16",) if head.startswith(UTF16) else ("utf-8-sig", "cp1252")
    return any(_is_readable(source, encoding) for encoding in encodings)


def refuse_disguised(source: Source) -> None:
    """Refuse text that a browser, an interpreter or an office program takes for something else."""
    beginning = _beginning(source).lower()
    if MARKUP.match(beginning):
        raise Refused("markup")
    for start, code in STARTS:
        if beginning.startswith(start):
            raise Refused(code)


def _beginning(source: Source) -> str:
    # Whitespace may fill any number of blocks before what counts.
    encoding = "utf-16" if source.head(2).startswith(UTF16) else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    text = ""
    for block in source.blocks():
        text = (text + decoder.decode(block)).lstrip("\ufeff \t\r\n\f\v\x00")
        if len(text) >= 16:
            break
    return text


def _is_readable(source: Source, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        if any(CONTROLS.search(decoder.decode(block)) for block in source.blocks()):
            return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
