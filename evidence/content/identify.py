"""The one question asked about every file on its way in: what is it, and may it come in."""

from collections.abc import Callable, Collection
from typing import BinaryIO

from . import images, magic, text
from .kinds import KINDS, Kind
from .mp4 import check_mp4
from .names import extension_of
from .office import OfficePackage, refuse_ole
from .pdfs import check_pdf
from .refusals import Refused
from .source import Source
from .zips import hides_a_zip

Check = Callable[[Source], None]


def identify(file: BinaryIO, name: str, allowed: Collection[str] = KINDS.keys()) -> Kind:
    """Return the kind of a seekable file; see `examine`."""
    return examine(file, name, allowed)[0]


def examine(file: BinaryIO, name: str, allowed: Collection[str] = KINDS.keys()) -> tuple[Kind, int | None]:
    """Return the kind of a seekable file, having walked its whole structure, and of a PDF the number of its pages.

    Content decides; the extension has to agree and the kind to be in `allowed`. Raises Refused, and nothing
    else whatever the bytes (an OSError of the file itself apart). Reads in blocks, moves the file's position,
    and starts a process for a PDF (`evidence.pdf`).
    """
    source = Source(file)
    extension = extension_of(name)
    if not extension:
        raise Refused("no-extension")
    if not source.size:
        raise Refused("empty")
    key, check = _sniff(source, extension)
    kind = KINDS[key]
    if extension not in kind.extensions:
        raise Refused("mismatch", label=kind.label, extension=extension, expected=kind.extensions[0])
    if key not in allowed:
        raise Refused("not-allowed", label=kind.label)
    check(source)
    return kind, source.pages


def _sniff(source: Source, extension: str) -> tuple[str, Check]:
    """Return the kind the content claims to be, and the check that proves it."""
    head = source.head(magic.HEAD)
    for starts, key, check in BINARY:
        if head.startswith(starts):
            return key, _alone(check)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp", _alone(images.check_webp)
    if head.startswith(magic.ZIP):
        package = OfficePackage(source)
        return package.kind, lambda _: package.check()
    if head.startswith(magic.OLE):
        refuse_ole(source)
    magic.refuse_known(head)
    if head[4:8] == b"ftyp":
        return "mp4", _alone(check_mp4)
    if text.is_text(source):
        text.refuse_disguised(source)
        return _text_key(extension), _nothing_more
    raise Refused("appended" if b"%PDF-" in head or hides_a_zip(source) else "unknown")


def _alone(check: Check) -> Check:
    def checked(source: Source) -> None:
        check(source)
        if hides_a_zip(source):
            raise Refused("polyglot")

    return checked


def _nothing_more(source: Source) -> None:
    """Accept: telling that it is text took reading all of it."""


def _text_key(extension: str) -> str:
    return "csv" if extension in KINDS["csv"].extensions else "txt"


BINARY: tuple[tuple[bytes, str, Check], ...] = (
    (b"%PDF-", "pdf", check_pdf),
    (images.PNG, "png", images.check_png),
    (images.JPEG, "jpeg", images.check_jpeg),
)
