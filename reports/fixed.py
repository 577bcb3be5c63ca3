"""An LKE from fixed copies: what was submitted, or decided on with what was submitted beside it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accounts.letterheads.selectors import logo_png
from assessment import selectors
from assessment.models import Assessment, Snapshot, Stage
from assessment.scoring import SEPARATE, TOGETHER, Given, Result, score
from assessment.worksheet import Criterion, Worksheet
from evidence.models import Attachment
from review.services.snapshots import is_intact

from .collecting import checked_of
from .lke import Checked, Fixed, Lke, Side, stage_name

KINDS = {Stage.UNIT: Snapshot.Kind.SUBMISSION, Stage.PRELIM: Snapshot.Kind.PRELIM, Stage.TPI: Snapshot.Kind.DECISION}


class NotWhole(Exception):
    """A fixed copy is not what its digest says, or its scores do not follow from its answers."""


def fixed_lke_of(assessment: Assessment, copy: Snapshot, url: str) -> Lke | None:
    """Return the LKE of a fixed copy, the copies that it judged before it; None if it holds no answers.

    `url` is where the receipt is compared. Raises NotWhole rather than print a figure that nobody fixed. Three
    queries; the row must come from `for_page`.
    """
    if not copy.data["answers"]:
        return None
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    copies = [*_before(assessment, copy), copy]
    results = {made.stage: _result(assessment, worksheet, made) for made in copies}
    own, *others = copies
    head = copy.data["head"]
    letterhead = _letterhead(copy)
    return Lke(
        unit_code=head["unit_code"],
        unit_name=head["unit"],
        parent_name=head["parent"],
        year=head["year"],
        period_name=head["period"],
        target=head["target"],
        target_label=head["target_label"],
        state_label="",
        stage=own.stage,
        stage_label=str(own.get_stage_display()),
        area_reading_label=_reading_label(assessment, copy),
        result=results[own.stage],
        notes=_notes(own),
        changed_at=None,
        printed_at=copy.at,
        others=tuple(Side(o.stage, results[o.stage], _notes(o)) for o in others),
        letterhead=letterhead,
        logo=logo_png(letterhead.get("logo", "")),
        signers=_signers(copy),
        checked=tuple(_checked(copy, [made.stage for made in copies])),
        fixed=Fixed(
            str(copy.pk), copy.digest, url, copy.at, str(copy.by) if copy.by else "",
            tuple((stage_name(c.stage), f"{c.get_kind_display()}, putaran {c.round}", c.digest) for c in copies),
        ),
    )  # fmt: skip


def _before(assessment: Assessment, copy: Snapshot) -> list[Snapshot]:
    """Return the latest copy of each earlier stage that was there when this one was made."""
    order = [Stage.UNIT, Stage.PRELIM, Stage.TPI, Stage.TPN]
    kinds = [KINDS[stage] for stage in order[: order.index(Stage(copy.stage))]]
    rows = assessment.snapshots.filter(kind__in=kinds, at__lte=copy.at).exclude(pk=copy.pk).order_by("at")
    latest = {row.stage: row for row in rows if row.data["answers"]}
    return [latest[stage] for stage in order if stage in latest]


def _result(assessment: Assessment, worksheet: Worksheet, copy: Snapshot) -> Result:
    """Score the copy's answers as they were scored then; refuse where that gives anything else."""
    if not is_intact(copy):
        raise NotWhole(str(copy.pk))
    given = {code: given_of(worksheet.criteria[code], data) for code, data in copy.data["answers"].items()}
    reading = SEPARATE if _is_separate(copy) else TOGETHER
    result = score(worksheet, given, area_reading=reading, held=_held(worksheet, copy))
    if selectors.score_data(assessment, copy.stage, result) | _named(copy) != copy.data["scores"]:
        raise NotWhole(str(copy.pk))
    return result


def _named(copy: Snapshot) -> dict[str, Any]:
    """Return what scores name besides figures; a unit may have another code by now."""
    return {key: copy.data["scores"][key] for key in ("unit", "year")}


def given_of(criterion: Criterion, data: Mapping[str, Any]) -> Given:
    """Turn a fixed answer into what the engine reads."""
    return Given(
        choice=data["choice"],
        counts=tuple(data["counts"]) if criterion.quantities else (),
        index=Decimal(data["index"]) if data["index"] else None,
        ratio=Decimal(data["ratio"]) if data["ratio"] else None,
        reason=data["reason"],
    )


def _checks(copy: Snapshot) -> list[tuple[str, Mapping[str, Any]]]:
    found = copy.data["scores"]["predicates"]
    return [(name, check) for name, predicate in found.items() for check in predicate["checks"]]


def _is_separate(copy: Snapshot) -> bool:
    """Tell which reading of the area minimum decided: only deciding thresholds were kept."""
    names = {check["name"] for _, check in _checks(copy)}
    return any(f"{name} (" in other for name in _area_names(copy) for other in names)


def _area_names(copy: Snapshot) -> set[str]:
    worksheet = selectors.worksheet_of(copy.assessment.period.instrument)
    return {t.name for t in worksheet.thresholds if t.measure == "area"}


def _held(worksheet: Worksheet, copy: Snapshot) -> list[str]:
    """Return the predicates that the unit held then."""
    passed = {(name, check["name"]) for name, check in _checks(copy) if check["passed"]}
    return [t.subject for t in worksheet.thresholds if t.measure == "award" and (t.predicate, t.name) in passed]


def _reading_label(assessment: Assessment, copy: Snapshot) -> str:
    labels = assessment.period.AreaReading
    return str((labels.SEPARATE if _is_separate(copy) else labels.TOGETHER).label)


def _notes(copy: Snapshot) -> dict[str, str]:
    return {code: data["note"] for code, data in copy.data["answers"].items() if data["note"]}


def _letterhead(copy: Snapshot) -> dict[str, Any]:
    """Return the letterhead that the copy's own document has; other copies carry none."""
    document = copy.data.get("lhe") or copy.data.get("sptjm") or {}
    return dict(document.get("letterhead") or {})


def _signers(copy: Snapshot) -> tuple[tuple[str, str], ...]:
    lhe = copy.data.get("lhe")
    if not lhe:
        return ()
    return ("Ketua Tim Penilai Internal", lhe["lead"]), ("Pengendali teknis", lhe["controller"])


def _checked(copy: Snapshot, stages: list[str]) -> list[Checked]:
    evidence = [item for item in copy.data["evidence"] if item["criterion"]]
    found = []
    for stage in stages:
        if stage not in {Stage.PRELIM, Stage.TPI}:
            continue
        given = [item["verdicts"].get(stage, {}).get("verdict", "") for item in evidence]
        counts = {verdict: given.count(verdict) for verdict in Attachment.Verdict.values}
        found.append(checked_of(stage, counts, len(evidence)))
    return found
