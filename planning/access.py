"""Who may read and write what of a unit's planning. The rest of an assessment is `assessment.access`'s matter."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import Role, User
from assessment.access import May
from assessment.access import get_assessment as find_assessment
from assessment.models import Assessment, Period
from assessment.selectors import worksheet_of
from assessment.worksheet import Criterion, Worksheet

from .models import ActionItem, Leader, Message, Suggestion


@dataclass(frozen=True, slots=True)
class PlanMay:
    """What one user may do with the planning of one assessment; `base` says what of its answers.

    `read` is to see the plan of action; `plan` to change it, within `base.areas`; `discuss` to read the unit's
    discussions, `talk` to write in them; `assign` to say who is in charge of what; `lead` to name the team lead;
    `confirm` to decide about answers carried over, which is to answer.
    """

    base: May
    read: bool = False
    plan: bool = False
    discuss: bool = False
    talk: bool = False
    assign: bool = False
    lead: bool = False
    confirm: bool = False

    def in_areas(self, worksheet: Worksheet, code: str) -> bool:
        """Tell whether a criterion is within the areas that the user is limited to, if any."""
        return not self.base.areas or worksheet.pages[worksheet.page_of[code]].area_key in self.base.areas

    def plan_criterion(self, worksheet: Worksheet, code: str) -> bool:
        """Tell whether actions of one criterion may be written."""
        return self.plan and self.in_areas(worksheet, code)


def is_over(period: Period) -> bool:
    """Tell whether nothing of a period may be planned any more: its year is over and so are all of its windows."""
    now = timezone.now()
    ends = [period.unit_closes, period.prelim_closes, period.tpi_closes, period.proposal_closes]
    return timezone.localdate(now).year > period.year and all(end is None or end <= now for end in ends)


def plan_may(user: User, assessment: Assessment, base: May) -> PlanMay:
    """Return the permissions: no query of its own, one for a member who is not the head."""
    running = not is_over(assessment.period)
    is_head = Role.HEAD in base.hats
    # A second reviewer must not learn from the unit's plans what the first one found.
    return PlanMay(
        base=base,
        read=not base.sample,
        plan=base.is_team and running,
        discuss=base.is_team,
        talk=base.is_team and running,
        assign=running and base.is_team and (is_head or is_leader(user, assessment)),
        lead=running and is_head,
        confirm=base.is_team and base.answer,
    )


def is_leader(user: User, assessment: Assessment) -> bool:
    """Tell whether the head named this person team lead: one query."""
    return Leader.objects.filter(assessment=assessment, user=user).exists()


def get_planning(user: User, year: int, code: str, *, needs: str) -> tuple[Assessment, PlanMay]:
    """Return the assessment (from `for_page`) and the permissions: two queries, three for others than the head.

    404 if the user may not know it exists; 403 if they may, but lack `needs`, the name of a permission.
    """
    assessment, base = find_assessment(user, year, code)
    may = plan_may(user, assessment, base)
    if not getattr(may, needs):
        raise PermissionDenied
    return assessment, may


def get_place(user: User, year: int, code: str, place: str, *, needs: str) -> tuple[Assessment, PlanMay, Criterion]:
    """Return one of the worksheet's criteria too; 404 for any other, 403 as above."""
    assessment, may = get_planning(user, year, code, needs=needs)
    worksheet = worksheet_of(assessment.period.instrument)
    if place not in worksheet.criteria:
        raise Http404
    return assessment, may, worksheet.criteria[place]


def get_action(user: User, year: int, code: str, pk: UUID, *, needs: str) -> tuple[Assessment, PlanMay, ActionItem]:
    """Return an action of the assessment: one query more; 403 too outside of the areas of a member who would write."""
    assessment, may = get_planning(user, year, code, needs=needs)
    action = get_object_or_404(assessment.actions.for_list(), pk=pk)
    if needs == "plan" and not may.in_areas(worksheet_of(assessment.period.instrument), action.criterion.code):
        raise PermissionDenied
    return assessment, may, action


def get_message(user: User, year: int, code: str, pk: UUID) -> tuple[Assessment, PlanMay, Message]:
    """Return a message that the user wrote: one query more; somebody else's is not there."""
    assessment, may = get_planning(user, year, code, needs="talk")
    rows = assessment.messages.select_related("criterion", "withdrawal")
    return assessment, may, get_object_or_404(rows, pk=pk, by=user)


def get_suggestion(user: User, year: int, code: str, pk: UUID) -> tuple[Assessment, PlanMay, Suggestion]:
    """Return an answer carried over that the user may decide about: one query more; 403 if they may not answer it."""
    assessment, may = get_planning(user, year, code, needs="confirm")
    found = get_object_or_404(assessment.suggestions.select_related("criterion"), pk=pk)
    if not may.base.answer_criterion(worksheet_of(assessment.period.instrument), found.criterion.code):
        raise PermissionDenied
    return assessment, may, found
