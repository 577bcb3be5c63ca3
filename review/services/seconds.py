"""Blind second scoring: choosing who, drawing what, finishing, and settling what differs."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.notifications.models import Notification
from assessment import access, selectors, trace
from assessment import services as assessment_services
from assessment.models import Answer, Assessment, Event, SecondScoring, Stage, State
from assessment.models.answer import NOTE_LIMIT
from assessment.scoring import Given
from assessment.services import Entry, Outcome

from ..access import review_may
from ..sampling import Pair, draw, pairs_of, second_of, seconds_to_choose
from ..workflow import Group
from .telling import tell

UNUSED = "Periode ini tidak memakai penilaian kedua."
NOT_NOW = "Penilai kedua ditunjuk sebelum hasil penilaian diserahkan kepada ketua tim."
CLOSED = "Penilaian kedua tidak sedang dibuka."
FINISHED = "Penilaian kedua sudah selesai."
NOT_FREE = "Pilih anggota tim yang belum menilai unit ini."
SETTLED = "Perbedaan ini sudah diputuskan, atau kedua jawaban sudah sama."
CHANGED = "Jawaban berubah sejak Anda membukanya. Periksa lagi sebelum memutuskan."
TOO_LONG = f"Catatan menjadi lebih panjang dari {NOTE_LIMIT} karakter. Persingkat alasannya."


@transaction.atomic
def assign_second(*, assessment: Assessment, user: User, by: User) -> SecondScoring:
    """Make a member of the team the second reviewer; the sample is drawn once, whoever scores it.

    Another one may be chosen until the first has finished; what that one answered is cleared, not handed on.
    """
    row = assessment_services.lock(assessment)
    old = second_of(row)
    _refuse_choosing(row, old, by)
    if user.pk not in {u.pk for u in seconds_to_choose(row)}:
        raise ValidationError({"user": [NOT_FREE]})
    if old and old.user_id == user.pk:
        return old
    made = _replaced(row, old, user, by) if old else _drawn(row, user, by)
    before = f"Penilai kedua: {old.user}" if old else ""
    _note(row, before, f"Penilai kedua: {user}", by, size=len(made.codes))
    tell(
        row, set(), kind=Notification.Kind.ASSIGNMENT, subject="Anda ditunjuk sebagai penilai kedua",
        text=f"Nilai {len(made.codes)} kriteria tanpa melihat penilaian pertama.", by=by, also=[user],
        url=_url(row),
    )  # fmt: skip
    return made


def _refuse_choosing(row: Assessment, old: SecondScoring | None, by: User) -> None:
    if not row.period.second_share:
        raise ValidationError(UNUSED)
    _refuse_but_lead(row, by)
    if row.state not in {State.SUBMITTED, State.REVIEW}:
        raise ValidationError(NOT_NOW, code="moved")
    if old and old.finished_at:
        raise ValidationError(FINISHED, code="moved")


def _refuse_but_lead(row: Assessment, by: User) -> None:
    if not review_may(row, access.may(by, row)).lead:
        raise ValidationError(NOT_NOW, code="moved")


def _drawn(row: Assessment, user: User, by: User) -> SecondScoring:
    worksheet = selectors.worksheet_of(row.period.instrument)
    codes = draw(worksheet, row.period.second_share, secrets.SystemRandom())
    return SecondScoring.objects.create(
        assessment=row, user=user, codes=codes, assigned_by=by, assigned_at=timezone.now()
    )


def _replaced(row: Assessment, old: SecondScoring, user: User, by: User) -> SecondScoring:
    there = selectors.answers_of(row, Stage.SECOND)
    cleared = [Entry(code, Given(), "", answer.version) for code, answer in there.items()]
    if cleared:
        assessment_services.record_answers(assessment=row, entries=cleared, by=by, stage=Stage.SECOND)
        row.refresh_from_db(fields=["event_count", "event_head"])
    made = SecondScoring(
        pk=old.pk, assessment=row, user=user, codes=old.codes, assigned_by=by, assigned_at=timezone.now()
    )
    made.save()
    return made


def unanswered_of(assessment: Assessment, second: SecondScoring) -> tuple[str, ...]:
    """Return what the second reviewer has not answered yet: one query."""
    still_open = set(selectors.stage_result(assessment, Stage.SECOND).unanswered)
    return tuple(code for code in second.codes if code in still_open)


@transaction.atomic
def finish_second(*, assessment: Assessment, by: User) -> None:
    """End the second reviewer's blind work; from then on the lead sees both."""
    row = assessment_services.lock(assessment)
    second = SecondScoring.objects.filter(assessment=row, user=by, finished_at=None).first()
    if second is None or not review_may(row, access.may(by, row)).second:
        raise ValidationError(CLOSED, code="moved")
    if codes := unanswered_of(row, second):
        raise ValidationError(f"{len(codes)} kriteria sampel belum dinilai.")
    SecondScoring.objects.filter(pk=second.pk).update(finished_at=timezone.now())
    _note(row, "", "Penilaian kedua selesai", by, size=len(second.codes))
    tell(
        row, {Group.LEAD}, kind=Notification.Kind.ASSIGNMENT, subject="penilaian kedua selesai",
        text="Periksa kesepakatan kedua penilai dan putuskan perbedaannya.", by=by, url=_url(row),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """How a lead settles a difference; `versions` are those of both answers as they saw them."""

    takes_second: bool
    reason: str
    versions: tuple[int, int]


@transaction.atomic
def settle(*, assessment: Assessment, code: str, decision: Decision, by: User) -> None:
    """Decide which of two differing answers holds; the second one becomes TPI's answer, with the reason as its note.

    Code "moved" if one of the answers changed since the lead saw it, or the difference is settled already.
    """
    row = assessment_services.lock(assessment)
    second = second_of(row)
    if second is None or second.finished_at is None or not access.is_open_for_stage(row, Stage.TPI):
        raise ValidationError(CLOSED, code="moved")
    _refuse_but_lead(row, by)
    pair = next((p for p in pairs_of(row, second) if p.code == code), None)
    if pair is None or pair.first is None or pair.second is None or not pair.is_open:
        raise ValidationError(SETTLED, code="moved")
    if (pair.first.version, pair.second.version) != decision.versions:
        raise ValidationError(CHANGED, code="moved")
    if decision.takes_second:
        _take(row, pair, pair.first, pair.second, decision.reason, by)
    second.settled[code] = _settled(row, pair, pair.first, decision, by)
    SecondScoring.objects.filter(pk=second.pk).update(settled=second.settled)
    done = f"Memakai jawaban penilai {'kedua' if decision.takes_second else 'pertama'}"
    _note(row, "", done, by, code=code, reason=decision.reason)


def _settled(row: Assessment, pair: Pair, first: Answer, decision: Decision, by: User) -> dict[str, str]:
    """Return what is kept of a decision: with the first answer, which taking the second one overwrites."""
    criterion = selectors.worksheet_of(row.period.instrument).criteria[pair.code]
    return {
        "choice": "second" if decision.takes_second else "first", "by": by.username,
        "at": timezone.now().isoformat(), "reason": decision.reason, "gap": str(pair.gap),
        "first": trace.answer_text(criterion, pair.first_given), "first_note": first.note,
        "first_by": str(first.changed_by or ""),
    }  # fmt: skip


def _take(row: Assessment, pair: Pair, first: Answer, second: Answer, reason: str, by: User) -> None:
    note = "\n\n".join(filter(None, [second.note, reason]))
    if len(note) > NOTE_LIMIT:
        raise ValidationError({"reason": [TOO_LONG]})
    entry = Entry(pair.code, pair.second_given, note, first.version)
    recorded = assessment_services.record_answers(assessment=row, entries=[entry], by=by, stage=Stage.TPI)
    if recorded.outcomes[pair.code] == Outcome.CONFLICT:
        raise ValidationError(CHANGED, code="moved")
    row.refresh_from_db(fields=["event_count", "event_head"])


def _note(row: Assessment, before: str, after: str, by: User, *, code: str = "", **more: Any) -> None:
    data = {"from": {"state": before}, "to": {"state": after}} | more
    assessment_services.append_events(row, Event.Kind.SECOND, [(code, data)], by=by, stage=Stage.TPI)


def _url(row: Assessment) -> str:
    return reverse("review:second", args=[row.period.year, row.unit.code])
