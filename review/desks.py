"""Reads of a reviewer's desk: every unit that waits for a person, with how far it is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from accounts.models import TEAM_ROLES, Membership, Role, User
from assessment.models import (
    Answer,
    Assessment,
    Assignment,
    Conflict,
    Return,
    Scorecard,
    SecondScoring,
    Stage,
    State,
    TeamMember,
)

from .assigning import local_date

# Who has work of their own in which state, and what it is called: the name of a step, or of a route.
WORK: Mapping[tuple[Role, State], str] = {
    (Role.TPI_MEMBER, State.SUBMITTED): "start_review",
    (Role.TPI_LEAD, State.SUBMITTED): "start_review",
    (Role.TPI_MEMBER, State.REVIEW): "judge",
    (Role.TPI_LEAD, State.REVIEW): "judge",
    (Role.TPI_LEAD, State.LEAD_CHECK): "compare",
    (Role.TPI_CONTROLLER, State.APPROVAL): "compare",
    (Role.PRELIM, State.SUBMITTED): "start_prelim",
    (Role.PRELIM, State.PRELIM): "judge",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One unit on a desk.

    `work` is what the person can do now, "" while others are at it; `away` says why they do not assess the unit.
    A blind second reviewer's figures are those of the sample, and they are told of no return.
    """

    assessment: Assessment
    role: Role
    due_on: date | None
    judged: int
    criteria: int
    changed: int  # criteria that came back different from the last return
    work: str
    away: str
    is_second: bool


def tasks_of(user: User) -> list[Task]:
    """Return everything on a person's desk: at most twelve queries, however many units there are."""
    tasks = _tpi(user)
    there = {task.assessment.pk for task in tasks}
    return [*tasks, *(task for task in _prelim(user) if task.assessment.pk not in there)]


def _tpi(user: User) -> list[Task]:
    roles = dict(TeamMember.objects.filter(user=user).values_list("team", "role"))
    rows = Assignment.objects.filter(team__in=roles).select_related("assessment__unit", "assessment__period")
    found = list(rows)
    assessments = [row.assessment for row in found]
    cards, changed = _cards(assessments, Stage.TPI), _changed(assessments, Stage.TPI)
    away, seconds = _away(user, assessments), _seconds(user, assessments)
    tasks = []
    for row in found:
        assessment, role = row.assessment, Role(roles[row.team_id])
        judged, criteria = cards.get(assessment.pk, (0, 0))
        sample = seconds.get(assessment.pk)
        if sample:
            judged, criteria = sample
        tasks.append(
            Task(
                assessment, role, row.due_on or local_date(assessment.period.tpi_closes), judged, criteria,
                0 if sample else changed.get(assessment.pk, 0), _work(assessment, role, sample is not None),
                away.get(assessment.pk, ""), sample is not None,
            )
        )  # fmt: skip
    return tasks


def _prelim(user: User) -> list[Task]:
    """Return the units below a preliminary assessor that are theirs to assess now."""
    where = Q(pk__in=[])
    for path in Membership.objects.filter(user=user, role=Role.PRELIM).values_list("unit__path", flat=True):
        where |= Q(unit__path__startswith=path)
    if where == Q(pk__in=[]):
        return []
    returned = Return.objects.filter(assessment=OuterRef("pk"), answered_at=None, stage=Stage.PRELIM)
    ours = Q(state__in=[State.SUBMITTED, State.PRELIM]) | Q(Exists(returned), state=State.RETURNED)
    own = Membership.objects.filter(user=user, role__in=TEAM_ROLES).values("unit")
    rows = Assessment.objects.visible_to(user).filter(where, ours, period__needs_prelim=True).exclude(unit__in=own)
    found = list(rows.select_related("unit", "period"))
    cards, changed = _cards(found, Stage.PRELIM), _changed(found, Stage.PRELIM)
    return [
        Task(
            row, Role.PRELIM, local_date(row.period.prelim_closes), *cards.get(row.pk, (0, 0)),
            changed.get(row.pk, 0), _work(row, Role.PRELIM, False), "", False,
        )
        for row in found
    ]  # fmt: skip


def _work(assessment: Assessment, role: Role, is_second: bool) -> str:
    if is_second:
        return "second" if assessment.state == State.REVIEW else ""
    work = WORK.get((role, State(assessment.state)), "")
    return "" if work == "start_review" and assessment.period.needs_prelim else work


def _cards(rows: Collection[Assessment], stage: str) -> dict[int, tuple[int, int]]:
    """Return how many criteria a stage has answered, and of how many: those of the unit's card where it has none."""
    cards = Scorecard.objects.filter(assessment__in=rows, stage__in=[Stage.UNIT, stage])
    found: dict[int, tuple[int, int]] = {}
    for pk, own, answered, criteria in cards.values_list("assessment", "stage", "answered", "criteria"):
        found[pk] = (answered if own == stage else found.get(pk, (0, 0))[0], criteria)
    return found


def _changed(rows: Iterable[Assessment], stage: str) -> dict[int, int]:
    rounds = Return.objects.filter(assessment__in=rows, stage=stage, answered_at__isnull=False).order_by("round")
    return {pk: len(codes) for pk, codes in rounds.values_list("assessment", "changed")}


def _away(user: User, rows: Collection[Assessment]) -> dict[int, str]:
    """Say why the person does not assess some of the units."""
    conflicts = Conflict.objects.blocking().filter(user=user, assessment__in=rows).order_by("declared_at")
    found = {c.assessment_id: f"Benturan kepentingan. {c.get_state_display()}." for c in conflicts}
    own = set(Membership.objects.filter(user=user, role__in=TEAM_ROLES).values_list("unit", flat=True))
    found |= {row.pk: "Anda anggota unit ini, sehingga tidak menilainya." for row in rows if row.unit_id in own}
    return found


def _seconds(user: User, rows: Collection[Assessment]) -> dict[int, tuple[int, int]]:
    """Return answered and all criteria of the samples that the person still scores."""
    samples = SecondScoring.objects.filter(user=user, assessment__in=rows, finished_at=None)
    found = {row.assessment_id: row.codes for row in samples}
    answered: dict[int, int] = defaultdict(int)
    there = Answer.objects.filter(assessment__in=found, stage=Stage.SECOND).select_related("criterion")
    for answer in there:
        is_given = answer.choice_id or answer.index is not None or any(n is not None for n in answer.counts)
        answered[answer.assessment_id] += bool(is_given and answer.criterion.code in found[answer.assessment_id])
    return {pk: (answered[pk], len(codes)) for pk, codes in found.items()}
