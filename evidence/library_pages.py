"""The contexts of the pages about a unit's documents: the list, and choosing criteria for several."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Unit, User
from assessment.access import May, is_open_for_unit, may
from assessment.models import Assessment
from assessment.pages import window_text
from assessment.selectors import worksheet_of
from assessment.worksheet import Criterion, Node

from . import rows
from .access import LibraryMay
from .fields import fields_of
from .forms.criterion import LinkForm
from .forms.library import FilterForm
from .library_filter import filtered
from .models import Attachment, Document, Library
from .rows import DocumentRow
from .services.library import quota_of, used_bytes

PAGE_SIZE = 25
CODES_SHOWN = 3
NO_LINK = {"url": "", "title": "", "number": "", "dated": "", "year": ""}


@dataclass(frozen=True, slots=True)
class Bound:
    """What comes back with the list: what became of files, a refused link, ticks that could not be acted on."""

    outcomes: Sequence[tuple[bool, str]] = ()  # of each file sent by script: whether it is there now, and what to say
    refused: Sequence[str] = ()  # files of the plain form
    link: LinkForm | None = None
    problem: str = ""
    chosen: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """One criterion that a document proves."""

    year: str
    code: str
    title: str
    url: str
    opens_year: bool  # the first of its year among those of the document


@dataclass(slots=True)
class Item:
    """One document of the list."""

    row: DocumentRow
    added: str
    is_chosen: bool
    uses: list[Use] = field(default_factory=list)

    @property
    def shown_uses(self) -> list[Use]:
        return self.uses[:CODES_SHOWN]

    @property
    def more_uses(self) -> int:
        return max(0, len(self.uses) - CODES_SHOWN)


@dataclass(frozen=True, slots=True)
class Room:
    """How much of its quota a unit uses."""

    used: str
    quota: str
    left: str
    percent: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class Area:
    """The criteria on one page of the worksheet, to choose from."""

    node: Node
    section: str
    criteria: list[tuple[Criterion, bool]]  # whether it is ticked
    is_open: bool


def documents_of(user: User, unit: Unit) -> QuerySet[Document]:
    """Return the unit's documents that the user may see, as a list shows them."""
    return Document.objects.visible_to(user).filter(unit=unit).for_list()


def library_page(user: User, unit: Unit, may: LibraryMay, params: QueryDict, bound: Bound) -> dict[str, Any]:
    """Build the list: seven queries."""
    assessments = assessments_of(user, unit)
    documents = documents_of(user, unit)
    years = documents.order_by("-year").values_list("year", flat=True).distinct()
    form = FilterForm(params, periods=[a.period.year for a in assessments], years=list(years))
    found: Page[Document] = Paginator(filtered(documents, form, assessments), PAGE_SIZE).get_page(params.get("hal"))
    return {
        "unit": unit,
        "may": may,
        "form": form,
        "filters": [form[name] for name in form.fields if name != "q"],
        "is_narrowed": bool(form.value("q") or form.active),
        "page": found,
        "items": _items(found.object_list, assessments, bound.chosen, is_all_chosen=params.get("pilih") == "semua"),
        "room": room_of(unit),
        "bound": bound,
        "link": fields_of("t", bound.link, NO_LINK | {"year": str(default_year(assessments))}),
    }


def assessments_of(user: User, unit: Unit) -> list[Assessment]:
    """Return the unit's assessments that the user may look at, newest first: one query."""
    return list(Assessment.objects.visible_to(user).filter(unit=unit).for_page().order_by("-period__year"))


def default_year(assessments: Sequence[Assessment]) -> int:
    """Return the year that a document proves unless its name says otherwise: the newest assessment's."""
    return assessments[0].period.year if assessments else timezone.localdate().year


def room_of(unit: Unit) -> Room:
    """Return how full the unit's quota is: two queries."""
    used, quota = used_bytes(unit), quota_of(Library.objects.filter(unit=unit).first())
    percent = min(100, used * 100 // quota) if quota else 100
    left = max(0, quota - used)
    return Room(
        used=rows.size_text(used),
        quota=rows.size_text(quota),
        left=rows.size_text(left),
        percent=str(percent),
        is_short=percent >= 90,
    )


def _items(
    documents: Iterable[Document], assessments: Sequence[Assessment], chosen: Collection[str], *, is_all_chosen: bool
) -> list[Item]:
    """Build the list's rows and what each document proves in these assessments: one query."""
    items = {
        d.pk: Item(rows.document_row(d), rows.moment(d.created_at), is_all_chosen or str(d.pk) in chosen)
        for d in documents
    }
    attached = Attachment.objects.live().filter(document__in=list(items), assessment__in=assessments)
    attached = attached.select_related("assessment__unit", "assessment__period", "criterion")
    for a in attached.order_by("-assessment__period__year", "criterion__order"):
        uses, year = items[a.document_id].uses, str(a.assessment.period.year)
        url = rows.criterion_url(a.assessment, a.criterion.code)
        uses.append(Use(year, a.criterion.code, a.criterion.title, url, not uses or uses[-1].year != year))
    return list(items.values())


def open_for(user: User, assessments: Iterable[Assessment]) -> dict[int, tuple[Assessment, May]]:
    """Return the assessments that the user may answer now by year: one query for each that is open."""
    found = {a.period.year: (a, may(user, a)) for a in assessments if is_open_for_unit(a)}
    return {year: (a, allowed) for year, (a, allowed) in found.items() if allowed.answer}


def answerable(assessment: Assessment, allowed: May) -> list[Node]:
    """Return the pages of the worksheet whose criteria the user may answer."""
    worksheet = worksheet_of(assessment.period.instrument)
    return [node for code, node in worksheet.pages.items() if allowed.answer_page(worksheet, code)]


def attach_page(
    unit: Unit,
    documents: Sequence[Document],
    choices: Mapping[int, tuple[Assessment, May]],
    assessment: Assessment,
    chosen: Collection[str] = (),
    problems: Sequence[str] = (),
) -> dict[str, Any]:
    """Build the page on which ticked documents get their criteria."""
    worksheet = worksheet_of(assessment.period.instrument)
    areas = []
    for node in answerable(assessment, choices[assessment.period.year][1]):
        criteria = [(c, c.code in chosen) for c in node.all_criteria()]
        areas.append(Area(node, worksheet.nodes[node.parent].name, criteria, any(ticked for _, ticked in criteria)))
    return {
        "unit": unit,
        "documents": [rows.document_row(d) for d in documents],
        "assessment": assessment,
        "years": [str(year) for year in sorted(choices, reverse=True)],
        "year": str(assessment.period.year),
        "areas": areas,
        "problems": problems,
        "query": urlencode([("documents", d.pk) for d in documents]),
        "window": window_text(assessment),
    }
