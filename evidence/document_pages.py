"""The context of a document's page: what the template is given, and nothing it would have to compute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.forms import Form
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import User
from assessment.models import Assessment, SecondScoring
from assessment.selectors import worksheet_of

from . import links, rows, selectors
from .access import LibraryMay
from .fields import fields_of
from .forms.documents import DescribeForm, ReplaceForm
from .models import LINK, Attachment, Document, DocumentEvent, DocumentVersion
from .rows import AttachmentRow
from .services.documents import ATTACHED, SUBMITTED

EVENTS_SHOWN = 20
FIELD_NAMES = {
    "title": "Judul", "number": "Nomor", "dated": "Tanggal", "year": "Tahun", "version": "Versi",
    "file": "Berkas", "url": "Alamat",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """Forms that come back: refused, or overtaken by somebody else's change."""

    describe: DescribeForm | None = None
    replace: ReplaceForm | None = None
    is_stale: bool = False
    delete_problem: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """One criterion, or condition for being proposed, that the document proves or proved when it was submitted."""

    year: str
    code: str  # "" for a condition
    title: str
    url: str  # "" for a condition
    row: AttachmentRow
    is_live: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the document's history."""

    what: str
    changes: list[tuple[str, str, str]]  # field, before ("" for none), after
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Who changed the document since the person saw it, and how it stands now."""

    by: str
    at: str
    stored: list[tuple[str, str]]  # field, value
    seen: str  # the revision, or version, that stands now


def document_page(user: User, document: Document, may: LibraryMay, events_page: str, bound: Bound) -> dict[str, Any]:
    """Build the page: seven queries, one more for the uses' pins, and one where a form was overtaken."""
    versions = list(document.versions.select_related("blob", "uploaded_by").order_by("-number"))
    uses = _uses(user, document)
    happened: Page[DocumentEvent] = Paginator(selectors.document_events(document), EVENTS_SHOWN).get_page(events_page)
    return {
        "unit": document.unit,
        "may": may,
        "document": rows.document_row(document),
        "added": f"{versions[-1].uploaded_by}, {rows.moment(document.created_at)}",
        "versions": [rows.version_row(document, version) for version in versions],
        "uses": uses,
        "fields": fields_of("d", bound.describe, _stored(document)),
        "replace_url": bound.replace.data.get("url", "") if bound.replace else "",
        "replace_errors": _all_errors(bound.replace),
        "overtaken": _overtaken(document, bound) if bound.is_stale else None,
        "bound": bound,
        "delete_problem": bound.delete_problem,
        "kept_because": _kept_because(uses),
        "can_check": links.is_enabled() and current_of(document).kind == LINK,
        "public_url": _public_url(document),
        "page": happened,
        "events": [_happened(event) for event in happened.object_list],
    }


def current_of(document: Document) -> DocumentVersion:
    """Return the newest version; every document has one outside of the transaction that makes it."""
    assert document.current is not None  # noqa: S101  for the type checker
    return document.current


def replaced_text(document: Document) -> str:
    """Say what a new version came to: one query."""
    uses = document.attachments.live().count()
    shown = f" Bukti di {uses} kriteria sekarang menunjuk ke versi ini." if uses else ""
    return f"Versi {current_of(document).number} tersimpan; versi lama tetap dapat dibuka.{shown}"


def _uses(user: User, document: Document) -> list[Use]:
    """Return what the document proves in assessments that the user may look at, newest year first: three queries."""
    second = SecondScoring.objects.filter(user=user, finished_at=None)  # who must not know what the first one found
    blind = set(second.values_list("assessment", flat=True))
    found = (
        document.attachments.in_use()
        .filter(assessment__in=Assessment.objects.visible_to(user).values("pk"))
        .for_page()
        .select_related("assessment__unit", "assessment__period__instrument", "condition")
        .order_by("-assessment__period__year", "criterion__order", "attached_at")
    )
    uses = []
    for attachment in found:
        uses.append(_use(attachment, shows_verdict=attachment.assessment_id not in blind))
    return uses


def _use(attachment: Attachment, *, shows_verdict: bool) -> Use:
    assessment, is_live = attachment.assessment, attachment.detached_at is None
    worksheet, year = worksheet_of(assessment.period.instrument), str(assessment.period.year)
    code = worksheet.code_of[attachment.criterion_id] if attachment.criterion_id else ""
    criterion = worksheet.criteria.get(code)
    row = rows.attachment_row(assessment, criterion, attachment, shows_verdict=shows_verdict)
    if criterion is None:
        return Use(year, "", attachment.condition.text if attachment.condition else "", "", row, is_live)
    url = row.view_url if is_live else rows.criterion_url(assessment, code)
    return Use(year, code, criterion.title, url, row, is_live)


def _kept_because(uses: Sequence[Use]) -> str:
    """Say why the document cannot be deleted; "" if it can. A team sees all uses of its documents."""
    if any(use.row.pins for use in uses):
        return SUBMITTED
    return ATTACHED if uses else ""


def _public_url(document: Document) -> str:
    version = current_of(document)
    return version.url if version.kind == LINK else reverse("evidence:public-file", args=[document.pk])


def _stored(document: Document) -> dict[str, str]:
    return {
        "title": document.title,
        "number": document.number,
        "dated": document.dated.isoformat() if document.dated else "",
        "year": str(document.year),
    }


def _all_errors(form: Form | None) -> list[str]:
    return [str(message) for messages in form.errors.values() for message in messages] if form else []


def _overtaken(document: Document, bound: Bound) -> Overtaken | None:
    """Say how things stand now: one query."""
    kind = DocumentEvent.Kind.REPLACED if bound.replace else DocumentEvent.Kind.DESCRIBED
    event = selectors.document_events(document).filter(kind=kind).first()
    if event is None:
        return None
    version = current_of(document)
    if bound.replace:
        stored = {
            "version": str(version.number),
            "file" if version.file_name else "url": version.file_name or version.url,
        }
    else:
        stored = _stored(document)
    seen = version.number if bound.replace else document.revision
    lines = [(FIELD_NAMES[name], _plain(name, value)) for name, value in stored.items()]
    return Overtaken(_actor(event), rows.moment(event.at), lines, str(seen))


def _happened(event: DocumentEvent) -> Happened:
    before, after = event.data.get("from", {}), event.data.get("to", {})
    if event.kind == DocumentEvent.Kind.ADDED:
        after = event.data
    changes = [
        (label, _plain(name, before.get(name)) if before else "", _plain(name, after.get(name)))
        for name, label in FIELD_NAMES.items()
        if (before.get(name) or "") != (after.get(name) or "")
    ]
    return Happened(event.get_kind_display(), changes, _actor(event), rows.moment(event.at))


def _actor(event: DocumentEvent) -> str:
    return str(event.actor) if event.actor else "Sistem"


def _plain(name: str, value: Any) -> str:
    if name == "dated" and value:
        return date_format(date.fromisoformat(value), "j F Y")
    return str(value) if value else "—"
