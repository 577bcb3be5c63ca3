"""Every component of the interface on one page, for developers: routed only with DEBUG.

The cards are the ones that the pages of the form show, built from a small worksheet in memory; no query.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Unit, User
from assessment import scoring
from assessment.cards import Card, card_of, conflicting
from assessment.charts import AreaBar, Minimum, area_chart
from assessment.forms import AnswerForm
from assessment.formula import parse_limit, parse_ratio
from assessment.models import Answer, Assessment, Period
from assessment.scoring import Given
from assessment.worksheet import INDEX, PCT, Choice, CountLimit, Criterion, Node, Quantity, Worksheet
from evidence import rows

GROUP = "A.II.1.i"
CHOICES = (
    Choice("A", Decimal(1), "Seluruh unsur terpenuhi; barisnya seluruhnya dapat ditekan"),
    Choice("B", Decimal("0.5"), "Sebagian unsur terpenuhi"),
    Choice("C", Decimal(0), "Belum ada unsur yang terpenuhi"),
)
LIMIT = CountLimit(parse_limit("n2<=n1"), "Yang selesai tidak boleh lebih banyak daripada yang diterima.", True)
MINIMA = (Minimum("WBK", Decimal(60)), Minimum("WBBM", Decimal(75)))


@dataclass(frozen=True, slots=True)
class Sample:
    """A criterion as it stands in the database, and what was typed over it (None: nothing)."""

    criterion: Criterion
    given: Given = scoring.NOTHING
    typed: dict[str, str] | None = None
    is_conflict: bool = False
    is_saved: bool = False


def _letters(marker: str, title: str) -> Criterion:
    documents = ("Surat keputusan", "Laporan kegiatan")
    help_text = "Petunjuk singkat bagi yang ragu."
    return Criterion(
        f"{GROUP}.{marker}", title, "ABC", None, GROUP, choices=CHOICES, documents=documents, help=help_text
    )


def _counts(marker: str, title: str) -> Criterion:
    code = f"{GROUP}.{marker}"
    titles = ("Jumlah yang diterima", "Jumlah yang selesai")
    quantities = tuple(Quantity(n, f"{code}.{n}", t, "Dalam 1 tahun.", None, None) for n, t in enumerate(titles, 1))
    return Criterion(
        code, title, PCT, None, GROUP,
        quantities=quantities, formula=parse_ratio("n2/n1"), zero_rule="undecided", limits=(LIMIT,),
    )  # fmt: skip


def _index(marker: str, title: str) -> Criterion:
    return Criterion(f"{GROUP}.{marker}", title, INDEX, None, GROUP)


SAMPLES = (
    Sample(_letters("a", "Pilihan yang belum dijawab")),
    Sample(_letters("b", "Pilihan yang baru disimpan"), Given("A"), is_saved=True),
    Sample(_letters("c", "Pilihan yang ditolak"), Given("B"), {"choice": "X", "version": "1"}),
    Sample(_letters("d", "Pilihan yang diubah orang lain"), Given("A"), {"choice": "C", "version": "1"}, True),
    Sample(_counts("e", "Jumlah dengan nilai"), Given(counts=(8, 5))),
    Sample(_counts("f", "Jumlah dengan peringatan"), Given(counts=(0, 0))),
    Sample(_counts("g", "Jumlah yang ditolak"), typed={"n1": "1", "n2": "5", "version": "0"}),
    Sample(_index("h", "Indeks"), Given(index=Decimal("3.60"))),
    Sample(_index("i", "Indeks yang ditolak"), typed={"index": "4,5", "version": "0"}),
)


def _worksheet() -> Worksheet:
    criteria = tuple(sample.criterion for sample in SAMPLES)
    group = Node(GROUP, "Contoh", "subarea", Decimal(2), "A.II.1", criteria=criteria)
    area = Node("A.II.1", "MANAJEMEN PERUBAHAN", "area", Decimal(2), "A.II", "1", (group,))
    section = Node("A.II", "REFORM", "section", Decimal(2), "A", children=(area,))
    return Worksheet("Contoh", (Node("A", "PENGUNGKIT", "component", Decimal(2), "", children=(section,)),), ())


def _card(result: scoring.Result, sample: Sample) -> Card:
    code = sample.criterion.code
    stored = Answer(version=2, note="Catatan yang tersimpan.", changed_by=User(first_name="Rekan kerja"))
    stored.changed_at = timezone.now()
    answer = None if sample.given == scoring.NOTHING else stored
    form = None
    if sample.typed is not None:
        form = AnswerForm(sample.criterion, {f"{code}-{name}": value for name, value in sample.typed.items()})
        form.is_valid()
    card = card_of(result, sample.criterion, answer, form)
    card.is_saved = sample.is_saved
    return conflicting(card, result, answer) if sample.is_conflict else card


def _bars() -> list[AreaBar]:
    reached = {"Di bawah semua minimum": "41.5", "Di antara keduanya": "66.67", "Di atas semua minimum": "92"}
    return [AreaBar(title, Decimal(percent), MINIMA) for title, percent in reached.items()]


@login_not_required
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    worksheet = _worksheet()
    result = scoring.score(worksheet, {s.criterion.code: s.given for s in SAMPLES})
    assessment = Assessment(period=Period(year=2026), unit=Unit(code="CONTOH", name="Unit contoh"))
    context = {
        "assessment": assessment,
        "evidence": {s.criterion.code: rows.evidence_of(assessment, s.criterion, []) for s in SAMPLES},
        "node": worksheet.nodes["A.II.1"],
        "can_answer": True,
        "cards": [_card(result, sample) for sample in SAMPLES],
        "chart": area_chart(_bars()),
        "page": Paginator(range(75), 25).get_page(2),
    }
    return render(request, "styleguide.html", context)
