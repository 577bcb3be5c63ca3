"""Routes of this app for the sweep over all routes, and the rows that they name."""

from django.utils import timezone

from accounts.tests.factories import UserFactory
from assessment.models import Award
from reports.models import MonitoringLetter
from reports.monev.selectors import next_due
from reports.monev.services import Letter, make_letter

MONEV_READS, MONEV_WRITES = {"reports:monev-start"}, {"reports:monev-add"}
ROW_KEYS = {"monitoring"}


def letter(**changes: object) -> Letter:
    """Return what somebody writes today about a unit that still fulfils its predicate."""
    today = timezone.localdate()
    values = {
        "number": "700/9/2026", "dated": today, "place": "Kota Contoh", "signatory_role": "Sekretaris Daerah",
        "fulfils": True, "notes": ("Survei internal 3,70.", "Tidak ada pengaduan."), "due_on": next_due(today),
    }  # fmt: skip
    return Letter(**(values | changes))


def rows_of(award: Award) -> dict[str, object]:
    made = MonitoringLetter.objects.filter(award=award).first()
    return {"monitoring": (made or make_letter(award=award, letter=letter(), by=UserFactory())).pk}
