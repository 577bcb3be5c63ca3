"""What the ministry sees of one criterion's documents behind a link."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format

from evidence.links import BadLink, clean_url
from evidence.models import LINK, DocumentVersion
from evidence.services.receive import is_servable

GONE = "Berkas tidak tersedia."
HELD_BACK = "Berkas sedang ditahan oleh pemindaian virus."


@dataclass(frozen=True, slots=True)
class Item:
    """One document as it was decided on; `number` is its place behind the link, from 1.

    `problem` says why it cannot be opened; `url` is the address of a link, "" for a file.
    """

    number: str
    title: str
    about: str
    page_ref: str
    file: str  # kind and size
    url: str
    problem: str


Versions = Mapping[tuple[str, int], DocumentVersion]


def versions_of(items: Iterable[Mapping[str, Any]]) -> Versions:
    """Return the versions that fixed copies name and that still are what they say: one query."""
    named = {(item["document"], item["version"]): item for item in items}
    rows = DocumentVersion.objects.select_related("blob").filter(document__in={document for document, _ in named})
    found = {(str(row.document_id), row.number): row for row in rows}
    return {key: row for key, row in found.items() if key in named and _is_same(row, named[key])}


def _is_same(row: DocumentVersion, item: Mapping[str, Any]) -> bool:
    return (row.kind, row.blob_id or "", row.url) == (item["kind"], item["sha256"], item["url"])


def items_of(items: list[dict[str, Any]]) -> list[Item]:
    """Return the documents as the page shows them: one query."""
    versions = versions_of(items)
    return [_item(n, item, versions.get((item["document"], item["version"]))) for n, item in enumerate(items, 1)]


def _item(number: int, item: dict[str, Any], version: DocumentVersion | None) -> Item:
    kind, blob = (version.file_kind, version.blob) if version else (None, None)
    held_back = blob is not None and not is_servable(blob)
    return Item(
        number=str(number),
        title=item["title"],
        about=_about(item),
        page_ref=item["page_ref"],
        file=f"{kind.label}, {filesizeformat(blob.size)}" if kind and blob else "",
        url=address_of_link(item),
        problem=GONE if version is None else HELD_BACK if held_back else "",
    )


def address_of_link(item: Mapping[str, Any]) -> str:
    """Return the address of a link that a person may follow; "" for a file or another kind of address."""
    if item["kind"] != LINK:
        return ""
    try:
        return clean_url(item["url"])
    except BadLink:
        return ""


def _about(item: Mapping[str, Any]) -> str:
    dated = date_format(date.fromisoformat(item["dated"]), "j F Y") if item["dated"] else ""
    parts = [f"Nomor {item['number']}" if item["number"] else "", dated, f"tahun {item['year']}", item["expected"]]
    return " · ".join(part for part in parts if part)
