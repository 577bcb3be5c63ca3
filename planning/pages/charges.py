"""What the pages about who is in charge show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.models import User
from assessment import selectors as assessment_selectors
from assessment.models import Assessment
from assessment.worksheet import Worksheet

from ..access import PlanMay
from ..models import Charge, Leader
from ..selectors import Member, charges_of, in_charge, members_of, place_of
from .actions import parts_of


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One part of the worksheet and who is in charge of it."""

    place: str
    code: str  # of a criterion; "" for an area
    title: str
    value: str  # the id that the list shows as chosen, "" for nobody
    seen: str
    name: str
    options: Sequence[tuple[str, str]]
    above: str  # who is in charge of the area, where the criterion has nobody of its own
    stored: str = ""  # who somebody else named meanwhile


def charges(
    assessment: Assessment, may: PlanMay, page: str, *, typed: Mapping[str, str] | None = None,
    problems: Sequence[str] = (), conflicts: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """Build the page on which people are put in charge: three queries."""
    worksheet = assessment_selectors.worksheet_of(assessment.period.instrument)
    held, members = charges_of(assessment), members_of(assessment.unit)
    leader = Leader.objects.filter(assessment=assessment).select_related("user").first()
    node = worksheet.pages.get(page)
    criteria = [(c.code, c.title) for c in node.all_criteria()] if node else []

    def row(place: str, title: str) -> PlaceRow:
        return _row(worksheet, held, members, place, title, typed or {}, place in conflicts)

    return {
        "assessment": assessment,
        "may": may,
        "areas": [row(key, title) for key, title in parts_of(worksheet)],
        "criteria": [row(code, title) for code, title in criteria],
        "node": node,
        "pages": [(p.code, f"{worksheet.nodes[p.parent].name}: {p.name}") for p in worksheet.pages.values()],
        "leader": str(leader.user) if leader else "",
        "leader_id": str(leader.user_id) if leader else "",
        "people": [(str(m.user.pk), str(m.user)) for m in members],
        "problems": problems,
        "conflicts": bool(conflicts),
        "action": reverse("planning:assign", args=[assessment.period.year, assessment.unit.code]),
    }


def _row(
    worksheet: Worksheet, held: Mapping[str, Charge], members: Sequence[Member], place: str, title: str,
    typed: Mapping[str, str], is_conflict: bool,
) -> PlaceRow:  # fmt: skip
    is_criterion = place in worksheet.criteria
    area = place_of(worksheet, place) if is_criterion else place
    stored = held.get(place)
    options = [(str(m.user.pk), str(m.user)) for m in members if m.fits(area)]
    if stored and str(stored.user_id) not in dict(options):
        options.append((str(stored.user_id), f"{stored.user} (tidak lagi mengisi area ini)"))
    now = str(stored.user_id) if stored else ""
    above = held.get(area) if is_criterion and not stored else None
    return PlaceRow(
        place=place,
        code=place if is_criterion else "",
        title=title,
        value=typed.get(f"pj-{place}", now),
        # Of a form that was only refused the one that the person saw; of a conflict the one shown to them now.
        seen=now or "0" if is_conflict else typed.get(f"seen-{place}", now or "0"),
        name=str(stored.user) if stored else "",
        options=options,
        above=str(above.user) if above else "",
        stored=(str(stored.user) if stored else "tidak ada") if is_conflict else "",
    )


@dataclass(frozen=True, slots=True)
class MineRow:
    code: str
    marker: str
    title: str
    url: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class MinePage:
    title: str
    url: str
    rows: Sequence[MineRow]
    done: int


def mine(assessment: Assessment, may: PlanMay, user: User, *, is_open_only: bool) -> dict[str, Any]:
    """Build the list of the criteria that somebody is in charge of, with what is answered: two queries."""
    worksheet = assessment_selectors.worksheet_of(assessment.period.instrument)
    codes = codes_of(worksheet, charges_of(assessment), user)
    unanswered = set(assessment_selectors.scorecard_of(assessment, "unit").unanswered)
    done = sum(code not in unanswered for code in codes)
    shown = [code for code in codes if not is_open_only or code in unanswered]
    return {
        "assessment": assessment,
        "may": may,
        "pages": _pages(assessment, worksheet, shown, unanswered),
        "total": len(codes),
        "done": done,
        "percent": done * 100 // len(codes) if codes else 0,
        "is_open_only": is_open_only,
    }


def codes_of(worksheet: Worksheet, held: Mapping[str, Charge], user: User) -> list[str]:
    """Return the criteria that somebody is in charge of, in worksheet order."""
    return [code for code in worksheet.criteria if in_charge(worksheet, held, code) == user]


def _pages(
    assessment: Assessment, worksheet: Worksheet, codes: Sequence[str], unanswered: set[str]
) -> list[MinePage]:  # fmt: skip
    found: dict[str, list[MineRow]] = {}
    where = [assessment.period.year, assessment.unit.code]
    for code in codes:
        page, c = worksheet.page_of[code], worksheet.criteria[code]
        url = reverse("assessment:page", args=[*where, page]) + f"?milik=saya#k-{c.slug}"
        found.setdefault(page, []).append(MineRow(code, c.marker, c.title, url, code not in unanswered))
    return [
        MinePage(
            f"{worksheet.nodes[worksheet.pages[p].parent].name}: {worksheet.pages[p].name}",
            reverse("assessment:page", args=[*where, p]) + "?milik=saya", rows, sum(r.is_answered for r in rows),
        )
        for p, rows in found.items()
    ]  # fmt: skip
