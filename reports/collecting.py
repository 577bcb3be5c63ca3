"""Collecting a whole LKE: every stage that a reader may see, evidence with verdicts, findings, history."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.formats import date_format

from accounts.letterheads.selectors import letterhead_data, logo_png
from accounts.models import Unit
from assessment import selectors
from assessment.access import ALL_STAGES, May
from assessment.models import Assessment, Stage
from assessment.pages import EventRow, event_rows
from evidence.models import Attachment, DocumentVersion, Pin
from evidence.rows import criterion_url
from review.comparison import attached_count, compare, verdict_counts
from review.models import Finding, FollowUp, Verdict

from .lke import (
    Checked,
    EventLine,
    EvidenceLine,
    FindingLine,
    History,
    Lke,
    Side,
    VerdictLine,
    changed_of,
    lke_of,
    made_lke,
    notes_of,
    stage_name,
)

UNCHECKED = Attachment.Verdict.UNCHECKED
EVENT_LIMIT = 2000  # rows of the history in one document
# What the command line reads: everything but a second reviewer's sample, which is no result of its own.
EVERYTHING = May(sees=ALL_STAGES)


def sides_lke_of(assessment: Assessment, may: May, stage: str = "") -> Lke:
    """Return side by side the stages that a reader may see and that have answers; with `stage` that one alone.

    Five queries at most; the row must come from `for_page`. LookupError for a stage that the reader may not see.
    """
    if stage and stage not in may.sees:
        raise LookupError(stage)
    dress = dress_of(assessment.unit)
    if stage:
        return lke_of(assessment, stage, **dress)
    unit, *judges = compare(assessment, may.sees).sides
    others = tuple(
        Side(side.stage, side.result, notes_of(side.answers), changed_of(side.answers), may.stage == side.stage)
        for side in judges
    )
    return made_lke(assessment, Stage.UNIT, unit.result, unit.answers, others=others, **dress)


def full_lke_of(assessment: Assessment, may: May, *, origin: str = "", stage: str = "") -> Lke:
    """Return the stages with evidence, findings and history, as far as the reader may know them: 13 queries at most.

    `origin` is the portal's scheme and host for links, "" leaves them out.
    """
    return replace(
        sides_lke_of(assessment, may, stage),
        evidence=tuple(_evidence(assessment, may, origin)),
        findings=None if may.sample else tuple(_findings(assessment)),
        history=_history(assessment, may),
    )


def printed_lke_of(assessment: Assessment, may: May, stage: str = "") -> Lke:
    """Return the stages with what came of checking the evidence: seven queries at most."""
    lke = sides_lke_of(assessment, may, stage)
    stages = [side.stage for side in lke.sides if side.stage in {Stage.PRELIM, Stage.TPI}]
    if not stages:
        return lke
    attached, counts = attached_count(assessment), verdict_counts(assessment, stages)
    return replace(lke, checked=tuple(checked_of(stage, counts.get(stage, {}), attached) for stage in stages))


def checked_of(stage: str, counts: Mapping[str, int], attached: int) -> Checked:
    """Return a stage's verdicts; what nobody looked at counts as unchecked."""
    found = {verdict: counts.get(verdict, 0) for verdict in Attachment.Verdict.values}
    found[UNCHECKED] = attached - sum(n for verdict, n in found.items() if verdict != UNCHECKED)
    return Checked(stage_name(stage), tuple(map(str, found.values())), str(attached))


def dress_of(unit: Unit) -> dict[str, Any]:
    """Return the fields of an LKE that hold the unit's letterhead: two queries at most."""
    head = letterhead_data(unit)
    return {"letterhead": head, "logo": logo_png(head.get("logo", ""))}


def _evidence(assessment: Assessment, may: May, origin: str) -> Iterator[EvidenceLine]:
    seen = may.sees - {Stage.SECOND}
    pins = Prefetch("pins", Pin.objects.select_related("version").order_by("at"))
    verdicts = Prefetch("verdicts", Verdict.objects.filter(stage__in=seen).order_by("at"))
    rows = Attachment.objects.live().filter(assessment=assessment)
    rows = rows.select_related("document__current", "document__unit", "criterion").prefetch_related(pins, verdicts)
    for row in rows.order_by("criterion__order", "attached_at", "document__title", "pk"):
        document, code = row.document, row.criterion.code
        yield EvidenceLine(
            criterion=code,
            title=document.title,
            url=f"{origin}{document.get_absolute_url()}" if origin else "",
            criterion_url=f"{origin}{criterion_url(assessment, code)}" if origin else "",
            number=document.number,
            dated=document.dated,
            year=document.year,
            version=_version(document.current, [pin.version for pin in row.pins.all()]),
            page_ref=row.page_ref,
            verdicts=tuple(_verdicts(row, may)),
        )


def _version(current: DocumentVersion | None, pinned: list[DocumentVersion]) -> str:
    """Say which version was submitted last, and which is current where that is another one."""
    now = current.number if current else 0
    if not pinned or pinned[-1].number == now:
        return str(now)
    return f"{pinned[-1].number} (diajukan), {now} (terkini)"


def _verdicts(row: Attachment, may: May) -> Iterator[VerdictLine]:
    """Yield what the stages found; else what was published to the unit, but never to a blind second reviewer."""
    found = [v for v in row.verdicts.all() if v.verdict != Attachment.Verdict.UNCHECKED]
    for verdict in found:
        name = stage_name(verdict.stage)
        yield VerdictLine(name, verdict.verdict, str(verdict.get_verdict_display()), verdict.reason)
    if not found and not may.sample and row.verdict != Attachment.Verdict.UNCHECKED:
        yield VerdictLine("", row.verdict, str(row.get_verdict_display()))


def _findings(assessment: Assessment) -> Iterator[FindingLine]:
    """Yield the findings on the assessment and those of earlier years that nobody closed."""
    own = Q(assessment=assessment)
    earlier = Q(assessment__unit=assessment.unit_id, assessment__period__year__lt=assessment.period.year)
    rows = Finding.objects.for_list().filter(own | (earlier & ~Q(state=Finding.State.CLOSED)))
    threads = Prefetch("follow_ups", FollowUp.objects.select_related("by").order_by("at", "pk"))
    for row in rows.prefetch_related(threads).order_by("criterion__order", "created_at"):
        year = "" if row.assessment_id == assessment.pk else f" ({row.assessment.period.year})"
        yield FindingLine(
            criterion=row.criterion.code,
            title=row.criterion.title,
            stage=f"{stage_name(row.stage)}{year}",
            kind=str(row.get_kind_display()),
            text=row.text,
            due=row.due_on,
            state=str(row.get_state_display()),
            written=f"{_moment(row.created_at)}, {row.created_by}",
            thread="\n".join(_step(step) for step in row.follow_ups.all()),
        )


def _step(step: FollowUp) -> str:
    said = f": {step.text}" if step.text else ""
    return f"{_moment(step.at)}, {step.by}, {step.get_kind_display()}{said}"


def _history(assessment: Assessment, may: May) -> History:
    rows = selectors.events_of(assessment, may)
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    found = tuple(_event(row) for row in event_rows(worksheet, rows[:EVENT_LIMIT]))
    return History(found, rows.count() - len(found) if len(found) == EVENT_LIMIT else 0)


def _event(row: EventRow) -> EventLine:
    return EventLine(
        number=int(row.number),
        at=row.at,
        by=row.by,
        what=row.what,
        stage=row.stage or stage_name(Stage.UNIT),
        criterion=row.code,
        said="\n".join(filter(None, [*_changes(row.changes), row.said])),
    )


def _changes(changes: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    for name, before, after in changes:
        yield f"{name}: {before or '—'} → {after or '—'}"


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y H.i")
