"""Which units are proposed now, and what of them is sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Unit
from assessment.models import Assessment, Period, Predicate, Snapshot, State
from assessment.selectors import worksheet_of
from review.obstacles import may_be_proposed_early

from .answers import Row, rows_of
from .copies import Decided
from .links import Place, address_of
from .models import EvidenceGrant

FIRST_GENERATION = 1


def proposing_period() -> Period | None:
    """Return the period that is marked for PortalRB, whether its window is open or not."""
    return Period.objects.select_related("instrument").filter(is_proposing=True).first()


def open_period(at: datetime | None = None) -> Period | None:
    """Return the period whose proposals may be read now."""
    period = proposing_period()
    return period if period and period.is_open_for_proposals(at) else None


def proposed_in(period: Period) -> QuerySet[Assessment]:
    """Return the assessments that are proposed, by unit code, with what a list shows; those alone are ever sent.

    TPN's result ends it: what was decided is not proposed any more.
    """
    decided = Snapshot.objects.filter(assessment=OuterRef("pk"), kind=Snapshot.Kind.DECISION)
    rows = Assessment.objects.filter(Exists(decided), period=period, state=State.PROPOSED)
    return rows.select_related("unit", "period__instrument", "evidence_grant").order_by("unit__code")


def of_agency(rows: QuerySet[Assessment], agency: Unit) -> QuerySet[Assessment]:
    """Return those of one agency's tree of units."""
    return rows.filter(unit__path__startswith=agency.path)


def category_of(row: Assessment) -> str:
    """Return PortalRB's name of the kind of proposal."""
    if row.target == Predicate.WBBM:
        return "WBBM"
    return "WBK-AFIRMASI" if may_be_proposed_early(row) else "WBK"


def unit_entry(row: Assessment) -> dict[str, Any]:
    """Return the entry of PortalRB's list of units."""
    return {
        "id": row.unit.code,
        "nama": row.unit.name,
        "kategori": category_of(row),
        "afirmasi": may_be_proposed_early(row),
    }


def grant_of(row: Assessment) -> EvidenceGrant | None:
    """Return what was said about the unit's evidence links; no query for rows of `proposed_in`."""
    return getattr(row, "evidence_grant", None)


def generation_of(row: Assessment) -> int | None:
    """Return the generation of links that opens a unit's evidence; None while they are revoked."""
    grant = grant_of(row)
    if grant is None:
        return FIRST_GENERATION
    return None if grant.revoked_at else grant.generation


def rows_sent(row: Assessment, decided: Decided, origin: str) -> list[Row]:
    """Return the worksheet's answerable rows as they are sent; no query, addresses begin with `origin`."""
    generation = generation_of(row)

    def evidence(code: str) -> str | None:
        if generation is None or not decided.evidence(code):
            return None
        return address_of(Place(row.pk, generation, code), origin)

    worksheet = worksheet_of(row.period.instrument)
    return rows_of(worksheet, decided.unit_answers, decided.tpi_answers, evidence)


def answers_json(row: Assessment, rows: list[Row]) -> Mapping[str, Any]:
    """Return a unit's answers in the form of the guide; a row without an id cannot be told to PortalRB."""
    return {
        "unit_id": row.unit.code,
        "nama_unit": row.unit.name,
        "tahun": row.period.year,
        "answers": [answer.as_json() for answer in rows if answer.soal_id is not None],
    }
