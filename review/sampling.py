"""The second scoring of a sample: drawing it, how far the two reviewers agree, who may be the second."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import QuerySet

from accounts.models import TEAM_ROLES, Membership, Role, User
from assessment import selectors
from assessment.models import Answer, Assessment, Conflict, Event, SecondScoring, Stage, TeamMember
from assessment.scoring import Given, Result
from assessment.worksheet import Worksheet

from .assigning import ties
from .obstacles import differing

# Who did one of these as a reviewer has looked at the unit already.
SEEN = [Event.Kind.ANSWERED, Event.Kind.VERDICT, Event.Kind.FINDING, Event.Kind.RETURN_ITEM]


def draw(worksheet: Worksheet, share: int, source: random.Random) -> list[str]:
    """Return the codes of `share` percent of the criteria in worksheet order, at least one of every page.

    Part of a criterion counts as a whole one. First one of each page, then the rest from all that are left.
    """
    wanted = (len(worksheet.criteria) * share + 99) // 100
    chosen = {source.choice([c.code for c in page.all_criteria()]) for page in worksheet.pages.values()}
    rest = [code for code in worksheet.criteria if code not in chosen]
    chosen |= set(source.sample(rest, max(wanted - len(chosen), 0)))
    return [code for code in worksheet.criteria if code in chosen]


@dataclass(frozen=True, slots=True)
class Pair:
    """One criterion of the sample as both reviewers answered it."""

    code: str
    first: Answer | None
    second: Answer | None
    first_given: Given
    second_given: Given
    gap: Fraction | None  # between the values; None where one of them is open
    differs: bool
    settled: Mapping[str, str] | None  # how the lead decided

    @property
    def is_open(self) -> bool:
        """Tell whether both have answered, differently, and the lead has not decided."""
        return self.differs and self.gap is not None and not self.settled


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree on one page's part of the sample."""

    page: str
    same: int
    total: int
    gap: Fraction  # mean of the absolute differences of values, 0 to 1

    @property
    def percent(self) -> Fraction:
        return Fraction(100 * self.same, self.total)


def pairs_of(assessment: Assessment, second: SecondScoring) -> list[Pair]:
    """Return the sample with both answers, in worksheet order: four queries.

    What the lead settled counts as it was before: taking the second answer makes nobody agree afterwards.
    """
    first = selectors.answers_of(assessment, Stage.TPI)
    other = selectors.answers_of(assessment, Stage.SECOND)
    results = selectors.result_of(assessment, first), selectors.result_of(assessment, other)
    apart = set(differing(assessment, second))
    return [_pair(code, first, other, results, code in apart, second.settled.get(code)) for code in second.codes]


def _pair(
    code: str, first: Mapping[str, Answer], other: Mapping[str, Answer], results: tuple[Result, Result],
    is_apart: bool, settled: Mapping[str, str] | None,
) -> Pair:  # fmt: skip
    one, two = (result.values[code].value for result in results)
    gap = Fraction(settled["gap"]) if settled else abs(one - two) if one is not None and two is not None else None
    return Pair(
        code, first.get(code), other.get(code), results[0].given.get(code, Given()),
        results[1].given.get(code, Given()), gap, is_apart or bool(settled), settled,
    )  # fmt: skip


def agreements(worksheet: Worksheet, pairs: Sequence[Pair]) -> list[Agreement]:
    """Return the agreement per page, of the criteria that both have answered; pages without any are left out."""
    found = []
    for page in worksheet.pages:
        here = [p for p in pairs if worksheet.page_of[p.code] == page and p.gap is not None]
        if here:
            gap = sum((p.gap or Fraction(0) for p in here), start=Fraction(0)) / len(here)
            found.append(Agreement(page, sum(not p.differs for p in here), len(here), gap))
    return found


def second_of(assessment: Assessment) -> SecondScoring | None:
    """Return the second scoring of an assessment: one query."""
    return SecondScoring.objects.filter(assessment=assessment).select_related("user", "assigned_by").first()


def seconds_to_choose(assessment: Assessment) -> list[User]:
    """Return the team's members who may be the second reviewer: six queries.

    Not those who have judged anything of the unit, nor those whom a conflict or their own past there keeps away.
    """
    kept_away = Conflict.objects.blocking().filter(assessment=assessment).values("user")
    looked = Event.objects.filter(assessment=assessment, stage=Stage.TPI, kind__in=SEEN, actor__isnull=False)
    own = Membership.objects.filter(unit=assessment.unit_id, role__in=TEAM_ROLES).values("user")
    members: QuerySet[TeamMember] = TeamMember.objects.filter(
        team__assignments__assessment=assessment, role=Role.TPI_MEMBER, user__is_active=True
    )
    members = members.exclude(user__in=kept_away).exclude(user__in=own)
    members = members.exclude(user__in=looked.order_by().values("actor"))
    people = [m.user for m in members.select_related("user").order_by("user__first_name", "user__username")]
    tied = {tie.user.pk for tie in ties(people, [assessment.unit])}
    return [user for user in people if user.pk not in tied]
