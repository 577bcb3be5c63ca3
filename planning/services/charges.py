"""Who is in charge of which part of a unit's worksheet; and the team lead whom the head names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AREAS, User
from accounts.notifications.models import Notification
from accounts.notifications.services import notify
from assessment import selectors as assessment_selectors
from assessment import services as assessment_services
from assessment.models import Assessment, Event
from assessment.worksheet import Worksheet

from .. import access, selectors
from ..models import Charge, Leader

OVER = "Periode ini sudah berakhir; penanggung jawabnya tidak dapat diubah lagi."
STRANGER = "Ketua tim kerja harus anggota tim unit ini."


@dataclass(frozen=True, slots=True)
class Wish:
    """Who shall be in charge of a place, None for nobody; `seen` is the id of who was, 0 for nobody."""

    place: str
    user: User | None
    seen: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of the wishes: how many were carried out, and which somebody else was faster with."""

    changed: int
    conflicts: Sequence[Wish]


@transaction.atomic
def assign(*, assessment: Assessment, wishes: Sequence[Wish], by: User) -> Assigned:
    """Put people in charge; tell each new one once of all. A place that changed meanwhile is left alone.

    Raises ValidationError for somebody who is not of the unit or may not fill that area; then nothing is written.
    """
    row = _open(assessment)
    worksheet = assessment_selectors.worksheet_of(row.period.instrument)
    charges, now = selectors.charges_of(row), timezone.now()
    _refuse_strangers(row, worksheet, wishes)
    events, conflicts = [], []
    told: dict[int, list[str]] = {}
    for wish in wishes:
        old = charges.get(wish.place)
        before, after = (old.user if old else None), wish.user
        if before == after:
            continue
        if (before.pk if before else 0) != wish.seen:
            conflicts.append(wish)
            continue
        _store(row, wish, by, now)
        events.append((_code(worksheet, wish.place), _data(worksheet, wish.place, before, after)))
        if after and after != by:
            told.setdefault(after.pk, []).append(name_of(worksheet, wish.place))
    if events:
        assessment_services.append_events(row, Event.Kind.CHARGE, events, by=by)
    _tell(row, told)
    return Assigned(len(events), conflicts)


@transaction.atomic
def name_leader(*, assessment: Assessment, user: User | None, by: User) -> None:
    """Name the team lead of this assessment, None for nobody; tell them."""
    row = _open(assessment)
    old = Leader.objects.filter(assessment=row).select_related("user").first()
    if (old.user if old else None) == user:
        return
    if user and not selectors.users_of(row.unit).filter(pk=user.pk).exists():
        raise ValidationError(STRANGER)
    Leader.objects.filter(assessment=row).delete()
    if user:
        Leader.objects.create(assessment=row, user=user, by=by, at=timezone.now())
    data = {"from": {"leader": _said(old.user if old else None)}, "to": {"leader": _said(user)}}
    assessment_services.append_events(row, Event.Kind.CHARGE, [("", data)], by=by)
    if user and user != by:
        notify(
            recipients=[user], kind=Notification.Kind.ASSIGNMENT,
            subject=f"{row.unit.name} {row.period.year}: Anda ketua tim kerja",
            text="Anda dapat membagi kriteria kepada anggota tim.",
            url=reverse("planning:charges", args=[row.period.year, row.unit.code]),
        )  # fmt: skip


def name_of(worksheet: Worksheet, place: str) -> str:
    """Return a place in words: "Area Penguatan Pengawasan", "A.I.1.i.a"."""
    if place in worksheet.criteria:
        return place
    return f"Area {AREAS[place]}" if place in AREAS else worksheet.nodes[place].name


def _open(assessment: Assessment) -> Assessment:
    row = assessment_services.lock(assessment)
    if access.is_over(row.period):
        raise ValidationError(OVER, code="over")
    return row


def _refuse_strangers(row: Assessment, worksheet: Worksheet, wishes: Sequence[Wish]) -> None:
    members = {m.user.pk: m for m in selectors.members_of(row.unit)}
    problems = []
    for wish in wishes:
        if wish.user is None:
            continue
        member = members.get(wish.user.pk)
        area = selectors.place_of(worksheet, wish.place) if wish.place in worksheet.criteria else wish.place
        if member is None:
            problems.append(f"{name_of(worksheet, wish.place)}: {wish.user} bukan anggota tim unit ini.")
        elif not member.fits(area):
            problems.append(f"{name_of(worksheet, wish.place)}: {wish.user} hanya mengisi area lain.")
    if problems:
        raise ValidationError(problems)


def _store(row: Assessment, wish: Wish, by: User, now: datetime) -> None:
    rows = Charge.objects.filter(assessment=row, place=wish.place)
    if wish.user is None:
        rows.delete()
    elif not rows.update(user=wish.user, by=by, at=now):
        Charge.objects.create(assessment=row, place=wish.place, user=wish.user, by=by, at=now)


def _data(worksheet: Worksheet, place: str, before: User | None, after: User | None) -> dict[str, object]:
    where = "" if place in worksheet.criteria else name_of(worksheet, place)
    said = {"place": where} if where else {}
    return {"from": {"place": "", "in_charge": _said(before)}, "to": said | {"in_charge": _said(after)}, "at": place}


def _said(user: User | None) -> str:
    return f"{user} ({user.username})" if user else ""


def _code(worksheet: Worksheet, place: str) -> str:
    return place if place in worksheet.criteria else ""


def _tell(row: Assessment, told: Mapping[int, Sequence[str]]) -> None:
    people = {user.pk: user for user in User.objects.filter(pk__in=told)} if told else {}
    for pk, places in told.items():
        shown = ", ".join(places[:20]) + (f" dan {len(places) - 20} lagi" if len(places) > 20 else "")
        notify(
            recipients=[people[pk]], kind=Notification.Kind.ASSIGNMENT,
            subject=f"{row.unit.name} {row.period.year}: Anda penanggung jawab {len(places)} bagian LKE",
            text=shown, url=reverse("planning:mine", args=[row.period.year, row.unit.code]),
        )  # fmt: skip
