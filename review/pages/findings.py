"""What the pages about findings show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import AREAS, User
from assessment import selectors
from assessment.models import Assessment, Stage
from evidence import rows as evidence_rows
from evidence.models import Document, DocumentVersion

from ..access import ReviewMay
from ..forms.findings import FindingForm, FollowUpForm
from ..models import Finding, FollowUp

PICK_SIZE = 20


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding in a list."""

    id: str
    url: str
    unit: str
    year: str
    code: str
    title: str
    kind: str
    text: str
    state: str  # key
    state_label: str
    stage: str
    by: str
    at: str
    age: str  # "12 hari"
    due: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Paper:
    title: str
    label: str
    url: str
    is_link: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a finding's thread."""

    kind: str
    text: str
    by: str
    at: str
    papers: list[Paper] = field(default_factory=list)


def row_of(finding: Finding, year: int = 0) -> FindingRow:
    """Build a row; the finding must come from `for_list`. `year` is where it is opened if not where it was written."""
    assessment, today = finding.assessment, timezone.localdate()
    where = [year or assessment.period.year, assessment.unit.code, finding.pk]
    end = timezone.localdate(finding.closed_at) if finding.closed_at else today
    return FindingRow(
        id=str(finding.pk),
        url=reverse("review:finding", args=where),
        unit=assessment.unit.name,
        year=str(assessment.period.year),
        code=finding.criterion.code,
        title=finding.criterion.title,
        kind=finding.get_kind_display(),
        text=finding.text,
        state=finding.state,
        state_label=finding.get_state_display(),
        stage=Stage(finding.stage).label,
        by=str(finding.created_by),
        at=moment(finding.created_at),
        age=f"{(end - timezone.localdate(finding.created_at)).days} hari",
        due=date_format(finding.due_on, "j F Y") if finding.due_on else "",
        is_late=bool(finding.due_on and finding.due_on < today and finding.state != Finding.State.CLOSED),
    )


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y H.i")


def of_assessment(assessment: Assessment, may: ReviewMay, criterion: str, form: FindingForm | None) -> dict[str, Any]:
    """Build the findings of one assessment with the open ones of earlier years: two queries."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    own = Q(assessment=assessment)
    earlier = Q(assessment__unit=assessment.unit_id, assessment__period__year__lt=assessment.period.year)
    rows = Finding.objects.for_list().filter(own | (earlier & ~Q(state=Finding.State.CLOSED)))
    if criterion:
        rows = rows.filter(criterion__code=criterion)
    found = list(rows.order_by("criterion__order", "created_at"))
    return {
        "assessment": assessment,
        "may": may,
        "rows": [row_of(f) for f in found if f.assessment_id == assessment.pk],
        "earlier": [row_of(f, assessment.period.year) for f in found if f.assessment_id != assessment.pk],
        "criterion": worksheet.criteria.get(criterion),
        "form": form,
        "typed": _typed(form, criterion),
        "kinds": Finding.Kind.choices,
        "criteria": [(c.code, c.title) for c in worksheet.criteria.values()] if may.judge else [],
    }


def _typed(form: FindingForm | None, criterion: str) -> dict[str, str]:
    if form is None:
        return {"code": criterion, "kind": Finding.Kind.RECOMMENDATION, "text": "", "due_on": ""}
    return {name: str(form.data.get(name, "")) for name in ("code", "kind", "text", "due_on")}


def one(
    assessment: Assessment, may: ReviewMay, finding: Finding, form: FollowUpForm | None, problem: str, params: QueryDict
) -> dict[str, Any]:
    """Build one finding's thread: five queries."""
    rows = finding.follow_ups.select_related("by").prefetch_related("shown__version__document").order_by("at", "pk")
    search = params.get("cari", "").replace("\0", "").strip()[:100]
    picks = _picks(assessment, search, params.get("hal")) if may.follow_up else None
    return {
        "assessment": assessment,
        "may": may,
        "row": row_of(finding, assessment.period.year),
        "seen": str(finding.revision),
        "steps": [_step(assessment, finding, f) for f in rows],
        "form": form,
        "problem": problem,
        "text": str(form.data.get("text", "")) if form else "",
        "chosen": set(form.data.getlist("documents")) if form else set(),  # type: ignore[attr-defined]
        "search": search,
        "picks": [evidence_rows.document_row(d) for d in picks.object_list] if picks else [],
        "page": picks,
        "can_answer": may.follow_up and finding.state != Finding.State.CLOSED,
        "can_close": may.close and finding.state != Finding.State.CLOSED,
        "can_reopen": may.close and finding.state == Finding.State.CLOSED and finding.kind != Finding.Kind.STRENGTH,
    }


def _picks(assessment: Assessment, search: str, number: str | None) -> Any:
    rows = Document.objects.for_list().filter(unit=assessment.unit).search(search).order_by("-created_at", "title")
    return Paginator(rows, PICK_SIZE).get_page(number)


def _step(assessment: Assessment, finding: Finding, step: FollowUp) -> Step:
    papers = [_paper(assessment, finding, shown.version) for shown in step.shown.all()]
    return Step(step.get_kind_display(), step.text, str(step.by), moment(step.at), papers)


def _paper(assessment: Assessment, finding: Finding, version: DocumentVersion) -> Paper:
    where = [assessment.period.year, assessment.unit.code, finding.pk, version.pk]
    url = version.url or reverse("review:finding-file", args=where)
    return Paper(version.document.title, f"Versi {version.number}", url, bool(version.url))


# The register


@dataclass(frozen=True, slots=True)
class Asked:
    """What the register's address asks for."""

    state: str = ""
    kind: str = ""
    area: str = ""
    year: str = ""
    text: str = ""
    is_late: bool = False
    order: str = ""

    @property
    def query(self) -> str:
        values = {
            "status": self.state, "jenis": self.kind, "area": self.area, "tahun": self.year, "cari": self.text,
            "lewat": "1" if self.is_late else "", "urut": self.order,
        }  # fmt: skip
        made = QueryDict(mutable=True)
        made.update({name: value for name, value in values.items() if value})
        return made.urlencode()


ORDERS = {"": "-created_at", "lama": "created_at", "tenggat": "due_on", "unit": "assessment__unit__code"}


def asked(params: QueryDict) -> Asked:
    def one_of(name: str, known: Iterable[str]) -> str:
        value = params.get(name, "")
        return value if value in known else ""

    year = params.get("tahun", "")
    return Asked(
        state=one_of("status", Finding.State.values),
        kind=one_of("jenis", Finding.Kind.values),
        area=one_of("area", [*AREAS, "hasil"]),
        year=year if year.isascii() and year.isdigit() and len(year) == 4 else "",
        text=params.get("cari", "").replace("\0", "").strip()[:100],
        is_late=params.get("lewat") == "1",
        order=one_of("urut", ORDERS),
    )


def register(user: User, look: Asked, number: str | None) -> dict[str, Any]:
    """Build the register of what the user may see: five queries."""
    visible = Finding.objects.visible_to(user)
    rows = _filtered(visible, look)
    page = Paginator(rows.for_list().order_by(ORDERS[look.order], "pk"), 25).get_page(number)  # type: ignore[attr-defined]
    counts = dict(visible.values_list("state").annotate(n=Count("pk")).order_by())
    seen_years = _years_seen(user, page.object_list)
    years = visible.order_by("-assessment__period__year").values_list("assessment__period__year", flat=True).distinct()
    return {
        "page": page,
        "rows": [row_of(f, _year_of(f, seen_years)) for f in page.object_list],
        "look": look,
        "states": [(s.value, s.label, counts.get(s.value, 0)) for s in Finding.State],
        "kinds": Finding.Kind.choices,
        "areas": [*AREAS.items(), ("hasil", "Hasil")],
        "years": [str(year) for year in years],
        "orders": [("", "Terbaru"), ("lama", "Terlama"), ("tenggat", "Tenggat"), ("unit", "Unit")],
    }


def _years_seen(user: User, shown: Iterable[Finding]) -> dict[int, set[int]]:
    """Return the years of the assessments that somebody sees, by unit, of the units of some findings: one query."""
    units = {finding.assessment.unit_id for finding in shown}
    found: dict[int, set[int]] = {}
    rows = Assessment.objects.visible_to(user).filter(unit__in=units)
    for unit, year in rows.values_list("unit", "period__year"):
        found.setdefault(unit, set()).add(year)
    return found


def _year_of(finding: Finding, seen: Mapping[int, set[int]]) -> int:
    """Return the year through which somebody opens a finding: its own where they see it, else their latest."""
    own, years = finding.assessment.period.year, seen.get(finding.assessment.unit_id, set())
    return own if own in years else max(years, default=own)


def _filtered(rows: QuerySet[Finding], look: Asked) -> QuerySet[Finding]:
    if look.state:
        rows = rows.filter(state=look.state)
    if look.kind:
        rows = rows.filter(kind=look.kind)
    if look.year:
        rows = rows.filter(assessment__period__year=int(look.year))
    if look.area == "hasil":
        rows = rows.filter(criterion__code__startswith="B.")
    elif look.area:
        parts = Q(criterion__code__startswith=f"A.I.{look.area}.") | Q(criterion__code__startswith=f"A.II.{look.area}.")
        rows = rows.filter(parts)
    if look.is_late:
        rows = rows.filter(due_on__lt=timezone.localdate()).exclude(state=Finding.State.CLOSED)
    if look.text:
        found = Q(assessment__unit__name__icontains=look.text) | Q(assessment__unit__code__icontains=look.text)
        rows = rows.filter(found | Q(text__icontains=look.text))
    return rows


__all__ = ["Asked", "asked", "date", "of_assessment", "one", "register"]
