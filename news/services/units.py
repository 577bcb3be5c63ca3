"""What a unit tells the public about itself, and the final score that an admin publishes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Unit, User
from assessment import history, scoring
from assessment.access import DECIDED
from assessment.models import Assessment, Snapshot

from ..models import Innovation, PublicEvent, PublishedScore, UnitProfile, WorkTeamMember
from .common import Stale, record

NO_COPY = "Belum ada keputusan TPI yang dapat diterbitkan nilainya."
BROKEN = "Salinan tetap keputusan ini tidak utuh lagi, jadi nilainya tidak diterbitkan."
NOT_OUT = "Nilai ini tidak sedang diterbitkan."


@dataclass(frozen=True, slots=True)
class Member:
    function: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Innovated:
    title: str
    year: int | None = None
    description: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """All that a unit says of itself."""

    about: str = ""
    decree_title: str = ""
    decree_number: str = ""
    decree_date: date | None = None
    team: Sequence[Member] = ()
    innovations: Sequence[Innovated] = ()


@transaction.atomic
def save_details(*, unit: Unit, details: Details, seen: int, by: User) -> UnitProfile:
    """Replace a unit's public details. `seen` is the version the person saw, 0 for none; raises Stale."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    profile = UnitProfile.objects.filter(unit=unit).first() or UnitProfile(unit=unit, version=0)
    if profile.version != seen:
        raise Stale
    for name in ("about", "decree_title", "decree_number", "decree_date"):
        setattr(profile, name, getattr(details, name))
    profile.version += 1
    profile.changed_at = timezone.now()
    profile.save()
    _replace(profile, details)
    data = _plain(details)
    record(unit=unit, kind=PublicEvent.Kind.PROFILE, by=by, at=profile.changed_at, **data)
    return profile


def _replace(profile: UnitProfile, details: Details) -> None:
    profile.team.all().delete()
    profile.innovations.all().delete()
    WorkTeamMember.objects.bulk_create(
        WorkTeamMember(profile=profile, order=n, **asdict(each)) for n, each in enumerate(details.team)
    )
    Innovation.objects.bulk_create(
        Innovation(profile=profile, order=n, **asdict(each)) for n, each in enumerate(details.innovations)
    )


def _plain(details: Details) -> dict[str, Any]:
    return asdict(details) | {"decree_date": details.decree_date.isoformat() if details.decree_date else ""}


@transaction.atomic
def publish_score(*, unit: Unit, year: int, by: User) -> PublishedScore:
    """Let the public read the total of the newest decided copy of a year; raises ValidationError without one."""
    assessment = _locked(unit, year)
    copies = Snapshot.objects.filter(assessment=assessment, kind=Snapshot.Kind.DECISION)
    copy = copies.select_related("by").order_by("-round").first()
    if assessment is None or assessment.state not in DECIDED or copy is None:
        raise ValidationError(NO_COPY)
    if history.copy_digest(copy) != copy.digest:
        raise ValidationError(BROKEN)
    now, total = timezone.now(), scoring.shown(Decimal(copy.data["scores"]["total"]))
    row, _ = PublishedScore.objects.update_or_create(
        assessment=assessment, defaults={"snapshot": copy, "total": total, "published_by": by, "published_at": now}
    )
    kind, figure = PublicEvent.Kind.SCORE_PUBLISHED, str(total)
    record(unit=unit, kind=kind, by=by, at=now, year=year, total=figure, copy=str(copy.pk))
    return row


@transaction.atomic
def withdraw_score(*, unit: Unit, year: int, by: User) -> None:
    """Take a published score back; raises ValidationError if there is none."""
    row = PublishedScore.objects.filter(assessment=_locked(unit, year)).first()
    if row is None:
        raise ValidationError(NOT_OUT)
    kind, figure = PublicEvent.Kind.SCORE_WITHDRAWN, str(row.total)
    row.delete()
    record(unit=unit, kind=kind, by=by, at=timezone.now(), year=year, total=figure)


def _locked(unit: Unit, year: int) -> Assessment | None:
    rows = Assessment.objects.select_for_update(of=("self",)).filter(unit=unit, period__year=year)
    return rows.first()
