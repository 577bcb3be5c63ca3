"""The contexts of the import's pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count

from assessment.access import May
from assessment.models import Assessment
from assessment.selectors import worksheet_of
from assessment.worksheet import Worksheet

from .content import KINDS
from .layout import Confidence
from .models import Attachment, Document, ImportBatch, ImportItem
from .rows import moment, size_text
from .services.importing import OPEN


@dataclass(frozen=True, slots=True)
class BatchRow:
    """An import that is still open."""

    url: str
    source: str
    files: int
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One file of an import, as it may be decided about."""

    id: str
    path: str
    name: str
    size: str
    kind: str
    icon: str
    problem: str
    code: str  # typed, else proposed
    title: str  # of the proposed criterion
    place: str  # the part of the worksheet that was recognised
    why: str
    error: str
    note: str  # what the portal has already
    is_skipped: bool
    is_other_area: bool


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    label: str
    hint: str
    rows: list[ItemRow]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has just sent that was refused, by the item's key."""

    typed: Mapping[int, str]
    skipped: frozenset[int]
    errors: Mapping[int, str]


SILENCE = Said({}, frozenset(), {})


def start_page(assessment: Assessment, may: May, problem: str = "") -> dict[str, Any]:
    """Build the page on which an import begins: one query."""
    batches = assessment.import_batches.filter(state__in=OPEN).select_related("by").order_by("-created_at")
    return {
        "assessment": assessment,
        "may": may,
        "problem": problem,
        "limit": size_text(settings.EVIDENCE_MAX_IMPORT),
        "file_limit": size_text(settings.EVIDENCE_MAX_FILE),
        "file_bytes": str(settings.EVIDENCE_MAX_FILE),
        "files": settings.EVIDENCE_MAX_IMPORT_FILES,
        "batches": [_batch_row(assessment, batch) for batch in batches.annotate(files=Count("items"))],
    }


def _batch_row(assessment: Assessment, batch: Any) -> BatchRow:
    batch.assessment = assessment  # saves asking for it
    return BatchRow(batch.get_absolute_url(), batch.source, batch.files, str(batch.by), moment(batch.created_at))


def allowed_codes(worksheet: Worksheet, may: May) -> frozenset[str]:
    """Return the criteria that the person may answer."""
    return frozenset(code for code in worksheet.criteria if may.answer_criterion(worksheet, code))


def import_page(assessment: Assessment, may: May, batch: ImportBatch, said: Said = SILENCE) -> dict[str, Any]:
    """Build the preview of an import: three queries, however many files it has."""
    worksheet = worksheet_of(assessment.period.instrument)
    allowed = allowed_codes(worksheet, may)
    items = list(batch.items.all())
    known = _Known.of(assessment, items)
    rows = {item.pk: _row(worksheet, allowed, item, known, said) for item in items}
    fit = [item for item in items if item.blob_id]
    return {
        "assessment": assessment,
        "may": may,
        "batch": batch,
        "is_open": batch.state in OPEN,
        "is_receiving": batch.state == ImportBatch.State.RECEIVING,
        "at": moment(batch.created_at),
        "groups": _groups(items, rows, is_refused=bool(said.errors)),
        "errors": [rows[pk] for pk in said.errors],
        "total": str(len(items)),
        "fit": str(len(fit)),
        "placed": str(sum(bool(rows[item.pk].code) for item in fit)),
        "criteria": [(c.code, c.title) for c in worksheet.criteria.values() if c.code in allowed],
    }


@dataclass(frozen=True, slots=True)
class _Known:
    """What the unit has of an import's contents: titles by content, and where they are attached."""

    titles: dict[str | None, str]
    attached: set[tuple[str | None, int]]

    @classmethod
    def of(cls, assessment: Assessment, items: list[ImportItem]) -> "_Known":
        """Look the contents up: two queries."""
        blobs = {item.blob_id for item in items if item.blob_id}
        documents = Document.objects.filter(unit=assessment.unit, current__blob__in=blobs)
        live = Attachment.objects.live().filter(assessment=assessment, document__current__blob__in=blobs)
        return cls(
            dict(documents.values_list("current__blob", "title")),
            set(live.values_list("document__current__blob", "criterion")),
        )

    def note(self, worksheet: Worksheet, item: ImportItem) -> str:
        criterion = worksheet.criteria.get(item.code)
        if criterion and (item.blob_id, criterion.pk) in self.attached:
            return "Isi yang sama sudah terlampir di kriteria ini."
        title = self.titles.get(item.blob_id)
        return f"Isi yang sama sudah ada sebagai “{title}”." if title else ""


def _row(worksheet: Worksheet, allowed: frozenset[str], item: ImportItem, known: _Known, said: Said) -> ItemRow:
    criterion, place, kind = worksheet.criteria.get(item.code), worksheet.nodes.get(item.place), KINDS.get(item.kind)
    is_other = bool(item.code) and item.code not in allowed
    return ItemRow(
        id=str(item.pk),
        path=item.path,
        name=item.file_name or item.path.rsplit("/", 1)[-1],
        size=size_text(item.size),
        kind=kind.label if kind else "",
        icon=kind.icon if kind else "file-earmark",
        problem=item.problem,
        code=said.typed.get(item.pk, "" if is_other else item.code),
        title=criterion.title if criterion else "",
        place=f"{place.code} {place.name}" if place and not criterion else "",
        why=item.why,
        error=said.errors.get(item.pk, ""),
        note=known.note(worksheet, item),
        is_skipped=item.pk in said.skipped,
        is_other_area=is_other,
    )


def _groups(items: list[ImportItem], rows: Mapping[int, ItemRow], *, is_refused: bool) -> list[Group]:
    """Sort the files by how much they need a person; what is sure comes last and folded."""
    refused = [rows[i.pk] for i in items if not i.blob_id]
    found = [Group("ditolak", "Tidak dapat dipakai", "Berkas ini tidak ikut dilampirkan.", refused, is_open=True)]
    hints = {
        Confidence.NONE: "Pilih kriterianya, atau biarkan kosong agar tidak dilampirkan.",
        Confidence.LIKELY: "Kemungkinan besar benar; periksa sebelum melampirkan.",
        Confidence.SURE: "Nama foldernya cocok dengan LKE.",
    }
    for confidence, hint in hints.items():
        fit = [rows[i.pk] for i in items if i.blob_id and i.confidence == confidence]
        is_open = is_refused or confidence != Confidence.SURE
        found.append(Group(confidence.value, confidence.label, hint, fit, is_open))
    return [group for group in found if group.rows]
