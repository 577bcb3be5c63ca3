"""Make a complete instrument of PortalRB's question list."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from .fixture_files import newest_bundled
from .instrument_read import worksheet_of_rows
from .instrument_rows import InstrumentKey, Row, model_of, rows_of_nodes, with_key
from .instruments import FROM_LIST, Unusable, digest_of, next_version, write_rows
from .models import Instrument
from .portalrb_list import QuestionList
from .portalrb_plan import Plan, plan_of

YEARS = range(2000, 2101)
_CODE_LENGTH = 40
_DIGEST_LENGTH = 64 - len(FROM_LIST)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did or, in a dry run, would do."""

    outcome: str  # created, would create, unchanged
    key: InstrumentKey
    name: str
    year: int
    rows: tuple[Row, ...]
    plan: Plan

    def report(self) -> dict[str, Any]:
        """Return it as JSON; "placed" has the code of each question by its id."""
        plan = asdict(self.plan)
        for name in ("roots", "problems"):
            del plan[name]
        tables = [model_of(row) for row in self.rows]
        return {
            "outcome": self.outcome,
            "instrument": {"code": self.key[0], "version": self.key[1], "name": self.name, "year": self.year},
            "counts": {
                plural: tables.count(name)
                for plural, name in (
                    ("nodes", "node"), ("criteria", "criterion"), ("choices", "choice"), ("quantities", "quantity"),
                    ("expected_documents", "expecteddocument"), ("thresholds", "threshold"),
                    ("conditions", "proposalcondition"),
                )
            },
            **plan,
        }  # fmt: skip


@transaction.atomic
def import_list(*, questions: QuestionList, name: str, year: int, code: str = "", dry_run: bool = False) -> Imported:
    """Write a list as a new instrument, or the next version of `code`; the same list again changes nothing.

    Raises Unusable or UnusableList; then nothing is written.
    """
    code = code or slugify(name)[:_CODE_LENGTH].strip("-")
    if not code:
        raise Unusable(["the name gives no code; say one with --code"])
    if year not in YEARS:
        raise Unusable([f"{year} is not a year from {YEARS[0]} to {YEARS[-1]}"])
    bundled = newest_bundled()
    base, _ = worksheet_of_rows(bundled.rows)
    plan = plan_of(questions, base)
    if questions.year not in (None, year):
        plan.remarks.append(f"the list is for {questions.year}, the instrument for {year}")
    rows = _rows(plan, bundled.rows, bundled.key, (code, 0), name, year)
    digest = FROM_LIST + digest_of(rows)[:_DIGEST_LENGTH]
    present = Instrument.objects.filter(code=code, source_digest=digest).first()
    if present is not None:
        return Imported("unchanged", present.natural_key(), name, year, tuple(rows), plan)
    key = (code, next_version(code))
    with transaction.atomic():
        write_rows(with_key(rows, (code, 0), key), source_digest=digest)
        if dry_run:  # written and taken back, so that what the database refuses shows here too
            transaction.set_rollback(True)
    return Imported("would create" if dry_run else "created", key, name, year, tuple(rows), plan)


def _rows(
    plan: Plan, bundled: tuple[Row, ...], bundled_key: InstrumentKey, key: InstrumentKey, name: str, year: int
) -> list[Row]:
    """Return all rows of the new instrument: the places from the list, thresholds and conditions from ours."""
    ours = [r for r in bundled if model_of(r) in {"instrument", "threshold", "proposalcondition"}]
    rows = with_key(ours, bundled_key, key)
    head = next(row for row in rows if model_of(row) == "instrument")
    head["fields"].update(name=name, year=year)
    return rows + rows_of_nodes(plan.roots, key)
