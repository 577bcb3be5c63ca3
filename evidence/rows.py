"""What pages show of documents and attachments: plain strings, so that templates neither compute nor query."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format

from assessment.models import Assessment
from assessment.worksheet import Criterion

from . import coverage
from .models import LINK, Attachment, Document, DocumentVersion
from .services.receive import is_servable

LINK_LABEL = "Tautan"
UNITS = ("bita", "KB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a document, as pages show it."""

    number: str
    label: str  # "Versi 2"
    kind: str  # "PDF", "Tautan"
    icon: str
    size: str  # "1,2 MB"; "" for a link
    file_name: str
    url: str  # of a link; "" for a file
    file_url: str  # where the file is handed out; "" for a link and while it is kept back
    preview: str  # "pages", "image", "video", "text"; "" for none
    pages: int
    pages_url: str  # of page 1 without its number; "" where there is no preview of pages
    by: str
    at: str
    scan: str  # "Belum dipindai"; "" for a link and for clean files
    is_held_back: bool
    link_state: str  # what the last check of a link said


@dataclass(frozen=True, slots=True)
class DocumentRow:
    id: str
    title: str
    number: str
    dated: str
    year: str
    is_public: bool
    page_url: str
    version: VersionRow
    revision: str


@dataclass(frozen=True, slots=True)
class PinRow:
    at: str
    label: str
    file_url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    id: str
    document: DocumentRow
    expected: int  # place from 1; 0 for none
    page_ref: str
    revision: str
    is_other_year: bool
    verdict: str  # "" while nobody has checked it
    by: str
    at: str
    pins: list[PinRow]
    view_url: str  # the criterion's page with this attachment shown


@dataclass(frozen=True, slots=True)
class Expected:
    """One expected document of a criterion and what is attached for it."""

    place: int
    title: str
    found: list[AttachmentRow]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of one criterion."""

    criterion: Criterion
    rows: list[AttachmentRow]
    expected: list[Expected]
    others: list[AttachmentRow]  # those that are none of the expected documents
    coverage: coverage.Coverage
    page_url: str

    @property
    def missing(self) -> int:
        return self.coverage.expected - self.coverage.found


def evidence_of(
    assessment: Assessment, criterion: Criterion, attachments: list[Attachment], *, shows_verdict: bool = True
) -> Evidence:
    """Build the evidence of a criterion from its attachments (from `for_page`)."""
    rows = [attachment_row(assessment, criterion, a, shows_verdict=shows_verdict) for a in attachments]
    expected = [
        Expected(place, title, [r for r in rows if r.expected == place])
        for place, title in enumerate(criterion.documents, start=1)
    ]
    return Evidence(
        criterion=criterion,
        rows=rows,
        expected=expected,
        others=[r for r in rows if not r.expected],
        coverage=coverage.of_criterion(criterion, [r.expected for r in rows]),
        page_url=criterion_url(assessment, criterion.code),
    )


def criterion_url(assessment: Assessment, code: str) -> str:
    return reverse("evidence:criterion", args=[assessment.period.year, assessment.unit.code, code])


def attachment_row(
    assessment: Assessment, criterion: Criterion | None, attachment: Attachment, *, shows_verdict: bool = True
) -> AttachmentRow:
    """Build an attachment's row; without the verdict for who is to score blind. No criterion: beside a condition."""
    document = attachment.document
    is_judged = shows_verdict and attachment.verdict != Attachment.Verdict.UNCHECKED
    return AttachmentRow(
        id=str(attachment.pk),
        document=document_row(document),
        expected=attachment.expected_place or 0,
        page_ref=attachment.page_ref,
        revision=str(attachment.revision),
        is_other_year=document.year != assessment.period.year,
        verdict=attachment.get_verdict_display() if is_judged else "",
        by=str(attachment.attached_by),
        at=moment(attachment.attached_at),
        pins=[_pin_row(document, pin.version, pin.at) for pin in attachment.pins.all()],
        view_url=f"{criterion_url(assessment, criterion.code)}?lihat={attachment.pk}" if criterion else "",
    )


def _pin_row(document: Document, version: DocumentVersion, at: datetime) -> PinRow:
    url = "" if version.kind == LINK else file_url(document, version)
    return PinRow(moment(at), f"Versi {version.number}", url, version.pk == document.current_id)


def document_row(document: Document) -> DocumentRow:
    """Build a document's row; it must come from `for_list`, or be reached like an attachment's from `for_page`."""
    version = document.current
    assert version is not None  # noqa: S101  every document has one outside of the transaction that makes it
    return DocumentRow(
        id=str(document.pk),
        title=document.title,
        number=document.number,
        dated=date_format(document.dated, "j F Y") if document.dated else "",
        year=str(document.year),
        is_public=document.is_public,
        page_url=document.get_absolute_url(),
        version=version_row(document, version),
        revision=str(document.revision),
    )


def version_row(document: Document, version: DocumentVersion) -> VersionRow:
    """Build a version's row; its blob and uploader must be loaded."""
    kind, blob = version.file_kind, version.blob
    held_back = blob is not None and not is_servable(blob)
    url = file_url(document, version) if kind and not held_back else ""
    pages = (blob.pages or 0) if blob else 0
    shows_pages = bool(url and kind and kind.preview == "pages" and pages)
    return VersionRow(
        number=str(version.number),
        label=f"Versi {version.number}",
        kind=kind.label if kind else LINK_LABEL,
        icon=kind.icon if kind else "link-45deg",
        size=size_text(blob.size) if blob else "",
        file_name=version.file_name,
        url=version.url,
        file_url=url,
        preview=kind.preview if kind and url and (kind.preview != "pages" or shows_pages) else "",
        pages=pages,
        pages_url=_pages_url(document, version) if shows_pages else "",
        by=str(version.uploaded_by),
        at=moment(version.uploaded_at),
        scan="" if blob is None or blob.scan == blob.Scan.CLEAN else blob.get_scan_display(),
        is_held_back=held_back,
        link_state=_link_state(version),
    )


def file_url(document: Document, version: DocumentVersion) -> str:
    return reverse("evidence:file", args=[document.unit.code, document.pk, version.number])


def _pages_url(document: Document, version: DocumentVersion) -> str:
    url = reverse("evidence:page-image", args=[document.unit.code, document.pk, version.number, 1])
    return url.removesuffix("1/")


def _link_state(version: DocumentVersion) -> str:
    if version.link_checked_at is None:
        return ""
    return f"{version.link_message} (diperiksa {moment(version.link_checked_at)})"


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M Y H.i")


def size_text(size: int) -> str:
    """Return a size as people read it: "850 KB", "1,2 MB"."""
    amount, unit = float(size), UNITS[0]
    for unit in UNITS:
        if amount < 1000 or unit == UNITS[-1]:
            break
        amount /= 1024
    return f"{number_format(round(amount, 1), decimal_pos=0 if unit in UNITS[:2] or amount >= 100 else 1)} {unit}"


def all_evidence(
    assessment: Assessment, found: Mapping[str, list[Attachment]], criteria: Mapping[str, Criterion],
    *, shows_verdict: bool = True,
) -> dict[str, Evidence]:  # fmt: skip
    """Build the evidence of several criteria."""
    return {
        code: evidence_of(assessment, criteria[code], rows, shows_verdict=shows_verdict) for code, rows in found.items()
    }
