"""What the report of the evaluation (LHE) says, collected once when the controller approves and fixed from then on."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.letterheads.selectors import letterhead_data
from accounts.models import AREAS, User
from assessment import history, rules, selectors
from assessment.models import Answer, Assessment, Conflict, Stage, TeamMember
from assessment.scoring import Result, exact, percent_of
from assessment.trace import answer_text
from assessment.worksheet import Worksheet

from .models import Finding
from .obstacles import may_be_proposed_early
from .services.snapshots import condition_data, top_of

SCOPE = (
    "Evaluasi mencakup komponen pengungkit (pemenuhan dan reform pada enam area perubahan) dan komponen hasil, "
    "berdasarkan penilaian mandiri unit kerja beserta bukti dukungnya."
)
METHOD = (
    "Setiap kriteria dinilai ulang oleh Tim Penilai Internal dengan memeriksa bukti dukung yang diajukan unit kerja. "
    "Perbedaan dengan jawaban unit kerja disertai alasan. Nilai dihitung dengan Lembar Kerja Evaluasi yang sama."
)
RESULT_NAME = "Hasil"


def lhe_data(row: Assessment, *, by: User, at: datetime, conclusion: str) -> dict[str, Any]:
    """Return the LHE's content besides the fixed copy's own id and digest; the row must come from `for_page`.

    Scores are unrounded decimals as strings, dates ISO; names and roles as the portal knows them.
    """
    unit = selectors.answers_of(row, Stage.UNIT)
    tpi = selectors.answers_of(row, Stage.TPI)
    prelim = selectors.answers_of(row, Stage.PRELIM) if row.period.needs_prelim else {}
    results = {
        Stage.UNIT: selectors.result_of(row, unit),
        Stage.TPI: selectors.result_of(row, tpi),
        **({Stage.PRELIM: selectors.result_of(row, prelim)} if prelim else {}),
    }
    result, worksheet = results[Stage.TPI], results[Stage.TPI].worksheet
    team = _team(row)
    passed = result.passed(row.target)
    return {
        "letterhead": letterhead_data(top_of(row.unit)),  # TPI speaks for the agency, not for the unit
        "number": "",
        "dated": timezone.localdate(at).isoformat(),
        "team": team,
        "basis": [worksheet.legal_basis],
        "scope": SCOPE,
        "method": METHOD,
        "scores": _scores(worksheet, results),
        "areas": _areas(row, results),
        "differences": _differences(worksheet, unit, tpi),
        "ratios": _ratios(worksheet, tpi),
        "thresholds": _thresholds(row, result),
        **_findings(row, worksheet),
        "conditions": [{key: c[key] for key in ("text", "met", "note")} for c in condition_data(row)],
        "affirmative": row.unit.get_affirmative_display() if may_be_proposed_early(row) else "",
        "passed": passed,
        "outcome": "memenuhi" if passed else "belum memenuhi",
        "conclusion": conclusion,
        "approved_by": str(by),
        "approved_at": history.moment(at),
        "lead": _named(team, TeamMember.Part.LEAD),
        "controller": str(by),
        "unit_total": _text(results[Stage.UNIT].total),
        "prelim_total": _text(results[Stage.PRELIM].total) if prelim else "",
        "tpi_total": _text(result.total),
    }


def _text(number: Any) -> str:
    return f"{exact(number):f}"


def _team(row: Assessment) -> list[dict[str, str]]:
    order = {TeamMember.Part.CONTROLLER: 0, TeamMember.Part.LEAD: 1, TeamMember.Part.MEMBER: 2}
    kept_away = Conflict.objects.blocking().filter(assessment=row).values("user")
    members = TeamMember.objects.filter(team__assignments__assessment=row).exclude(user__in=kept_away)
    found = sorted(members.select_related("user"), key=lambda m: (order[TeamMember.Part(m.role)], str(m.user)))
    return [{"name": str(m.user), "role": m.get_role_display()} for m in found]


def _named(team: list[dict[str, str]], part: TeamMember.Part) -> str:
    return next((m["name"] for m in team if m["role"] == part.label), "")


def _scores(worksheet: Worksheet, results: Mapping[Stage, Result]) -> list[dict[str, str]]:
    def score(stage: Stage, code: str) -> str:
        return _text(results[stage].nodes[code].score) if stage in results else ""

    return [
        {
            "code": code, "title": node.title, "level": node.level, "weight": f"{node.weight:f}",
            "unit": score(Stage.UNIT, code), "prelim": score(Stage.PRELIM, code), "tpi": score(Stage.TPI, code),
        }
        for code, node in worksheet.nodes.items()
    ]  # fmt: skip


def _areas(row: Assessment, results: Mapping[Stage, Result]) -> list[dict[str, Any]]:
    """Return the six areas, Pemenuhan and Reform together, with the target's minimum in percent."""
    result = results[Stage.TPI]
    worksheet = result.worksheet
    together = {t.subject: t.minimum for t in worksheet.thresholds if t.predicate == row.target and t.measure == "area"}
    found = []
    for key, name in AREAS.items():
        nodes = worksheet.areas[key]
        weight = sum((n.weight for n in nodes), Decimal(0))

        def points(stage: Stage, nodes: Any = nodes) -> Any:
            return sum((results[stage].nodes[n.code].score for n in nodes), start=0 * results[stage].total)

        checks = [c for c in result.checks_of(row.target) if c.measure == "area" and c.subject == key]
        found.append({
            "key": key, "title": name, "weight": f"{weight:f}", "unit": _text(points(Stage.UNIT)),
            "tpi": _text(points(Stage.TPI)), "percent": str(percent_of(result.nodes[n.code] for n in nodes)),
            "minimum": str(together.get(key, "")), "passed": all(c.passed for c in checks if c.decides),
        })  # fmt: skip
    return found


def _differences(worksheet: Worksheet, unit: Mapping[str, Answer], tpi: Mapping[str, Answer]) -> list[dict[str, str]]:
    found = []
    for code, criterion in worksheet.criteria.items():
        one, two = (selectors.given_of(worksheet, a[code]) if code in a else None for a in (unit, tpi))
        if two is None or (one is not None and rules.same_answer(one, two)):
            continue
        found.append({
            "code": code, "title": criterion.title,
            "unit": answer_text(criterion, one) if one else "", "tpi": answer_text(criterion, two),
            "note": tpi[code].note,
        })  # fmt: skip
    return found


def _ratios(worksheet: Worksheet, tpi: Mapping[str, Answer]) -> list[dict[str, str]]:
    set_by_hand = {code: answer for code, answer in tpi.items() if answer.ratio is not None}
    return [
        {
            "code": code, "title": criterion.title, "ratio": str(set_by_hand[code].ratio),
            "reason": set_by_hand[code].ratio_reason,
        }
        for code, criterion in worksheet.criteria.items() if code in set_by_hand
    ]  # fmt: skip


def _thresholds(row: Assessment, result: Result) -> list[dict[str, Any]]:
    return [
        {
            "name": c.name, "value": str(c.value), "minimum": str(c.minimum), "passed": c.passed,
            "percent": c.measure == "area", "award": c.measure == "award",
        }
        for c in result.checks_of(row.target) if c.decides
    ]  # fmt: skip


def _findings(row: Assessment, worksheet: Worksheet) -> dict[str, list[dict[str, Any]]]:
    """Return strengths and recommendations by area, in worksheet order."""
    strengths: dict[str, list[str]] = {}
    items: dict[str, list[dict[str, str]]] = {}
    rows = Finding.objects.filter(assessment=row, stage=Stage.TPI).select_related("criterion")
    for finding in rows.order_by("criterion__order", "created_at"):
        code = finding.criterion.code
        key = worksheet.pages[worksheet.page_of[code]].area_key
        area = AREAS.get(key, RESULT_NAME)
        if finding.kind == Finding.Kind.STRENGTH:
            strengths.setdefault(area, []).append(finding.text)
            continue
        items.setdefault(area, []).append({
            "code": code, "text": finding.text, "due": finding.due_on.isoformat() if finding.due_on else "",
            "state": finding.get_state_display(),
        })  # fmt: skip
    names = [*AREAS.values(), RESULT_NAME]
    return {
        "strengths": [{"area": name, "texts": strengths[name]} for name in names if name in strengths],
        "recommendations": [{"area": name, "items": items[name]} for name in names if name in items],
    }
