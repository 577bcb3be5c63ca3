"""Who may do what with an assessment's answers. No other module decides; `review.access` adds the workflow's steps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q
from django.shortcuts import get_object_or_404

from accounts.models import TEAM_ROLES, TPI_ROLES, TREE_ROLES, Membership, PastMembership, Role, User

from .models import Assessment, Conflict, ReturnItem, SecondScoring, Stage, State, TeamMember
from .worksheet import Worksheet

DECIDED = frozenset({State.FULFILS, State.NOT_YET, State.PROPOSED, State.RESULT})
# The preliminary assessment is over in these.
AFTER_PRELIM = DECIDED | {State.UNFIT, State.REVIEW, State.LEAD_CHECK, State.APPROVAL}
ALL_STAGES = frozenset({Stage.UNIT, Stage.PRELIM, Stage.TPI, Stage.TPN})
# A second reviewer's: not the first answers, nor anything made of them.
BLIND_STAGES = frozenset({Stage.UNIT, Stage.PRELIM, Stage.SECOND})


@dataclass(frozen=True, slots=True)
class May:
    """What one user may do with one assessment; handed to views and to templates.

    `areas` limits what a member writes to some of the six areas, at any time; empty means all, and Hasil too. `only`
    limits `answer` to the criteria that a return opened; None means all. `hats` are the roles in which the user
    stands before this unit; TPI's come from the team it is assigned to. `sees` are the stages to be read,
    `stage` the one whose answers they may write as a reviewer, "" for none; `sample` limits that to a second
    reviewer's criteria while not empty. `agency` is an admin of everything this unit belongs to.
    """

    answer: bool = False
    areas: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    hats: frozenset[str] = frozenset()
    sees: frozenset[str] = frozenset({Stage.UNIT})
    stage: str = ""
    sample: frozenset[str] = frozenset()
    agency: bool = False

    def answer_criterion(self, worksheet: Worksheet, code: str) -> bool:
        """Tell whether the unit's answer to one criterion, and its evidence, may be changed."""
        if not self.answer or (self.only is not None and code not in self.only):
            return False
        return not self.areas or worksheet.pages[worksheet.page_of[code]].area_key in self.areas

    def answer_page(self, worksheet: Worksheet, page: str) -> bool:
        """Tell whether any criterion of one page may be answered."""
        return any(self.answer_criterion(worksheet, c.code) for c in worksheet.pages[page].all_criteria())

    def judge_criterion(self, code: str) -> bool:
        """Tell whether the reviewer's answer to one criterion may be written."""
        return bool(self.stage) and (not self.sample or code in self.sample)

    @property
    def is_reviewer(self) -> bool:
        """Tell whether the user assesses this unit, now or at another time."""
        return bool(self.hats & REVIEWING)

    @property
    def sees_unit(self) -> bool:
        """Tell whether the user reaches the unit itself, as TPI's people do not: they see what is assigned to them."""
        return not self.hats or bool(self.hats - TPI_ROLES)

    @property
    def is_team(self) -> bool:
        """Tell whether the user belongs to the unit itself."""
        return bool(self.hats & TEAM_ROLES)


REVIEWING = TPI_ROLES | {Role.PRELIM}


@dataclass(frozen=True, slots=True)
class Opening:
    """That the unit may write now, and what: `only` has the criteria of a return, None means all."""

    only: frozenset[str] | None = None


def opening_for_unit(assessment: Assessment) -> Opening | None:
    """Return what the state and the windows let the unit write now, None for nothing: one query if returned."""
    if assessment.state == State.DRAFT:
        return Opening() if assessment.period.is_open_for_units() else None
    if assessment.state != State.RETURNED:
        return None
    under_way = assessment.returns.filter(answered_at=None, sent_at__isnull=False).first()
    if under_way is None or not under_way.is_open():
        return None
    codes = ReturnItem.objects.filter(of=under_way).values_list("criterion__code", flat=True)
    return Opening(frozenset(codes))


def is_open_for_unit(assessment: Assessment) -> bool:
    """Tell whether the state and the windows let the unit write anything now."""
    return opening_for_unit(assessment) is not None


def is_open_for_stage(assessment: Assessment, stage: str) -> bool:
    """Tell whether the state and the windows let a reviewer's stage be written now."""
    period, state = assessment.period, assessment.state
    if stage == Stage.PRELIM:
        return state == State.PRELIM and period.is_open_for_prelim()
    if stage == Stage.SECOND:
        return state == State.REVIEW and period.is_open_for_tpi()
    if stage == Stage.TPI:
        return state in {State.REVIEW, State.LEAD_CHECK} and period.is_open_for_tpi()
    return stage == Stage.TPN and state == State.PROPOSED


def may(user: User, assessment: Assessment) -> May:
    """Return the user's permissions: one query for the unit's own, two for others, one more if returned."""
    if not user.is_active:
        return May()
    memberships = _memberships(user, assessment)
    allowed = _may(user, assessment, memberships)
    top = _line_of(assessment)[0]
    return replace(allowed, agency=any(m.role == Role.ADMIN and m.unit_id == top for m in memberships))


def _may(user: User, assessment: Assessment, memberships: list[Membership]) -> May:
    own = [m for m in memberships if m.role in TEAM_ROLES]
    if own:
        return _unit_may(assessment, own, memberships)
    hats = frozenset(m.role for m in memberships)
    part = _team_part(user, assessment)
    if part is None:
        sees = _seen_by(hats, assessment) | (ALL_STAGES if user.is_superuser else frozenset())
        return May(hats=hats, sees=sees, stage=_stage_of(hats, assessment))
    return _tpi_may(hats | {part.role}, assessment, frozenset(part.sample))


def _unit_may(assessment: Assessment, own: list[Membership], memberships: list[Membership]) -> May:
    """Return the permissions of the unit's own people, who review nothing here whatever else they are."""
    hats = frozenset(m.role for m in memberships) - REVIEWING
    sees = _seen_by(hats, assessment)
    limited = all(m.areas for m in own)
    areas = frozenset(key for m in own for key in m.areas) if limited else frozenset()
    opening = opening_for_unit(assessment)
    if opening is None:
        return May(areas=areas, hats=hats, sees=sees)
    return May(answer=True, areas=areas, only=opening.only, hats=hats, sees=sees)


def _tpi_may(hats: frozenset[str], assessment: Assessment, sample: frozenset[str]) -> May:
    if sample:
        stage = Stage.SECOND if is_open_for_stage(assessment, Stage.SECOND) else ""
        return May(hats=hats, sees=BLIND_STAGES, stage=stage, sample=sample)
    return May(hats=hats, sees=ALL_STAGES, stage=_stage_of(hats, assessment))


def _seen_by(hats: frozenset[str], assessment: Assessment) -> frozenset[str]:
    """Return the stages to read: nobody's work is shown to those it judges before it is done."""
    if hats & {Role.OBSERVER, Role.ADMIN}:
        return ALL_STAGES
    found = {Stage.UNIT}
    if Role.PRELIM in hats or assessment.state in AFTER_PRELIM:
        found.add(Stage.PRELIM)
    if assessment.state in DECIDED:
        found.add(Stage.TPI)
    if assessment.state == State.RESULT:
        found.add(Stage.TPN)
    return frozenset(found)


def _stage_of(hats: frozenset[str], assessment: Assessment) -> str:
    """Return the stage that somebody with these roles may write now."""
    writes = [(Role.PRELIM, Stage.PRELIM), (Role.TPI_LEAD, Stage.TPI), (Role.ADMIN, Stage.TPN)]
    if assessment.state == State.REVIEW:  # members are done once they have handed the work to their lead
        writes.append((Role.TPI_MEMBER, Stage.TPI))
    return next((s for role, s in writes if role in hats and is_open_for_stage(assessment, s)), "")


@dataclass(frozen=True, slots=True)
class _Part:
    role: str
    sample: tuple[str, ...]


def _team_part(user: User, assessment: Assessment) -> _Part | None:
    """Return the user's part in the TPI team: one query.

    None while a conflict of interest keeps them away, and for good where they once were of the unit's team.
    """
    kept_away = Conflict.objects.blocking().filter(user=user, assessment=assessment)
    was_there = PastMembership.objects.filter(user=user, unit=assessment.unit_id, role__in=TEAM_ROLES)
    second = SecondScoring.objects.filter(user=user, assessment=assessment, finished_at=None)
    rows = TeamMember.objects.filter(user=user, team__assignments__assessment=assessment)
    rows = rows.filter(~Exists(kept_away), ~Exists(was_there))
    found = rows.values_list("role", Exists(second)).first()
    if found is None:
        return None
    sample = second.values_list("codes", flat=True).get() if found[1] else ()
    return _Part(found[0], tuple(sample))


def _memberships(user: User, assessment: Assessment) -> list[Membership]:
    line = _line_of(assessment)
    found = Membership.objects.filter(Q(unit=assessment.unit_id) | Q(role__in=TREE_ROLES, unit__in=line), user=user)
    return list(found.exclude(role__in=TPI_ROLES))


def _line_of(assessment: Assessment) -> list[int]:
    """Return the keys of the units from the top of the agency down to this one."""
    return [int(pk) for pk in assessment.unit.path.strip("/").split("/") if pk]


def stages_read(user: User, rows: Iterable[Assessment]) -> dict[int, frozenset[str]]:
    """Return `May.sees` of many assessments by id; rows from `visible_to`, unit loaded.

    Four queries however many, five for reviewers.
    """
    held = list(Membership.objects.filter(user=user).exclude(role__in=TPI_ROLES).values_list("unit__path", "role"))
    teams = TeamMember.objects.filter(user=user, team__assignments__isnull=False)
    assigned = set(teams.values_list("team__assignments__assessment", flat=True))
    assigned -= set(Conflict.objects.blocking().filter(user=user).values_list("assessment", flat=True))
    past = PastMembership.objects.filter(user=user, role__in=TEAM_ROLES)
    left = set(past.values_list("unit", flat=True)) if assigned else set()
    samples = SecondScoring.objects.filter(user=user, finished_at=None).values_list("assessment", "codes")
    blind = {pk for pk, codes in samples if codes}
    found = {}
    for row in rows:
        path = row.unit.path
        hats = frozenset(r for p, r in held if p == path or (r in TREE_ROLES and path.startswith(p)))
        if hats & TEAM_ROLES:
            found[row.pk] = _seen_by(hats - REVIEWING, row)
        elif row.pk in assigned and row.unit_id not in left:
            found[row.pk] = BLIND_STAGES if row.pk in blind else ALL_STAGES
        else:
            found[row.pk] = ALL_STAGES if user.is_superuser else _seen_by(hats, row)
    return found


def get_assessment(user: User, year: int, code: str, *, needs: str | None = None) -> tuple[Assessment, May]:
    """Return the assessment (from `for_page`) and the user's permissions on it: two queries, three for reviewers.

    404 if the user may not know it exists; 403 if they may, but lack `needs`.
    """
    assessment = get_object_or_404(Assessment.objects.visible_to(user).for_page(), period__year=year, unit__code=code)
    allowed = may(user, assessment)
    if needs is not None and not getattr(allowed, needs):
        raise PermissionDenied
    return assessment, allowed
