"""What pages of other apps show of the planning; they load it here, so that no app below imports this one."""

from dataclasses import dataclass, field
from typing import Any

from django import template
from django.db.models import CharField, Count, F, Value
from django.utils import timezone

from accounts.http import UserRequest
from assessment import selectors as assessment_selectors
from assessment.access import May
from assessment.models import Answer, Assessment, Scorecard
from assessment.worksheet import Node, Worksheet
from planning.access import PlanMay, is_over
from planning.models import ActionItem, Charge, Suggestion
from planning.models.actions import UNFINISHED
from planning.pages.charges import codes_of
from planning.pages.suggestions import SuggestionRow, live_rows, open_ones
from planning.pages.talk import MessageRow, messages_of, row_of
from planning.selectors import charges_of, place_of

register = template.Library()


@dataclass(slots=True)
class Beside:
    """What stands beside one criterion."""

    in_charge: str = ""
    is_mine: bool = False
    actions: int = 0
    messages: list[MessageRow] = field(default_factory=list)
    is_open: bool = False  # its discussion stands open
    suggestion: SuggestionRow | None = None


@dataclass(slots=True)
class PlanPage:
    """What stands beside the criteria of a page; `only` are those to show where only one's own are asked for."""

    cards: dict[str, Beside]
    is_team: bool
    may: PlanMay
    mine: int = 0
    only: frozenset[str] | None = None
    back: str = ""


@register.simple_tag
def planning_of_page(
    assessment: Assessment, may: May, node: Node, groups: Any, request: UserRequest
) -> PlanPage | None:  # fmt: skip
    """Return what stands beside the criteria of a page: three queries for the unit's team, one for others, none blind.

    `groups` are the page's cards, which know the version of every answer.
    """
    if may.sample:
        return None
    worksheet = assessment_selectors.worksheet_of(assessment.period.instrument)
    codes = [c.code for c in node.all_criteria()]
    running = not is_over(assessment.period)
    allowed = PlanMay(
        may, plan=may.is_team and running, talk=may.is_team and running, confirm=may.is_team and may.answer
    )
    page = PlanPage({code: Beside() for code in codes}, may.is_team, allowed, back=request.path)
    _add_charges_and_actions(page, assessment, worksheet, codes, request.user.pk)
    if not may.is_team:
        return page
    asked = request.GET.get("diskusi", "")
    for message in messages_of(assessment).filter(criterion__in=[worksheet.criteria[c].pk for c in codes]):
        code = worksheet.code_of[message.criterion_id]
        page.cards[code].messages.append(row_of(message, code, request.user))
    if asked in page.cards:
        page.cards[asked].is_open = True
    _add_suggestions(page, assessment, worksheet, codes, groups)
    page.mine = sum(beside.is_mine for beside in page.cards.values())
    if request.GET.get("milik", "") == "saya":
        page.only = frozenset(code for code, beside in page.cards.items() if beside.is_mine)
    return page


def _add_charges_and_actions(
    page: PlanPage, assessment: Assessment, worksheet: Worksheet, codes: list[str], user: int
) -> None:
    """Say who is in charge and how many actions are unfinished: one query, a union of both."""
    text = CharField()
    held = Charge.objects.filter(assessment=assessment).annotate(what=Value("charge", output_field=text))
    people = held.values_list("what", "place", "user", "user__first_name", "user__username")
    plans = ActionItem.objects.filter(assessment=assessment, status__in=UNFINISHED, criterion__code__in=codes)
    plans = plans.filter(continued=None)
    counted = (
        plans.order_by().values(where=F("criterion__code"))
        .annotate(n=Count("pk"), what=Value("action", output_field=text), one=Value("", output_field=text),
                  two=Value("", output_field=text))
        .values_list("what", "where", "n", "one", "two")
    )  # fmt: skip
    names: dict[str, tuple[int, str]] = {}
    for what, place, number, name, username in people.union(counted, all=True):
        if what == "action":
            page.cards[place].actions = number
        else:
            names[place] = (number, name.strip() or username)
    for code, beside in page.cards.items():
        found = names.get(code) or names.get(place_of(worksheet, code))
        if found:
            beside.in_charge, beside.is_mine = found[1], found[0] == user


def _add_suggestions(
    page: PlanPage, assessment: Assessment, worksheet: Worksheet, codes: list[str], groups: Any
) -> None:  # fmt: skip
    rows = open_ones(assessment).filter(criterion__in=[worksheet.criteria[c].pk for c in codes])
    cards = {card.criterion.code: card for _, found in groups for card in found}
    found: list[Suggestion] = [s for s in rows if not cards[worksheet.code_of[s.criterion_id]].is_answered]
    # Versions as the cards show them; a card without an answer has at most a note or some of its counts.
    answers = {code: Answer(version=int(card.version)) for code, card in cards.items() if card.version.isdigit()}
    for code, row in live_rows(assessment, page.may, worksheet, found, answers).items():
        page.cards[code].suggestion = row


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview shows of the planning."""

    is_team: bool
    mine: int = 0
    mine_done: int = 0
    actions: int = 0
    done: int = 0
    late: int = 0
    suggestions: int = 0


@register.simple_tag
def planning_overview(assessment: Assessment, may: May, card: Scorecard, request: UserRequest) -> Overview | None:
    """Return the state of the planning: three queries for the unit's team, one for others, none for who is blind."""
    if may.sample:
        return None
    month = timezone.localdate().replace(day=1)
    rows = list(assessment.actions.values_list("status", "target", "continued"))
    live = [row for row in rows if row[0] != ActionItem.Status.CANCELLED]
    late = sum(s in UNFINISHED and target < month and went is None for s, target, went in live)
    done = sum(s == ActionItem.Status.DONE for s, *_ in live)
    if not may.is_team:
        return Overview(False, actions=len(live), done=done, late=late)
    worksheet = assessment_selectors.worksheet_of(assessment.period.instrument)
    mine = codes_of(worksheet, charges_of(assessment), request.user)
    open_codes = set(
        assessment.suggestions.filter(state=Suggestion.State.OPEN).values_list("criterion__code", flat=True)
    )
    unanswered = set(card.unanswered)
    return Overview(
        True, len(mine), sum(c not in unanswered for c in mine), len(live), done, late, len(open_codes & unanswered)
    )
