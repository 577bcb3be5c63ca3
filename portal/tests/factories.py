"""Two units with something to be found in each."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Unit
from accounts.tests.factories import UserFactory
from assessment.models import Assessment, Criterion
from assessment.tests.factories import UnitFactory, opened
from evidence.models import Document
from evidence.tests.factories import attachment, document
from review.models import Finding


@dataclass(frozen=True)
class World:
    """A unit's assessment with a document in use, one kept to itself, and a finding."""

    assessment: Assessment
    used: Document
    kept: Document
    finding: Finding

    @property
    def unit(self) -> Unit:
        return self.assessment.unit


def finding(assessment: Assessment, text: str = "Kuda laut belum lengkap.", code: str = "A.I.1.i.a") -> Finding:
    criterion = Criterion.objects.get(instrument=assessment.period.instrument, code=code)
    return Finding.objects.create(
        assessment=assessment, criterion=criterion, stage="tpi", text=text,
        created_by=UserFactory(), created_at=timezone.now(),
    )  # fmt: skip


def world(name: str = "Balai Kuda Laut", **unit: object) -> World:
    """Everything in it answers to "kuda laut"; criteria answer to words of the instrument."""
    assessment = opened(UnitFactory(name=name, **unit))
    used = document(assessment.unit, title="Laporan kuda laut", url="https://contoh.go.id/1")
    kept = document(assessment.unit, title="Konsep kuda laut", url="https://contoh.go.id/2")
    attachment(assessment, doc=used)
    return World(assessment, used, kept, finding(assessment))
