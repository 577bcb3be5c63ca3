"""All evidence of an assessment as one ZIP, laid out like the worksheet."""

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from django.db.models import Prefetch
from django.utils import timezone

from assessment.models import Assessment, State
from assessment.selectors import worksheet_of

from .. import bundle, storage
from ..bundle import BundleFile, BundleHead, BundleLink, HeldBack, Proof
from ..content.names import extension_of
from ..layout import folder_of
from ..models import Attachment, Blob, DocumentVersion, Pin
from .receive import is_servable

Item = BundleFile | BundleLink


def file_name_of(assessment: Assessment) -> str:
    return f"Bukti-{assessment.unit.code}-{assessment.period.year}.zip"


def stream_of(assessment: Assessment) -> Iterator[bytes]:
    """Return the ZIP in pieces: two queries, made before the first piece and none while it is read.

    It holds what is attached now, each document as it is now or, unless the unit is still writing, as it was when
    the assessment was last submitted. Content that may not be handed out is named in the index, not packed.
    """
    unit = assessment.unit
    worksheet = worksheet_of(assessment.period.instrument)
    head = BundleHead(unit.code, unit.name, assessment.period.year, timezone.localtime(), worksheet)
    order = {code: place for place, code in enumerate(worksheet.criteria)}
    pins = Prefetch("pins", Pin.objects.select_related("version__blob").order_by("at"))
    rows = assessment.attachments.live().with_place().select_related("document__current__blob", "expected")
    found = [(worksheet.code_of[row.criterion_id or 0], row) for row in rows.prefetch_related(pins)]
    found.sort(key=lambda pair: (order[pair[0]], pair[1].expected_place or 99, pair[1].attached_at, pair[1].pk))
    folders = {code: folder_of(worksheet, code) for code, _ in found}
    is_draft = assessment.state == State.DRAFT
    return bundle.stream([_item(row, code, folders[code], is_draft=is_draft) for code, row in found], head)


def _item(row: Attachment, code: str, folder: tuple[str, ...], *, is_draft: bool) -> Item:
    document, version = row.document, _version(row, is_draft=is_draft)
    proof = Proof(
        code=code,
        title=document.title,
        number=document.number,
        dated=document.dated,
        year=document.year,
        page_ref=row.page_ref,
        expected=row.expected.title if row.expected else "",
        version=version.number,
    )
    blob = version.blob
    if blob is None:
        return BundleLink(proof, version.url)
    name = _name(document.title, extension_of(version.file_name))
    return BundleFile(proof, folder, name, _opener(blob), blob.size, blob.sha256)


def _version(row: Attachment, *, is_draft: bool) -> DocumentVersion:
    pins = [] if is_draft else list(row.pins.all())
    version = pins[-1].version if pins else row.document.current
    assert version is not None  # noqa: S101  every document has one outside of the transaction that makes it
    return version


def _name(title: str, extension: str) -> str:
    """Name the file as people named the document, which the import reads back as its title."""
    return title if title.lower().endswith(extension) else title + extension


def _opener(blob: Blob) -> "partial[BinaryIO]":
    return partial(storage.open_content if is_servable(blob) else _held_back, blob.sha256)


def _held_back(sha256: str) -> BinaryIO:
    raise HeldBack(sha256)
