"""A workbook held against the portal as it is now: what would change, and the score before and after."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings

from assessment import access, scoring, selectors
from assessment.access import May
from assessment.models import Assessment, Stage
from assessment.scoring import Given, Result
from assessment.worksheet import Worksheet
from evidence.models import LINK, Attachment

from .comparing import NOT_OPEN, OTHER_AREA, Comparison, Line, Now, compare
from .placing import Doubt, Placing
from .reading import OWN, Read

CLOSED = "Penilaian ini tidak sedang dibuka untuk pengisian."
OTHER_UNIT = "Berkas ini diunduh untuk unit lain ({found}). Pastikan ini berkas yang benar."
OTHER_PERIOD = "Berkas ini diunduh untuk periode lain ({found}). Pastikan ini berkas yang benar."
OTHER_SHEETS = "Dibaca dari lembar “{sheet}”; lembar lain yang juga mirip LKE tidak dibaca: {others}."


@dataclass(frozen=True)
class Preview:
    """What a workbook would do. `open_doubts` are rows that still have no place; `after` leaves out `skipped`."""

    read: Read
    comparison: Comparison
    doubts: tuple[Doubt, ...]
    open_doubts: tuple[Doubt, ...]
    where: Mapping[int, str]
    skipped: frozenset[str]
    before: Result
    after: Result
    warnings: tuple[str, ...]

    @property
    def worksheet(self) -> Worksheet:
        return self.before.worksheet

    @property
    def writing(self) -> list[Line]:
        """Return what would be written."""
        return [line for line in self.comparison.writing if line.code not in self.skipped]

    @property
    def seen(self) -> dict[str, int]:
        """Return the versions that a person agrees to replace, by criterion."""
        return {line.code: line.version for line in self.writing}


def preview_of(
    assessment: Assessment,
    read: Read,
    placing: Placing,
    *,
    allowed: Mapping[str, str],
    choices: Mapping[int, str] | None = None,
    skipped: Collection[str] = (),
    hosts: Iterable[str] = (),
) -> Preview:
    """Compare what was read with the assessment as it is now: two queries; the row must come from `for_page`."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    answers = selectors.answers_of(assessment, Stage.UNIT)
    before = selectors.result_of(assessment, answers)
    urls = _attached_urls(assessment, worksheet)
    now = {
        code: Now(given, answers[code].note, answers[code].version, urls.pop(code, frozenset()))
        for code, given in before.given.items()
    }
    now |= {code: Now(urls=found) for code, found in urls.items()}
    where = {**placing.where, **{row: code for row, code in (choices or {}).items() if code}}
    comparison = compare(worksheet, read, where, now, allowed, {*own_hosts(), *hosts})
    return Preview(
        read, comparison, tuple(placing.doubts), tuple(d for d in placing.doubts if not (choices or {}).get(d.row)),
        where, frozenset(skipped), before, _after(assessment, before, comparison, frozenset(skipped)),
        tuple(_warnings(assessment, read)),
    )  # fmt: skip


def allowed_for(assessment: Assessment, may: May) -> dict[str, str]:
    """Return by criterion why somebody may not write it, "" if they may."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    return {code: _why_not(worksheet, may, code) for code in worksheet.criteria}


def allowed_now(assessment: Assessment) -> dict[str, str]:
    """Return the same for the server's own commands, which only state and windows hold: one query if returned."""
    opening = access.opening_for_unit(assessment)
    may = May(answer=opening is not None, only=opening.only if opening else None)
    return allowed_for(assessment, may)


def own_hosts() -> set[str]:
    """Return the portal's host as addresses have it."""
    return {urlsplit(settings.PORTAL_URL).netloc.lower()} if settings.PORTAL_URL else set()


def _why_not(worksheet: Worksheet, may: May, code: str) -> str:
    if may.answer_criterion(worksheet, code):
        return ""
    if not may.answer:
        return CLOSED
    return NOT_OPEN if may.only is not None and code not in may.only else OTHER_AREA


def _attached_urls(assessment: Assessment, worksheet: Worksheet) -> dict[str, frozenset[str]]:
    rows = Attachment.objects.live().filter(assessment=assessment, document__current__kind=LINK)
    found: dict[str, set[str]] = {}
    for criterion, url in rows.values_list("criterion_id", "document__current__url"):
        found.setdefault(worksheet.code_of[criterion], set()).add(url)
    return {code: frozenset(urls) for code, urls in found.items()}


def _after(assessment: Assessment, before: Result, comparison: Comparison, skipped: frozenset[str]) -> Result:
    given: dict[str, Given] = dict(before.given)
    for line in comparison.writing:
        if line.entry is not None and line.code not in skipped:
            given[line.code] = replace(line.entry.given, ratio=None, reason="")
    reading, held = assessment.period.area_reading, selectors.held_by(assessment)
    return scoring.score(before.worksheet, given, area_reading=reading, held=held)


def _warnings(assessment: Assessment, read: Read) -> Iterable[str]:
    """Say what about the file as a whole a person should look at."""
    if read.others:
        yield OTHER_SHEETS.format(sheet=read.sheet, others=", ".join(read.others))
    if read.layout != OWN:
        return
    for line in read.about:
        kind, _, said = line.partition(": ")
        if kind == "Unit kerja" and f"({assessment.unit.code})" not in said:
            yield OTHER_UNIT.format(found=said)
        if kind == "Periode" and " ".join(assessment.period.name.split()) != said:
            yield OTHER_PERIOD.format(found=said)
