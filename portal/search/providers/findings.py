"""Reviewers' findings that a person may read."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from review.models import Finding

from ..query import Query, contains, excerpt, marked
from ..registry import Hit, Provider


def find(user: User, query: Query) -> QuerySet[Finding]:
    fields = ("text", "criterion__code", "criterion__title", "assessment__unit__name")
    rows = Finding.objects.visible_to(user).for_list().filter(contains(query, *fields))
    return rows.order_by("-created_at", "pk")


def show(user: User, query: Query, rows: Iterable[Finding]) -> list[Hit]:
    return [_hit(query, finding) for finding in rows]


def _hit(query: Query, finding: Finding) -> Hit:
    assessment, criterion = finding.assessment, finding.criterion
    title = format_html(
        "{} pada {} {}", finding.get_kind_display(), marked(query, criterion.code), marked(query, criterion.title)
    )
    about = format_html(
        "{} · {} · {}", marked(query, assessment.unit.name), assessment.period.year, finding.get_state_display()
    )
    url = reverse("review:finding", args=[assessment.period.year, assessment.unit.code, finding.pk])
    return Hit(title, url, about, excerpt(query, finding.text))


PROVIDER = Provider("catatan", "Catatan penilai", "flag", 40, find, show)
