"""Believable planning for the demo: actions, people in charge, a discussion. Only `seed_demo` uses it."""

import random
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from assessment import selectors as assessment_selectors
from assessment.models import Assessment, State
from evidence.models import Attachment

from .models import ActionItem, ActionStatus
from .services.actions import Plan, add_action, change_action
from .services.charges import Wish, assign
from .services.messages import say

# Criterion, activity, output, months from now, status.
P, R, D, C = ActionStatus.PLANNED, ActionStatus.RUNNING, ActionStatus.DONE, ActionStatus.CANCELLED
ACTIONS = [
    ("A.I.1.i.a", "Memperbarui SK tim kerja dan uraian tugas tiap area", "SK tim kerja", -3, D),
    ("A.I.1.iii.a", "Rapat pemantauan rencana kerja setiap triwulan", "Notulen dan daftar hadir", 0, R),
    ("A.I.1.iv.b", "Menetapkan agen perubahan dan rencana kerjanya", "SK agen perubahan", -1, R),
    ("A.I.2.i.b", "Meninjau kembali SOP pelayanan yang berubah karena layanan daring", "SOP terbaru", 1, P),
    ("A.I.3.i.a", "Menyusun peta kebutuhan pegawai dari analisis beban kerja", "Peta kebutuhan", 2, P),
    ("A.I.4.i.c", "Rapat pimpinan tentang capaian kinerja triwulan", "Notulen", 0, P),
    ("A.I.5.i.a", "Kampanye pengendalian gratifikasi di ruang layanan", "Foto dan materi kampanye", -2, D),
    ("A.I.5.iii.a", "Menindaklanjuti pengaduan masyarakat paling lama tujuh hari", "Rekap tindak lanjut", -1, P),
    ("A.I.6.i.a", "Memasang maklumat pelayanan di semua loket", "Maklumat pelayanan", 1, R),
    ("A.II.1.i.a", "Pelatihan komputasi awan bagi seluruh tim", "Sertifikat", 3, C),
]  # fmt: skip
UNITS = ("UNIT-01", "UNIT-02", "UNIT-05", "UNIT-06")
AREAS_OF_MEMBER = ("1", "2", "3")
AREAS_OF_HEAD = ("4", "5")
TALK = [
    (
        "A.I.1.i.a",
        Role.MEMBER,
        "SK tahun ini sudah ditandatangani @{head}, tetapi lampiran uraian tugasnya belum lengkap.",
    ),
    ("A.I.1.i.a", Role.HEAD, "Lampirannya saya kirim besok. @{member}, tolong unggah bersama notulen pembentukan tim."),
    ("A.I.5.iii.a", Role.MEMBER, "Rekap pengaduan triwulan kedua masih menunggu data dari loket."),
]


def seed(*, year: int) -> int:
    """Plan for some demo units that have no plan yet; return for how many."""
    rows = Assessment.objects.for_page().filter(period__year=year, unit__code__in=UNITS).order_by("unit__code")
    planned = 0
    for row in rows:
        if row.state == State.RESULT or row.actions.exists():
            continue
        people = _people(row)
        if people is not None:
            with transaction.atomic():
                _plan(row, *people)
            planned += 1
    return planned


def _people(row: Assessment) -> tuple[User, User] | None:
    """Return a member and the head of the unit."""
    users = User.objects.filter(memberships__unit=row.unit, is_active=True)
    member = users.filter(memberships__role=Role.MEMBER).order_by("pk").first()
    head = users.filter(memberships__role=Role.HEAD).order_by("pk").first()
    return (member, head) if member and head else None


def _plan(row: Assessment, member: User, head: User) -> None:
    wishes = [Wish(area, member, 0) for area in AREAS_OF_MEMBER] + [Wish(area, head, 0) for area in AREAS_OF_HEAD]
    assign(assessment=row, wishes=wishes, by=head)
    worksheet = assessment_selectors.worksheet_of(row.period.instrument)
    dice = random.Random(row.unit.code)  # noqa: S311  a demo, not a secret
    for code, activity, output, months, status in ACTIONS:
        if code in worksheet.criteria and dice.random() < 0.9:
            person = member if dice.random() < 0.6 else head
            plan = Plan(activity, output, person, month_from_now(row.period.year, months))
            made = add_action(assessment=row, code=code, plan=plan, by=head)
            _bring(row, made, status, person)
    names = {"member": member.username, "head": head.username}
    for code, role, text in TALK:
        if code in worksheet.criteria:
            say(assessment=row, code=code, text=text.format(**names), by=head if role == Role.HEAD else member)


def _bring(row: Assessment, made: ActionItem, status: str, by: User) -> None:
    """Bring an action to its status, with a document as proof where the unit has one for the criterion."""
    if status == ActionStatus.PLANNED:
        return
    is_done = status == ActionStatus.DONE
    held = Attachment.objects.live().filter(assessment=row, criterion=made.criterion_id).select_related("document")
    proof = held.first() if is_done else None
    plan = Plan(
        made.activity, made.output, made.in_charge, made.target, status,
        timezone.localdate() - timedelta(days=20) if is_done else None, proof.document if proof else None,
    )  # fmt: skip
    stored = ActionItem.objects.select_related("assessment").get(pk=made.pk)
    change_action(action=stored, plan=plan, revision=1, by=by)


def month_from_now(year: int, months: int) -> date:
    """Return the first day of a month counted from today's, kept within the period's year and the next."""
    today = timezone.localdate()
    number = today.year * 12 + today.month - 1 + months
    found = date(number // 12, number % 12 + 1, 1)
    return min(max(found, date(year, 1, 1)), date(year + 1, 12, 1))
