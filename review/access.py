"""Who may take which step and write what of the review. Asked in views; `assessment.access` decides on answers."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import TPI_ROLES, Membership, Role, User
from assessment.access import DECIDED, May
from assessment.access import get_assessment as find_assessment
from assessment.models import Assessment, Return, Stage, State

from .models import Finding
from .workflow import steps_from

BEFORE_PROPOSAL = frozenset(State) - {State.PROPOSED, State.RESULT}
# Who decides on the conflict of interest of whom.
CONFLICT_JUDGES = {
    Role.TPI_MEMBER: Role.TPI_LEAD, Role.TPI_LEAD: Role.TPI_CONTROLLER, Role.TPI_CONTROLLER: Role.ADMIN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReviewMay:
    """What one user may do in the review of one assessment; `base` says what of its answers.

    `steps` are the names of the workflow's steps that their role allows from the present state. `tick` is to answer
    the conditions for being proposed; `judge` to write verdicts, findings and the list of what to correct; `close` to
    close and reopen findings; `follow_up` to answer them; `declare` to declare a conflict of interest; `lead` to
    choose and settle a second scoring; `administer` to assign teams, propose, record results.
    """

    base: May
    steps: frozenset[str] = frozenset()
    tick: bool = False
    judge: bool = False
    close: bool = False
    follow_up: bool = False
    declare: bool = False
    second: bool = False
    lead: bool = False
    review: bool = False  # open the reviewers' pages at all
    administer: bool = False

    @property
    def hats(self) -> frozenset[str]:
        return self.base.hats

    @property
    def stage(self) -> str:
        """Return whose pages a reviewer sees: the stage they write, else the last one they may read."""
        if self.base.stage:
            return self.base.stage
        if self.base.sample:
            return Stage.SECOND
        return Stage.PRELIM if Role.PRELIM in self.hats and Stage.TPI not in self.base.sees else Stage.TPI


def review_may(assessment: Assessment, base: May) -> ReviewMay:
    """Return the permissions in the review: no query of its own, one where an assessment is returned."""
    hats, state, is_blind = base.hats, assessment.state, bool(base.sample)
    is_reviewer = base.is_reviewer and not is_blind
    is_whole_team = base.is_team and base.answer and not base.areas
    return ReviewMay(
        base=base,
        steps=frozenset() if is_blind else _steps(assessment, base),
        tick=(is_whole_team and state == State.DRAFT) or (Role.ADMIN in hats and state in BEFORE_PROPOSAL),
        judge=is_reviewer and base.stage in {Stage.PRELIM, Stage.TPI},
        close=is_reviewer,
        follow_up=base.is_team,
        declare=bool(hats & TPI_ROLES) and state not in DECIDED,
        second=is_blind and base.stage == Stage.SECOND,
        lead=Role.TPI_LEAD in hats and state in {State.SUBMITTED, State.REVIEW, State.LEAD_CHECK},
        review=bool(hats & (TPI_ROLES | {Role.PRELIM, Role.OBSERVER, Role.ADMIN})),
        administer=Role.ADMIN in hats,
    )


def _steps(assessment: Assessment, base: May) -> frozenset[str]:
    found = steps_from(assessment.state, base.hats)
    if not base.agency:  # proposals are letters of the whole agency
        found -= {"propose"}
    if "take_back" not in found:
        return found
    under_way = Return.objects.filter(assessment=assessment, answered_at=None).first()
    asked = Role.PRELIM if under_way and under_way.stage == Stage.PRELIM else Role.TPI_LEAD
    return found if asked in base.hats else found - {"take_back"}


def get_review(user: User, year: int, code: str, *, needs: str | None = None) -> tuple[Assessment, ReviewMay]:
    """Return the assessment (from `for_page`) and the permissions in its review: two queries, three for reviewers.

    404 if the user may not know it exists; 403 if they may, but lack `needs`, the name of a permission.
    """
    assessment, base = find_assessment(user, year, code)
    may = review_may(assessment, base)
    if needs is not None and not getattr(may, needs):
        raise PermissionDenied
    return assessment, may


def get_step(user: User, year: int, code: str, name: str) -> tuple[Assessment, ReviewMay]:
    """Return the assessment and the permissions if the user's role may take a step from the present state, else 403."""
    assessment, may = get_review(user, year, code)
    if name not in may.steps:
        raise PermissionDenied
    return assessment, may


def get_finding(
    user: User, year: int, code: str, pk: object, *, needs: str | None = None
) -> tuple[Assessment, ReviewMay, Finding]:
    """Return a finding of the assessment, or one that an earlier period left its unit; 404 and 403 as above.

    One query more. Who assesses the unit now closes what others found before them.
    """
    assessment, may = get_review(user, year, code, needs=needs)
    earlier = Finding.objects.filter(assessment__unit=assessment.unit_id, assessment__period__year__lt=year)
    rows = Finding.objects.filter(assessment=assessment) | earlier.unless_blind(user)
    return assessment, may, get_object_or_404(rows.for_list(), pk=pk)


def is_agency_admin(user: User) -> bool:
    """Tell whether the user administers the whole agency, who alone forms teams and makes proposals: one query."""
    found = Membership.objects.filter(user=user, role=Role.ADMIN, unit__parent=None)
    return user.is_active and found.exists()


def require_agency_admin(user: User) -> None:
    """Raise PermissionDenied for anybody else."""
    if not is_agency_admin(user):
        raise PermissionDenied
