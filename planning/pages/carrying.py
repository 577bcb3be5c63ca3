"""What the pages about opening a period from the one before show."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import User
from assessment import selectors as assessment_selectors
from assessment.models import Answer, Assessment, Instrument, Period, Stage
from evidence.models import Attachment
from review.models import Finding

from ..forms.carrying import WINDOWS, CarryForm, initial_of
from ..matching import unmatched
from ..models import ActionItem, Carry


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What would come along for one unit."""

    code: str
    name: str
    answers: int
    documents: int
    actions: int
    findings: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A criterion whose answers cannot come along, and for how many units."""

    code: str
    title: str
    why: str
    units: int


def sources_of(user: User, period: Period) -> list[Assessment]:
    """Return the assessments of a period whose units can go on, with unit and period: one query."""
    rows = Assessment.objects.visible_to(user).filter(period=period, unit__is_active=True)
    return list(rows.select_related("unit", "period__instrument").order_by("unit__code"))


def form_page(
    period: Period, sources: Sequence[Assessment], form: CarryForm | None, chosen: Collection[str] | None = None
) -> dict[str, Any]:  # fmt: skip
    """Build the form: one query."""
    values = {k: str(form.data.get(k, "")) for k in initial_of(period)} if form else initial_of(period)
    codes = {s.unit.code for s in sources} if chosen is None else set(chosen)
    return {
        "period": period,
        "values": values,
        "errors": form.errors if form else {},
        "problems": form.non_field_errors() if form else [],
        "windows": [
            {
                "name": n, "label": label, "needed": needed, "value": values[n],
                "errors": form.errors.get(n) if form else None,
            }
            for n, label, needed in WINDOWS
        ],
        "instruments": [(str(i.pk), str(i)) for i in Instrument.objects.order_by("code", "-version")],
        "units": [(s.unit.code, s.unit.name, s.unit.code in codes) for s in sources],
    }  # fmt: skip


def preview(period: Period, sources: Sequence[Assessment], form: CarryForm) -> dict[str, Any]:
    """Build what would be made, and what could not: eight queries however many units."""
    given, target = form.cleaned_data, form.period
    wanted = [s for s in sources if s.unit.code in set(given["unit"])]
    existing = Period.objects.filter(year=target.year).select_related("instrument").first()
    old = assessment_selectors.worksheet_of(period.instrument)
    new = assessment_selectors.worksheet_of(existing.instrument if existing else target.instrument)
    reasons, gone = unmatched(old, new), set(old.criteria) - set(new.criteria)
    answers = _answers(wanted)
    rows = _rows(wanted, target.year, answers, set(reasons), gone)
    left = Counter(code for _, code in answers if code in reasons)
    return {
        "period": period,
        "target": existing or target,
        "exists": existing is not None,
        "rows": rows,
        "left": [LeftRow(c, old.criteria[c].title, why, left[c]) for c, why in reasons.items()],
        "renamed": [
            (c, old.criteria[c].title, new.criteria[c].title)
            for c in old.criteria if c in new.criteria and old.criteria[c].title != new.criteria[c].title
        ],
        "posted": [(k, v) for k in form.data if k != "csrfmiddlewaretoken" for v in form.data.getlist(k)],  # type: ignore[attr-defined]
        "fresh": sum(not row.is_done for row in rows),
    }  # fmt: skip


def _answers(sources: Sequence[Assessment]) -> list[tuple[int, str]]:
    """Return (assessment, criterion) of every answer that says anything: one query."""
    rows = Answer.objects.filter(assessment__in=[s.pk for s in sources], stage=Stage.UNIT)
    found = rows.values_list("assessment", "criterion__code", "choice", "counts", "index")
    return [
        (pk, code) for pk, code, choice, counts, index in found
        if choice is not None or index is not None or any(n is not None for n in counts)
    ]  # fmt: skip


def _rows(
    sources: Sequence[Assessment], year: int, answers: Sequence[tuple[int, str]], reasons: set[str], gone: set[str]
) -> list[UnitRow]:
    pks, units = [s.pk for s in sources], [s.unit_id for s in sources]
    held = Attachment.objects.live().filter(assessment__in=pks).values_list("assessment", "criterion__code")
    plans = ActionItem.objects.unfinished().filter(assessment__in=pks).values_list("assessment", "criterion__code")
    open_ones = Finding.objects.pending().filter(Q(assessment__unit__in=units) & Q(assessment__period__year__lt=year))
    done = set(Carry.objects.filter(assessment__period__year=year, source__in=pks).values_list("source", flat=True))
    said = Counter(pk for pk, code in answers if code not in reasons)
    shown = Counter(pk for pk, code in held if code not in gone)
    planned = Counter(pk for pk, code in plans if code not in gone)
    findings = Counter(open_ones.values_list("assessment__unit", flat=True))
    return [
        UnitRow(
            s.unit.code, s.unit.name, said[s.pk], shown[s.pk], planned[s.pk], findings[s.unit_id], s.pk in done,
        )
        for s in sources
    ]  # fmt: skip
