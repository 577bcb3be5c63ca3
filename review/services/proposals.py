"""Making the letter that proposes units to TPN: all of its units, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.letterheads.selectors import letterhead_data
from accounts.models import User
from accounts.notifications.services import hold
from assessment.models import Assessment, Period

from ..models import Proposal, ProposalItem
from ..obstacles import may_be_proposed_early
from ..proposing import decided_totals, unmet_of
from ..selectors import people_of
from ..workflow import STEPS
from .snapshots import top_of
from .steps import take_step

ADDRESSEE = (
    "Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi",
    "c.q. Deputi Bidang Reformasi Birokrasi, Akuntabilitas Aparatur, dan Pengawasan",
)
SUBJECT = "Pengajuan unit kerja menuju Wilayah Bebas dari Korupsi dan Wilayah Birokrasi Bersih dan Melayani"
# The second changed who is proposed and how; both are in force.
LEGAL_BASIS = (
    "Peraturan Menteri PANRB Nomor 90 Tahun 2021",
    "Peraturan Menteri PANRB Nomor 5 Tahun 2024",
)
NO_UNITS = "Pilih paling sedikit satu unit."
TWO_AGENCIES = "Satu surat hanya memuat unit dari satu instansi."
IN_THE_FUTURE = "Tanggal surat tidak boleh sesudah hari ini."


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person writes about a letter; whom it is for is fixed."""

    number: str
    dated: date
    place: str
    signatory_role: str
    copies: tuple[str, ...] = ()


@transaction.atomic
def make_proposal(*, period: Period, assessments: Sequence[Assessment], letter: Letter, by: User) -> Proposal:
    """Write the letter and propose each of its units; return the letter.

    Raises ValidationError naming every unit that may not be proposed; then nothing is written, for none of them.
    """
    rows = _locked(period, assessments)
    _refuse(rows, letter)
    hold(user.pk for row in rows for user in people_of(row, STEPS["propose"].tells))
    now = timezone.now()
    made = Proposal(period=period, number=letter.number, dated=letter.dated, data={}, created_by=by, created_at=now)
    made.data = _data(made, rows, letter)
    made.save()
    problems = []
    for row in rows:
        try:
            take_step(assessment=row, name="propose", by=by, extra={"proposal": str(made.pk), "letter": letter.number})
        except ValidationError as error:
            problems.append((row.unit.code, f"{row.unit.name}: {' '.join(error.messages)}"))
        else:
            ProposalItem.objects.create(proposal=made, assessment=row)
    if problems:
        raise ValidationError({"units": [text for _, text in sorted(problems)]})
    return made


def _locked(period: Period, assessments: Sequence[Assessment]) -> list[Assessment]:
    """Read the rows by unit code, kept from other writers; everybody locks in the order of ids."""
    named = [row.pk for row in assessments]
    rows = Assessment.objects.for_page().select_for_update(of=("self",)).filter(pk__in=named, period=period)
    return sorted(rows.order_by("pk"), key=lambda row: row.unit.code)


def _refuse(rows: list[Assessment], letter: Letter) -> None:
    if not rows:
        raise ValidationError({"units": [NO_UNITS]})
    if len({_root(row) for row in rows}) > 1:
        raise ValidationError({"units": [TWO_AGENCIES]})
    if letter.dated > timezone.localdate():
        raise ValidationError({"dated": [IN_THE_FUTURE]})


def _root(row: Assessment) -> str:
    return row.unit.path.strip("/").split("/")[0]


def _data(made: Proposal, rows: list[Assessment], letter: Letter) -> dict[str, Any]:
    """Return all that the letter says, as it stays."""
    period, totals, unmet = made.period, decided_totals(rows), unmet_of(rows)
    top = top_of(rows[0].unit)
    letterhead = letterhead_data(top)
    # The person named there signs only as what they are.
    is_named = letterhead.get("signatory_role", "") == letter.signatory_role
    return {
        "agency": top.name,
        "letterhead": letterhead,
        "signatory_name": letterhead["signatory_name"] if letterhead and is_named else "",
        "signatory_number": letterhead["signatory_number"] if letterhead and is_named else "",
        "number": letter.number,
        "dated": letter.dated.isoformat(),
        "addressee": list(ADDRESSEE),
        "subject": SUBJECT,
        "year": period.year,
        "kind": period.agency_kind,
        "legal_basis": list(LEGAL_BASIS),
        "units": [
            {
                "unit": row.unit.name,
                "unit_code": row.unit.code,
                "predicate": row.target,
                "total": totals.get(row.pk, ""),
                "affirmative": _affirmative(row, unmet[row.pk]),
            }
            for row in rows
        ],
        "signatory_role": letter.signatory_role,
        "place": letter.place,
        "copies": list(letter.copies),
        "id": str(made.pk),
    }


def _affirmative(row: Assessment, unmet: Sequence[str]) -> str:
    """Name the kind of an affirmative unit where the letter relies on it: it lacks conditions of Tabel 5."""
    return str(row.unit.get_affirmative_display()) if unmet and may_be_proposed_early(row) else ""
