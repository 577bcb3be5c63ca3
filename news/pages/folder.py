"""The Folder Zona Integritas: areas, sub-areas, criteria, and the published documents that prove them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import AREA_KEYS
from assessment.trace import comma
from assessment.worksheet import Criterion, Node, Worksheet
from evidence.content import KINDS
from evidence.models import LINK, Document
from evidence.rows import size_text

from .. import selectors
from ..selectors import Narrowed
from .areas import area_card

SECTIONS = {"A.I": "Pemenuhan", "A.II": "Reform"}
PREVIEWED = 6  # documents shown beside a criterion in a list
MOST_CRITERIA = 30  # found by a search


@dataclass(frozen=True, slots=True)
class DocumentRow:
    title: str
    url: str
    is_link: bool
    icon: str
    kind: str
    size: str
    unit: str
    unit_url: str
    year: str
    about: str  # number and date


@dataclass(frozen=True, slots=True)
class CriterionRow:
    code: str
    slug: str
    marker: str
    title: str
    url: str
    place: str  # what it belongs to, where rows of several places stand together
    count: int
    documents: list[DocumentRow] = field(default_factory=list)

    @property
    def more(self) -> int:
        return max(0, self.count - len(self.documents))


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A sub-area with its criteria."""

    slug: str
    marker: str
    name: str
    url: str
    count: int
    criteria: list[CriterionRow]


@dataclass(frozen=True, slots=True)
class Crumb:
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be narrowed on a page of the folder, and to what it is."""

    units: list[tuple[str, str]]
    years: list[int]
    unit: str
    year: int
    text: str = ""

    @property
    def narrowed(self) -> Narrowed:
        return Narrowed(self.unit, self.year)

    @property
    def ask(self) -> str:
        """Return the filters as the end of an address, for links that keep them."""
        kept = {"unit": self.unit, "tahun": self.year or ""}
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"?{query}" if query else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.unit or self.year)


def document_row(document: Document) -> DocumentRow:
    version = document.current
    assert version is not None  # noqa: S101  `published` leaves none without
    is_link = version.kind == LINK
    kind = KINDS.get(version.kind)
    about = [f"Nomor {document.number}" if document.number else "", _day(document)]
    return DocumentRow(
        document.title,
        version.url if is_link else reverse("evidence:public-file", args=[document.pk]),
        is_link,
        "box-arrow-up-right" if is_link else kind.icon if kind else "file-earmark",
        "Tautan" if is_link else kind.label if kind else "Berkas",
        size_text(version.blob.size) if version.blob else "",
        document.unit.name,
        reverse("news:unit", args=[document.unit.code]),
        str(document.year),
        ", ".join(part for part in about if part),
    )


def _day(document: Document) -> str:
    return date_format(document.dated, "j F Y") if document.dated else ""


def front(worksheet: Worksheet | None, filters: Filters) -> dict[str, Any]:
    """Build the folder's first page: two queries."""
    rows = selectors.documents(filters.narrowed)
    hasil = _hasil(worksheet)
    counts = selectors.counts_of(
        rows,
        {key: (f"A.I.{key}", f"A.II.{key}") for key in AREA_KEYS} | {node.code: (node.code,) for node in hasil},
    )
    return {
        "filters": filters,
        "areas": [area_card(key, str(counts[key])) for key in AREA_KEYS],
        "results": [(node.name, reverse("news:place", args=[node.code]), counts[node.code]) for node in hasil],
        "total": rows.count(),
        "criteria": len(worksheet.criteria) if worksheet else 0,
    }


def _hasil(worksheet: Worksheet | None) -> list[Node]:
    if worksheet is None:
        return []
    return [node for node in worksheet.pages.values() if node.level == "section"]


def area(worksheet: Worksheet, key: str, filters: Filters) -> dict[str, Any]:
    """Build the page of one of the six areas: its Pemenuhan and its Reform part: one query."""
    nodes = worksheet.areas[key]
    rows = selectors.documents(filters.narrowed)
    codes = [c.code for node in nodes for c in node.all_criteria()]
    groups = [group for node in nodes for group in _groups(node)]
    whole = {"": tuple(node.code for node in nodes)}
    counts = selectors.counts_of(rows, whole | {code: (code,) for code in codes} | {g.code: (g.code,) for g in groups})
    parts = [
        (SECTIONS.get(node.parent, ""), node, comma(node.weight), [_group(g, counts, filters) for g in _groups(node)])
        for node in nodes
    ]
    return {
        "filters": filters,
        "area": area_card(key, str(counts[""])),
        "parts": parts,
        "crumbs": [_root(filters), Crumb(area_card(key).name)],
    }


def _groups(node: Node) -> list[Node]:
    """Return the nodes below (or this one) that hold criteria themselves, in worksheet order."""
    return [found for found in node.walk() if found.criteria]


def _group(node: Node, counts: Mapping[str, int], filters: Filters) -> GroupRow:
    rows = [_criterion(c, counts[c.code], filters) for c in node.criteria]
    url = reverse("news:place", args=[node.code]) + filters.ask
    return GroupRow(node.slug, node.marker, node.name, url, counts[node.code], rows)


def _criterion(
    criterion: Criterion, count: int, filters: Filters, place: str = "", documents: list[DocumentRow] | None = None
) -> CriterionRow:
    url = reverse("news:place", args=[criterion.code]) + filters.ask
    return CriterionRow(
        criterion.code, criterion.slug, criterion.marker, criterion.title, url, place, count, documents or []
    )


def node(worksheet: Worksheet, code: str, filters: Filters) -> dict[str, Any]:
    """Build the page of a sub-area, or of a part of Hasil: three queries."""
    here = worksheet.nodes[code]
    rows = selectors.documents(filters.narrowed)
    criteria = list(here.all_criteria())
    counts = selectors.counts_of(rows, {"": (code,)} | {c.code: (c.code,) for c in criteria})
    first = selectors.first_documents(rows, [c.code for c in criteria], PREVIEWED)
    groups = [(group, [_shown(c, counts, first, filters) for c in group.criteria]) for group in _groups(here)]
    return {
        "filters": filters,
        "node": here,
        "count": counts[""],
        "groups": groups,
        "crumbs": [*_above(worksheet, code, filters), Crumb(here.name)],
        "section": section_of(worksheet, code),
    }


def _shown(
    criterion: Criterion, counts: Mapping[str, int], first: Mapping[str, list[Document]], filters: Filters
) -> CriterionRow:
    documents = [document_row(d) for d in first.get(criterion.code, [])]
    return _criterion(criterion, counts[criterion.code], filters, documents=documents)


def criterion(worksheet: Worksheet, code: str, page: Any, filters: Filters) -> dict[str, Any]:
    """Build the page of one criterion from a page of its documents."""
    found = worksheet.criteria[code]
    above = [*_above(worksheet, code, filters), _crumb_of(worksheet.nodes[found.parent], filters)]
    return {
        "filters": filters,
        "criterion": found,
        "page": page,
        "rows": [document_row(document) for document in page.object_list],
        "crumbs": [*above, Crumb(f"Kriteria {found.marker}")],
        "section": section_of(worksheet, code),
        "parent": worksheet.nodes[found.parent].name,
    }


def searched(worksheet: Worksheet | None, page: Any, filters: Filters) -> dict[str, Any]:
    """Build what a search found: criteria by their titles, and a page of documents by theirs."""
    found = _matching(worksheet, filters.text) if worksheet else []
    shown = found[:MOST_CRITERIA]
    counts = selectors.counts_of(selectors.documents(filters.narrowed), {c.code: (c.code,) for c in shown})
    rows = [_criterion(c, counts[c.code], filters, _place_text(worksheet, c)) for c in shown] if worksheet else []
    return {
        "filters": filters,
        "criteria": rows,
        "found": len(found),
        "page": page,
        "rows": [document_row(document) for document in page.object_list],
        "crumbs": [_root(filters), Crumb("Pencarian")],
    }


def _matching(worksheet: Worksheet, text: str) -> list[Criterion]:
    words = text.casefold().split()
    return [c for c in worksheet.criteria.values() if all(word in f"{c.code} {c.title}".casefold() for word in words)]


def _place_text(worksheet: Worksheet, criterion: Criterion) -> str:
    names = [n.name for n in worksheet.ancestors(criterion.code) if n.level in {"area", "subarea"}]
    return ", ".join([*names[::-1][:1], section_of(worksheet, criterion.code), *names[:1]])


def section_of(worksheet: Worksheet, code: str) -> str:
    """Return "Pemenuhan", "Reform" or "Hasil", whichever a node or criterion is part of."""
    above = {n.code for n in worksheet.ancestors(code)}
    return next((name for part, name in SECTIONS.items() if part in above), "Hasil")


def _root(filters: Filters) -> Crumb:
    return Crumb("Folder ZI", reverse("news:folder") + filters.ask)


def _above(worksheet: Worksheet, code: str, filters: Filters) -> list[Crumb]:
    """Return the way to a node: the folder and its area; what stands between has no page of its own."""
    areas = [n for n in worksheet.ancestors(code) if n.level == "area"]
    crumbs = [_root(filters)]
    if areas:
        key = areas[0].area_key
        crumbs.append(Crumb(area_card(key).name, reverse("news:place", args=[key]) + filters.ask))
    return crumbs


def _crumb_of(node: Node, filters: Filters) -> Crumb:
    return Crumb(node.name, reverse("news:place", args=[node.code]) + filters.ask)
