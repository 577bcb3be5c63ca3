"""The demo's assessments on their way from submission to decision. Only `seed_demo` uses it."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.letterheads.models import Letterhead
from accounts.models import Role, User
from assessment import demo as agency
from assessment import selectors, services
from assessment.models import (
    Assessment,
    Assignment,
    Criterion,
    Event,
    Period,
    ProposalCondition,
    Stage,
    State,
    Team,
    TeamMember,
)
from assessment.scoring import Given
from assessment.services import Entry
from assessment.worksheet import INDEX, Worksheet
from evidence.models import Attachment

from .models import ConditionAnswer, Finding
from .services import returns, verdicts
from .services.proposals import Letter, make_proposal
from .services.results import Outcome, record_result
from .services.snapshots import top_of
from .services.steps import take_step

PEOPLE = {
    Role.TPI_MEMBER: ["tpi.anggota", "tpi.anggota2"], Role.TPI_LEAD: ["tpi.ketua"],
    Role.TPI_CONTROLLER: ["tpi.pengendali"],
}  # fmt: skip
# How far each unit has come. UNIT-01 to UNIT-03 stay with their teams.
FAR = {
    "UNIT-04": State.SUBMITTED, "UNIT-05": State.REVIEW, "UNIT-06": State.RETURNED, "UNIT-07": State.LEAD_CHECK,
    "UNIT-08": State.APPROVAL, "UNIT-09": State.FULFILS, "UNIT-10": State.NOT_YET, "UNIT-11": State.PROPOSED,
    "UNIT-12": State.RESULT,
}  # fmt: skip
BEYOND = {State.PROPOSED, State.RESULT}  # TPI's decision is behind them
NOTES = [
    "Dokumen yang dilampirkan belum menunjukkan pelaksanaan pada tahun berjalan.",
    "Tindak lanjut rapat belum terlihat dalam notulen.",
    "Bukti hanya memuat rencana; laporan pelaksanaannya belum ada.",
]
FINDINGS = [
    (Finding.Kind.RECOMMENDATION, "Lengkapi notulen rapat dengan daftar hadir dan tindak lanjutnya."),
    (Finding.Kind.REMARK, "Laporan pemantauan belum memuat penanggung jawab dan batas waktu."),
    (Finding.Kind.STRENGTH, "Pimpinan terlibat langsung dan terdokumentasi dengan baik."),
]
CONCLUSION = "Unit kerja menunjukkan pembangunan ZI yang konsisten pada keenam area; lihat rekomendasi untuk perbaikan."


def seed(*, year: int) -> int:
    """Bring each demo unit as far as it shall come; return how many moved. Units that moved already are left alone."""
    period = Period.objects.get(year=year)
    team = _team(period)
    if team is None:
        return 0
    moved = 0
    rows = Assessment.objects.for_page().filter(period=period, unit__code__startswith="UNIT-").order_by("unit__code")
    for row in rows:
        with transaction.atomic():
            moved += _bring(row, team)
    with transaction.atomic():
        _propose(period)
    return moved


def _propose(period: Period) -> None:
    """Propose what shall be proposed by one letter, and record TPN's result of what shall have one."""
    admin = User.objects.filter(username="admin", memberships__role=Role.ADMIN).first()
    codes = [code for code, far in FAR.items() if far in BEYOND]
    rows = Assessment.objects.for_page().filter(period=period, unit__code__in=codes, state=State.FULFILS)
    ready = list(rows.order_by("unit__code"))
    if admin is None or not ready:
        return
    top = top_of(ready[0].unit)
    head = {
        "lines": f"{top.name}\nInspektorat", "address": "Jalan Contoh Nomor 1", "place": "Kota Contoh",
        "signatory_role": "Pimpinan instansi",
    }  # fmt: skip
    Letterhead.objects.get_or_create(unit=top, defaults=head)
    if not Period.objects.filter(is_proposing=True).exists():
        Period.objects.filter(pk=period.pk).update(
            is_proposing=True, proposal_closes=timezone.now() + timedelta(days=90)
        )
    today = timezone.localdate()
    letter = Letter(f"700/01/{period.year}", today, "Kota Contoh", "Pimpinan instansi", ("Inspektorat",))
    make_proposal(period=period, assessments=ready, letter=letter, by=admin)
    for row in ready:
        if FAR[row.unit.code] == State.RESULT:
            outcome = Outcome(
                granted=True, predicate=row.target, total=Decimal("82.40"), decree_number=f"100 Tahun {period.year}",
                decree_date=today, valid_until=today + timedelta(days=730),
            )  # fmt: skip
            record_result(assessment=row, outcome=outcome, by=admin)


def _team(period: Period) -> Team | None:
    users = {u.username: u for u in User.objects.filter(username__in=[n for names in PEOPLE.values() for n in names])}
    if any(name not in users for names in PEOPLE.values() for name in names):
        return None
    team, is_new = Team.objects.get_or_create(period=period, name="Tim 1")
    if is_new:
        for role, names in PEOPLE.items():
            for name in names:
                TeamMember.objects.create(team=team, user=users[name], role=role)
    return team


def _bring(row: Assessment, team: Team) -> bool:
    if not Assignment.objects.filter(assessment=row).exists():
        due = timezone.localdate() + timedelta(days=30)
        Assignment.objects.create(assessment=row, team=team, due_on=due, assigned_at=timezone.now())
        data = {"from": {"team": ""}, "to": {"team": team.name}}
        services.append_events(services.lock(row), Event.Kind.ASSIGNED, [("", data)], by=None, stage=Stage.TPI)
    far = FAR.get(row.unit.code)
    if far is None or row.state != State.DRAFT:
        return False
    return _Journey(row, far).go()


class _Journey:
    """One unit's way through the review, by the services that people use."""

    def __init__(self, row: Assessment, far: State) -> None:
        self.row = row
        self.far = State.FULFILS if far in BEYOND else far
        self.random = random.Random(row.unit.code)  # noqa: S311  a demo, not a secret
        self.worksheet = selectors.worksheet_of(row.period.instrument)
        self.member, self.lead, self.controller = (
            User.objects.get(username=PEOPLE[role][0]) for role in (Role.TPI_MEMBER, Role.TPI_LEAD, Role.TPI_CONTROLLER)
        )

    def go(self) -> bool:
        head = User.objects.filter(memberships__unit=self.row.unit, memberships__role=Role.HEAD).first()
        if head is None:
            return False
        self._complete(head)
        take_step(assessment=self.row, name="submit", by=head)
        for state, travel in self._way():
            travel()
            if state == self.far:
                break
        return True

    def _way(self) -> Sequence[tuple[State, Callable[[], object]]]:
        steps: list[tuple[State, Callable[[], object]]] = [(State.SUBMITTED, lambda: None)]
        if self.far != State.SUBMITTED:
            steps.append((State.REVIEW, self._review))
        if self.far == State.RETURNED:
            steps.append((State.RETURNED, self._return))
        steps += [
            (State.LEAD_CHECK, lambda: self._take("finish", self.member)),
            (State.APPROVAL, lambda: self._take("pass_on", self.lead)),
            (self.far, lambda: self._take("approve", self.controller, CONCLUSION)),
        ]
        return steps

    def _take(self, name: str, by: User, reason: str = "") -> Assessment:
        return take_step(assessment=self.row, name=name, by=by, reason=reason)

    def _complete(self, by: User) -> None:
        """Answer what is still open, and the conditions for being proposed."""
        answers = selectors.answers_of(self.row, Stage.UNIT)
        quality = 0.55 if self.far == State.NOT_YET else 0.95
        drawn = agency.entries_for(self.worksheet, self.random, 1.0, quality=quality)
        entries = [_better(self.worksheet, e, self.far) for e in drawn]
        entries = [Entry(e.code, e.given, e.note, answers[e.code].version if e.code in answers else 0) for e in entries]
        services.record_answers(assessment=self.row, entries=entries, by=by)
        for condition in ProposalCondition.objects.filter(
            instrument=self.row.period.instrument, predicate=self.row.target
        ):
            ConditionAnswer.objects.get_or_create(
                assessment=self.row, condition=condition,
                defaults={"met": "ya", "changed_by": by, "changed_at": timezone.now()},
            )  # fmt: skip

    def _review(self) -> None:
        self._take("start_review", self.lead)
        share = 0.6 if self.far in {State.REVIEW, State.RETURNED} else 1.0
        units = selectors.answers_of(self.row, Stage.UNIT)
        codes = list(self.worksheet.criteria)[: round(len(self.worksheet.criteria) * share)]
        entries = [self._judged(code, selectors.given_of(self.worksheet, units[code])) for code in codes]
        services.record_answers(assessment=self.row, entries=entries, by=self.member, stage=Stage.TPI)
        self._look_at_evidence()
        self._write_findings()

    def _judged(self, code: str, given: Given) -> Entry:
        """Agree, or now and then find one letter less."""
        choices = [c.key for c in self.worksheet.criteria[code].choices]
        if choices and self.random.random() < 0.12 and choices.index(given.choice) + 1 < len(choices):
            worse = Given(choice=choices[choices.index(given.choice) + 1])
            return Entry(code, worse, self.random.choice(NOTES), 0)
        return Entry(code, given, "", 0)

    def _look_at_evidence(self) -> None:
        live = Attachment.objects.live().filter(assessment=self.row).select_related("criterion", "document__current")
        for attachment in live.order_by("criterion__order")[:25]:
            is_fit = self.random.random() < 0.8
            verdicts.give_verdict(
                assessment=self.row, attachment=attachment, stage=Stage.TPI,
                verdict="sufficient" if is_fit else "partial", reason="" if is_fit else self.random.choice(NOTES),
                revision=0, by=self.member,
            )  # fmt: skip

    def _write_findings(self) -> None:
        codes = self.random.sample(list(self.worksheet.criteria)[:90], len(FINDINGS))
        for (kind, text), code in zip(FINDINGS, codes, strict=True):
            is_praise = kind == Finding.Kind.STRENGTH
            Finding.objects.create(
                assessment=self.row, criterion=Criterion.objects.get(pk=self.worksheet.criteria[code].pk),
                stage=Stage.TPI, kind=kind, text=text, created_by=self.member, created_at=timezone.now(),
                due_on=None if is_praise else timezone.localdate() + timedelta(days=45),
                state=Finding.State.CLOSED if is_praise else Finding.State.OPEN,
                closed_at=timezone.now() if is_praise else None,
            )  # fmt: skip

    def _return(self) -> None:
        for code in list(self.worksheet.criteria)[:3]:
            reason = self.random.choice(NOTES)
            returns.set_item(assessment=self.row, stage=Stage.TPI, code=code, reason=reason, by=self.member)
        until = timezone.now() + timedelta(days=14)
        take_step(
            assessment=self.row, name="return_tpi", by=self.lead,
            extra={"until": until.isoformat(), "message": "Mohon dilengkapi sebelum batas waktu."},
        )  # fmt: skip


def _better(worksheet: Worksheet, entry: Entry, far: State) -> Entry:
    """Give units that shall fulfil the thresholds the survey results for it."""
    if worksheet.criteria[entry.code].answer_type == INDEX and far != State.NOT_YET:
        return Entry(entry.code, Given(index=Decimal("3.75")), entry.note, entry.version)
    return entry
