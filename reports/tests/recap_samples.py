"""An agency with units in several states, for the tests of the recap."""

from decimal import Decimal
from typing import Any

from accounts.models import Role, Unit, User
from assessment import selectors
from assessment.models import Assessment, Stage, State
from assessment.scoring import Result
from assessment.services import Entry, record_answers
from assessment.tests.factories import UnitFactory, UserFactory, filled, member, opened
from review.tests.factories import at_state


def agency() -> tuple[Unit, Unit, User]:
    """Return the top of an agency, a unit below it, and the agency's admin."""
    top = UnitFactory(code="PEMDA", name="Pemerintah Daerah Contoh")
    upper = UnitFactory(code="SEKDA", name="Sekretariat Daerah", parent=top)
    return top, upper, member(top, Role.ADMIN)


def unit(parent: Unit, code: str, *, name: str = "", seed: int = 0, year: int = 2026, **period: Any) -> Assessment:
    """Return an assessment of a new unit, filled with drawn answers if a `seed` is given."""
    row = opened(UnitFactory(code=code, name=name or f"Unit {code}", parent=parent), year=year, **period)
    if seed:
        filled(row, seed=seed)
    return row


def judged(row: Assessment, *, worse: int = 3, state: str = State.REVIEW, share: float = 1.0) -> Assessment:
    """Let TPI answer a share of the criteria as the unit did, the first `worse` lettered ones as badly as can be."""
    worksheet = selectors.worksheet_of(row.period.instrument)
    units = selectors.answers_of(row, Stage.UNIT)
    row = at_state(row, State.REVIEW)
    codes = list(worksheet.criteria)[: int(len(worksheet.criteria) * share)]
    entries = []
    for code in codes:
        given, criterion = selectors.given_of(worksheet, units[code]), worksheet.criteria[code]
        if worse and criterion.choices and given.choice != criterion.choices[-1].key:
            given, worse = type(given)(choice=criterion.choices[-1].key), worse - 1
        entries.append(Entry(code, given, "Bukti tidak cukup untuk jawaban ini.", 0))
    record_answers(assessment=row, entries=entries, by=UserFactory(), stage=Stage.TPI)
    return at_state(row, state)


def result(row: Assessment, stage: str = Stage.UNIT) -> Result:
    """Score a stage afresh from its answers."""
    return selectors.stage_result(Assessment.objects.for_page().get(pk=row.pk), stage)


def text_of(number: Decimal) -> str:
    return f"{number:.2f}".replace(".", ",")
