"""The pre-flight check: what PortalRB would be sent now, and what is missing in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Unit
from assessment.models import Assessment, Period
from evidence import storage
from evidence.models import Blob, DocumentVersion
from evidence.services.receive import is_servable

from .answers import Row
from .copies import Decided, decided_of
from .models import ApiToken
from .proposals import answers_json, generation_of, proposed_in, proposing_period, rows_sent, unit_entry
from .shown import Versions, address_of_link, versions_of


class Lack(StrEnum):
    """What an answer can lack."""

    SOAL_ID = "soal_id"
    UNIT = "jawaban_unit"
    TPI = "jawaban_tpi"
    EVIDENCE = "bukti_dukung"
    UNREACHABLE = "bukti_tidak_terbuka"


LABELS = {
    Lack.SOAL_ID: "tanpa soal_id",
    Lack.UNIT: "tanpa jawaban unit",
    Lack.TPI: "tanpa jawaban TPI",
    Lack.EVIDENCE: "tanpa bukti dukung",
    Lack.UNREACHABLE: "bukti tidak dapat dibuka",
}
# An answer may well have no evidence; without the others PortalRB gets something that it cannot use.
BLOCKING = frozenset({Lack.SOAL_ID, Lack.TPI, Lack.UNREACHABLE})
NO_PERIOD = "Belum ada periode yang ditandai untuk dibaca PortalRB."
NOT_YET = "Waktu pengusulan belum dibuka; PortalRB belum menerima apa pun."
OVER = "Waktu pengusulan sudah ditutup; PortalRB tidak menerima apa pun lagi."
NO_TOKEN = "Tidak ada token yang berlaku bagi instansi ini."  # noqa: S105
NO_UNITS = "Tidak ada unit berstatus diusulkan."
NO_COPIES = "Salinan tetap keputusan atau pengajuannya tidak ada."
DAMAGED = "Salinan tetapnya tidak sama lagi dengan yang diputuskan; jawabannya tidak dikirim."
REVOKED = "Tautan bukti dukung unit ini dicabut, jadi tidak ada yang dikirim."


@dataclass(frozen=True, slots=True)
class Checked:
    """One row as it would be sent, what it lacks, and which documents of it cannot be opened."""

    row: Row
    lacks: tuple[Lack, ...]
    unreachable: tuple[str, ...]

    @property
    def labels(self) -> list[str]:
        return [LABELS[lack] for lack in self.lacks]


@dataclass(frozen=True, slots=True)
class UnitReport:
    """What would be sent of one unit; `problem` says why nothing would be, "" if something is."""

    assessment: Assessment
    problem: str
    rows: tuple[Checked, ...] = ()
    is_revoked: bool = False

    @property
    def counts(self) -> dict[Lack, int]:
        return {lack: sum(lack in row.lacks for row in self.rows) for lack in Lack}

    @property
    def lacking(self) -> list[Checked]:
        return [row for row in self.rows if row.lacks]

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing is wrong with what would be sent."""
        return not (self.problem or self.is_revoked or any(BLOCKING & set(row.lacks) for row in self.rows))

    @property
    def notes(self) -> list[str]:
        return [text for text in (self.problem, REVOKED if self.is_revoked else "") if text]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole check of one period; `problems` are those of no single unit."""

    period: Period | None
    problems: tuple[str, ...]
    units: tuple[UnitReport, ...] = ()

    @property
    def is_ready(self) -> bool:
        return not self.problems and all(unit.is_ready for unit in self.units)


def report_of(visible: QuerySet[Assessment], agencies: QuerySet[Unit], origin: str) -> Report:
    """Check the marked period, as far as it is about `visible` assessments and the tokens of `agencies`.

    Six queries however many units there are.
    """
    period = proposing_period()
    if period is None:
        return Report(None, (NO_PERIOD,))
    units = tuple(unit_reports(proposed_in(period).filter(pk__in=visible), origin))
    has_token = ApiToken.objects.filter(revoked_at=None, agency__in=agencies).exists()
    return Report(period, tuple(_problems(period, bool(units), has_token)), units)


def _problems(period: Period, has_units: bool, has_token: bool) -> Iterator[str]:
    if not period.is_open_for_proposals():
        is_early = period.proposal_opens is not None and timezone.now() < period.proposal_opens
        yield NOT_YET if is_early else OVER
    if not has_token:
        yield NO_TOKEN
    if not has_units:
        yield NO_UNITS


def unit_reports(assessments: Iterable[Assessment], origin: str) -> list[UnitReport]:
    """Check some assessments of `proposed_in`: four queries for all, and a look into the storage for each file."""
    rows = list(assessments)
    found = decided_of(rows)
    versions = versions_of(item for decided in found.values() for item in decided.decision.data["evidence"])
    return [_unit_report(row, found.get(row.pk), versions, origin) for row in rows]


def _unit_report(row: Assessment, decided: Decided | None, versions: Versions, origin: str) -> UnitReport:
    if decided is None or not decided.is_intact:
        return UnitReport(row, NO_COPIES if decided is None else DAMAGED)
    seen: dict[str, tuple[bool, tuple[str, ...]]] = {}
    checked = []
    for sent in rows_sent(row, decided, origin):
        if sent.code not in seen:
            seen[sent.code] = _evidence(decided.evidence(sent.code), versions)
        has_evidence, unreachable = seen[sent.code]
        checked.append(Checked(sent, tuple(_lacks(sent, has_evidence, unreachable)), unreachable))
    return UnitReport(row, "", tuple(checked), generation_of(row) is None)


def _lacks(sent: Row, has_evidence: bool, unreachable: tuple[str, ...]) -> Iterator[Lack]:
    if sent.soal_id is None:
        yield Lack.SOAL_ID
    if sent.unit is None:
        yield Lack.UNIT
    if sent.tpi is None:
        yield Lack.TPI
    if unreachable:
        yield Lack.UNREACHABLE
    elif not has_evidence:
        yield Lack.EVIDENCE


def _evidence(items: list[dict[str, Any]], versions: Versions) -> tuple[bool, tuple[str, ...]]:
    """Tell whether a criterion has documents, and which of them the ministry could not open."""
    shut = [i["title"] for i in items if not _is_reachable(i, versions.get((i["document"], i["version"])))]
    return bool(items), tuple(shut)


def _is_reachable(item: Mapping[str, Any], version: DocumentVersion | None) -> bool:
    """Tell whether a document can be opened: a link that was not found dead, a whole file that is not held back."""
    if version is None:
        return False
    if version.blob is None:
        return bool(address_of_link(item)) and version.link_ok is not False
    return is_servable(version.blob) and _is_stored(version.blob)


def _is_stored(blob: Blob) -> bool:
    return storage.size_of(blob.sha256) == blob.size


def report_json(report: Report) -> dict[str, Any]:
    """Return the check as data: what would be sent, and what is missing in it."""
    return {
        "ready": report.is_ready,
        "year": report.period.year if report.period else None,
        "closes": report.period.proposal_closes.isoformat()
        if report.period and report.period.proposal_closes
        else None,
        "problems": list(report.problems),
        "units": [_unit_json(unit) for unit in report.units],
    }


def _unit_json(unit: UnitReport) -> dict[str, Any]:
    row = unit.assessment
    return unit_entry(row) | {
        "ready": unit.is_ready,
        "problems": unit.notes,
        "counts": {lack.value: count for lack, count in unit.counts.items()},
        "lacking": [
            {
                "code": checked.row.shown_code,
                "soal_id": checked.row.soal_id,
                "lacks": [lack.value for lack in checked.lacks],
                "unreachable": list(checked.unreachable),
            }
            for checked in unit.lacking
        ],
        "sent": None if unit.problem else answers_json(row, [checked.row for checked in unit.rows]),
    }
