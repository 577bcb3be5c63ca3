"""What "Beranda" shows: what needs this person now, where they left off, and the state of what is theirs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import TEAM_ROLES, Membership, Role, User
from accounts.selectors import memberships_of
from assessment import selectors
from assessment.access import REVIEWING
from assessment.models import Assessment, Event, Period, Return, Stage, State
from assessment.trace import comma
from review.access import is_agency_admin
from review.assigning import local_date
from review.pages.desk import desk, left_text

from . import home_reads as reads

SOON = 7  # days
MOST_TASKS = 6
PLACES = {Stage.UNIT: "assessment:page", Stage.PRELIM: "review:judge-page", Stage.TPI: "review:judge-page"}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for this person; the most urgent come first."""

    icon: str
    text: str
    detail: str
    action: str
    url: str
    due_on: date | None = None

    @property
    def day(self) -> str:
        return date_format(self.due_on, "j F Y") if self.due_on else ""

    @property
    def left(self) -> str:
        return left_text((self.due_on - timezone.localdate()).days) if self.due_on else ""

    @property
    def is_urgent(self) -> bool:
        return self.due_on is not None and (self.due_on - timezone.localdate()).days <= SOON


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One assessment of a unit of one's own."""

    name: str
    code: str
    year: str
    period: str
    target: str
    state: str
    state_label: str
    answered: str
    criteria: str
    total: str
    provisional: str


@dataclass(frozen=True, slots=True)
class Resume:
    unit: str
    code: str
    title: str
    url: str
    at: str


def context_of(user: User) -> dict[str, Any]:
    """Build the page: at most forty queries for somebody with every role, however many units there are."""
    memberships = list(memberships_of(user))
    roles = {m.role for m in memberships}
    own = reads.own_assessments(memberships)
    board = desk(user, "", None)
    tasks = [row for row in board["rows"] if row.action]
    needs = [*_unit_needs(user, own, memberships), *_review_needs(user, memberships, board["has_any"])]
    period = reads.newest_period(user)
    oversees = bool(roles & {Role.ADMIN, Role.OBSERVER}) or user.is_superuser
    counts = reads.states_of(user, period) if oversees and period else {}
    if oversees and period:
        needs += _agency_needs(user, period, counts)
    return {
        "needs": sorted(needs, key=lambda n: (n.due_on or date.max, n.text)),
        "tasks": tasks[:MOST_TASKS],
        "more_tasks": len(tasks) > MOST_TASKS,
        "has_desk": board["has_any"],
        "cards": [_card(row) for row in own],
        "resume": _resume(reads.last_change(user)),
        "news": reads.unread(user) if user.unread_notifications else [],
        "roles": _role_names(memberships),
        "oversees": oversees,
        "period": period,
        "year": str(period.year) if period else "",
        "states": _states(period, counts) if period else [],
        "deadlines": deadlines_of(period) if period else [],
        "is_empty": not (own or board["has_any"] or period),
    }


def _role_names(memberships: Iterable[Membership]) -> list[str]:
    return [f"{m.get_role_display()} · {m.unit.name}" for m in memberships]


def _unit_needs(user: User, own: list[Assessment], memberships: list[Membership]) -> Iterable[Need]:
    """Yield what a unit's team and head have to do: five queries."""
    heads = {m.unit_id for m in memberships if m.role == Role.HEAD}
    returned, findings = reads.returns_of(own), reads.open_findings(own)
    for row in own:
        where = [row.period.year, row.unit.code]
        if row.state == State.DRAFT:
            yield _filling(row, row.unit_id in heads)
        if row.state == State.RETURNED and (back := returned.get(row.pk)):
            yield Need(
                "arrow-counterclockwise", f"Perbaiki {back.wanted} kriteria: {row.unit.name}",  # type: ignore[attr-defined]
                f"Dikembalikan untuk diperbaiki, putaran {back.round}.", "Lihat perbaikan",
                reverse("review:returns", args=where), local_date(back.until),
            )  # fmt: skip
        if found := findings.get(row.pk):
            yield Need(
                "flag", f"Tindak lanjuti {found.count} catatan penilai: {row.unit.name}", "Catatan yang masih terbuka.",
                "Lihat catatan", reverse("review:findings", args=where), found.due_on,
            )  # fmt: skip
    yield from _imports(user, own, returned)


def _imports(user: User, own: list[Assessment], returned: Mapping[int, Return]) -> Iterable[Need]:
    """Yield what was imported and waits for a decision: two queries."""
    for lke in reads.workbooks_of(own, returned):
        yield Need(
            "file-earmark-excel", f"Periksa impor LKE: {lke.source}",
            f"{lke.assessment.unit.name} · diunggah {lke.by}. Belum ada yang disimpan.", "Periksa impor",
            lke.get_absolute_url(),
        )  # fmt: skip
    for batch in reads.imports_of(user, own):
        yield Need(
            "cloud-upload", f"Impor belum selesai: {batch.source}",
            f"{batch.assessment.unit.name} · {batch.get_state_display()}.", "Lanjutkan impor", batch.get_absolute_url(),
        )  # fmt: skip


def _filling(row: Assessment, is_head: bool) -> Need:
    """Return what a draft asks for: answers first, then the head's submission."""
    where, due_on = [row.period.year, row.unit.code], local_date(row.period.unit_closes)
    card = row.unit_cards[0] if row.unit_cards else None  # type: ignore[attr-defined]
    missing = card.criteria - card.answered if card else 0
    if missing:
        url = reverse("assessment:next-unanswered", args=where)
        return Need("pencil", f"Isi {missing} kriteria lagi: {row.unit.name}", "Pengisian ditutup pada tenggat ini.",
                    "Lanjutkan mengisi", url, due_on)  # fmt: skip
    if is_head:
        return Need("shield-check", f"Ajukan penilaian mandiri: {row.unit.name}", "Semua kriteria sudah dijawab.",
                    "Periksa dan ajukan", reverse("review:submit-page", args=where), due_on)  # fmt: skip
    return Need("list-check", f"Periksa kelengkapan: {row.unit.name}", "Semua dijawab; kepala unit yang mengajukan.",
                "Periksa", reverse("review:check", args=where), due_on)  # fmt: skip


def _review_needs(user: User, memberships: list[Membership], has_desk: bool) -> Iterable[Need]:
    """Yield what reviewers decide besides their desk: three queries."""
    if has_desk or {m.role for m in memberships} & REVIEWING:
        own = {m.unit_id for m in memberships if m.role in TEAM_ROLES}
        if count := reads.answered_findings(user, own):
            url = f"{reverse('review:register')}?status=answered"
            yield Need("flag", f"Periksa {count} tindak lanjut unit", "Unit sudah menjawab catatan penilai.",
                       "Buka catatan", url)  # fmt: skip
    for conflict in reads.conflicts_for(user, memberships):
        row = conflict.assessment
        yield Need(
            "shuffle", f"Putuskan benturan kepentingan: {row.unit.name}", f"Dinyatakan oleh {conflict.user}.",
            "Lihat pernyataan", reverse("review:conflict", args=[row.period.year, row.unit.code]),
        )  # fmt: skip


def _agency_needs(user: User, period: Period, counts: Mapping[str, int]) -> Iterable[Need]:
    """Yield what an admin of the whole agency does next: two queries."""
    if not is_agency_admin(user):
        return
    recap = reverse("reports:recap", args=[period.year])
    closes = local_date(period.proposal_closes)
    if free := reads.without_team(user, period):
        yield Need("people", f"Tugaskan tim TPI bagi {free} unit", "Sudah diajukan, tetapi belum ada timnya.",
                   "Tugaskan", f"{reverse('review:assign-page', args=[period.year])}")  # fmt: skip
    if ready := counts.get(State.FULFILS):
        yield Need("file-earmark-text", f"Usulkan {ready} unit kepada TPN", "Hasil TPI: memenuhi.", "Buka pengajuan",
                   reverse("review:proposals", args=[period.year]), closes)  # fmt: skip
    if proposed := counts.get(State.PROPOSED):
        yield Need("award", f"Catat hasil TPN bagi {proposed} unit", "Sudah diusulkan.", "Lihat unit",
                   f"{recap}?status={State.PROPOSED}")  # fmt: skip
    if unfit := counts.get(State.UNFIT):
        yield Need("unlock", f"{unfit} unit dinyatakan belum layak", "Admin dapat membukanya kembali.",
                   "Lihat unit", f"{recap}?status={State.UNFIT}")  # fmt: skip


def _card(row: Assessment) -> UnitCard:
    card = row.unit_cards[0] if row.unit_cards else None  # type: ignore[attr-defined]
    answered, criteria = (card.answered, card.criteria) if card else (0, 0)
    total, provisional = (comma(card.total), comma(card.provisional_total)) if card else ("–", "–")
    return UnitCard(
        row.unit.name, row.unit.code, str(row.period.year), row.period.name, row.get_target_display(), row.state,
        row.get_state_display(), str(answered), str(criteria), total, provisional,
    )  # fmt: skip


def _resume(event: Event | None) -> Resume | None:
    """Return where the person last changed something; None if that criterion is gone."""
    if event is None:
        return None
    row = event.assessment
    worksheet = selectors.worksheet_of(row.period.instrument)
    criterion = worksheet.criteria.get(event.criterion)
    name = PLACES.get(Stage(event.stage))
    if criterion is None or name is None:
        return None
    url = reverse(name, args=[row.period.year, row.unit.code, worksheet.page_of[criterion.code]])
    at = date_format(timezone.localtime(event.at), "j F Y H.i")
    return Resume(row.unit.name, criterion.code, criterion.title, f"{url}#k-{criterion.slug}", at)


def _states(period: Period, counts: Mapping[str, int]) -> list[tuple[str, str, str, str]]:
    """Return state, label, count and where these units are listed."""
    recap = reverse("reports:recap", args=[period.year])
    return [(s.value, str(s.label), str(counts[s]), f"{recap}?status={s}") for s in State if counts.get(s)]


def deadlines_of(period: Period) -> list[tuple[str, str, str, bool]]:
    """Return what closes when: name, day, how far off, and whether it is near; past ones are left out."""
    ends = [
        ("Pengisian ditutup", period.unit_closes),
        ("Penilaian pendahuluan ditutup", period.prelim_closes if period.needs_prelim else None),
        ("Penilaian TPI ditutup", period.tpi_closes),
        ("Pengusulan ditutup", period.proposal_closes),
    ]
    today, found = timezone.localdate(), []
    for name, moment in ends:
        if (day := local_date(moment)) and day >= today:
            left = (day - today).days
            found.append((name, date_format(day, "j F Y"), left_text(left), left <= SOON))
    return found
