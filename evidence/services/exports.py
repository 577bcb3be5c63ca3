"""All evidence of an assessment as one ZIP, laid out like the worksheet."""

from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from django.db.models import Prefetch
from django.utils import timezone

from assessment.models import Assessment, State
from assessment.selectors import worksheet_of
from assessment.worksheet import Worksheet

from .. import bundle, storage
from ..bundle import BundleFile, BundleHead, BundleLink, HeldBack, Proof
from ..content.names import extension_of
from ..layout import folder_of
from ..layout.folders import FOLDER_LENGTH, plain_name, shortened
from ..models import Attachment, Blob, DocumentVersion, Pin
from .receive import is_servable

Item = BundleFile | BundleLink
CONDITIONS = "SYARAT PENGUSULAN"  # the folder of what proves conditions of Tabel 5


def file_name_of(assessment: Assessment) -> str:
    return f"Bukti-{assessment.unit.code}-{assessment.period.year}.zip"


def stream_of(assessment: Assessment) -> Iterator[bytes]:
    """Return the ZIP in pieces: two queries, made before the first piece and none while it is read.

    It holds what is attached now, to criteria and to the conditions for being proposed, each document as it is now
    or, unless the unit is still writing, as it was when the assessment was last submitted. Content that may not be
    handed out is named in the index, not packed.
    """
    unit = assessment.unit
    worksheet = worksheet_of(assessment.period.instrument)
    head = BundleHead(unit.code, unit.name, assessment.period.year, timezone.localtime(), worksheet)
    order = {code: place for place, code in enumerate(worksheet.criteria)}
    pins = Prefetch("pins", Pin.objects.select_related("version__blob").order_by("at"))
    live = assessment.attachments.filter(detached_at=None).with_place()
    rows = live.select_related("document__current__blob", "expected", "condition").prefetch_related(pins)
    found = [(*_place_of(worksheet, row), row) for row in rows]

    def place(item: tuple[str, tuple[str, ...], Attachment]) -> tuple[Any, ...]:
        code, _, row = item
        at = len(order) + row.condition.order if row.condition else order[code]
        return at, row.expected_place or 99, row.attached_at, row.pk

    is_draft = assessment.state == State.DRAFT
    items = [_item(row, code, folder, is_draft=is_draft) for code, folder, row in sorted(found, key=place)]
    return bundle.stream(items, head)


def _place_of(worksheet: Worksheet, row: Attachment) -> tuple[str, tuple[str, ...]]:
    """Return code and folder of what a document proves: a criterion, or a condition for being proposed."""
    if row.condition is not None:
        return row.condition.key, (CONDITIONS, shortened(plain_name(row.condition.text), FOLDER_LENGTH))
    code = worksheet.code_of[row.criterion_id or 0]
    return code, folder_of(worksheet, code)


def _item(row: Attachment, code: str, folder: tuple[str, ...], *, is_draft: bool) -> Item:
    document, version = row.document, _version(row, is_draft=is_draft)
    proof = Proof(
        code=code,
        title=document.title,
        number=document.number,
        dated=document.dated,
        year=document.year,
        page_ref=row.page_ref,
        expected=_expected(row),
        version=version.number,
    )
    blob = version.blob
    if blob is None:
        return BundleLink(proof, version.url)
    name = _name(document.title, extension_of(version.file_name))
    return BundleFile(proof, folder, name, _opener(blob), blob.size, blob.sha256)


def _expected(row: Attachment) -> str:
    if row.condition is not None:
        return row.condition.text
    return row.expected.title if row.expected else ""


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
