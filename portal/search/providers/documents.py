"""Documents that a person may read: of their own unit, or in use in an assessment that they may see."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.html import format_html

from accounts.models import User
from evidence.models import Document

from ..query import Query, contains, marked
from ..registry import Hit, Provider


def find(user: User, query: Query) -> QuerySet[Document]:
    fields = ("title", "number", "current__file_name", "unit__name")
    rows = Document.objects.visible_to(user).for_list().filter(contains(query, *fields, year="year"))
    return rows.order_by("-year", "title", "pk")


def show(user: User, query: Query, rows: Iterable[Document]) -> list[Hit]:
    return [_hit(query, document) for document in rows]


def _hit(query: Query, document: Document) -> Hit:
    number = format_html("No. {} · ", marked(query, document.number)) if document.number else ""
    name = document.current.file_name if document.current else ""
    about = format_html("{}{} · {}", number, marked(query, document.unit.name), marked(query, str(document.year)))
    return Hit(marked(query, document.title), document.get_absolute_url(), about, marked(query, name))


PROVIDER = Provider("dokumen", "Dokumen", "files", 30, find, show)
