"""One unit's answers as PortalRB takes them, for the command line: of any unit, also of one that is not proposed."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from assessment.access import DECIDED
from assessment.models import Assessment, Stage, State
from assessment.selectors import worksheet_of
from review.services.snapshots import content_of

from .answers import Row, rows_of
from .copies import decided_of
from .links import origin_of_portal
from .proposals import answers_json, rows_sent
from .upload import upload_workbook


class Damaged(Exception):
    """A fixed copy is missing or not what was decided on."""


def as_json(assessment: Assessment) -> bytes:
    """Return the answers in the form of the API; the row must come from `for_page`."""
    data = answers_json(assessment, export_rows(assessment))
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def as_xlsx(assessment: Assessment) -> bytes:
    """Return the upload workbook; the row must come from `for_page`."""
    return upload_workbook(export_rows(assessment))


def export_rows(assessment: Assessment) -> list[Row]:
    """Return what was decided on, or before the decision the unit's answers alone.

    Reviewers' answers are never taken from live rows. Where no link would open, evidence is told by its titles.
    Raises Damaged.
    """
    worksheet = worksheet_of(assessment.period.instrument)
    if assessment.state not in DECIDED:
        content = content_of(assessment, Stage.UNIT)
        return rows_of(worksheet, content["answers"], {}, _titles_in(content["evidence"]))
    decided = decided_of([assessment]).get(assessment.pk)
    if decided is None or not decided.is_intact:
        raise Damaged
    origin = origin_of_portal()
    if origin and assessment.state == State.PROPOSED and assessment.period.is_proposing:
        return rows_sent(assessment, decided, origin)
    evidence = _titles_in(decided.decision.data["evidence"])
    return rows_of(worksheet, decided.unit_answers, decided.tpi_answers, evidence)


def _titles_in(items: Iterable[Mapping[str, Any]]) -> Callable[[str], str | None]:
    told: dict[str, list[str]] = {}
    for item in items:
        told.setdefault(item["criterion"], []).append(f"{item['title']} {item['url']}".strip())
    return lambda code: "; ".join(told.get(code, ())) or None
