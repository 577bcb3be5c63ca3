"""Every write: tokens, the units' evidence links, the log of requests."""

import hashlib
import secrets
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.http import client_ip
from accounts.models import User
from assessment.models import Assessment

from .models import AccessEntry, ApiToken, EvidenceGrant
from .proposals import FIRST_GENERATION

TOKEN_START = "prb_"  # noqa: S105  the readable beginning of every token
TOKEN_PATTERN = rf"{TOKEN_START}[A-Za-z0-9_-]{{43}}"
PREFIX_LENGTH = 12  # TOKEN_START and eight characters; the 35 others stay secret


def digest_of(token: str) -> str:
    """Return what is stored of a token. A plain hash does: nobody guesses 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_token(row: ApiToken, *, by: User) -> str:
    """Save a new token (its name and agency are set) and return it: the only time anybody sees it."""
    token = TOKEN_START + secrets.token_urlsafe(32)
    row.prefix, row.digest = token[:PREFIX_LENGTH], digest_of(token)
    row.made_by, row.made_at = by, timezone.now()
    row.save(force_insert=True)
    return token


@transaction.atomic
def revoke_token(row: ApiToken, *, by: User) -> bool:
    """End a token for good; return False if it was already."""
    now = timezone.now()
    return bool(ApiToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now, revoked_by=by))


def note_use(token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())


@transaction.atomic
def revoke_links(assessment: Assessment, *, by: User) -> None:
    """Make every evidence link of a unit worthless, and send none, until new ones are given out."""
    grant = _locked_grant(assessment, by)
    if grant.revoked_at is None:
        grant.revoked_at = timezone.now()
        grant.generation += 1
        _save(grant, by)


@transaction.atomic
def renew_links(assessment: Assessment, *, by: User) -> None:
    """Let the ministry open a unit's evidence again, through new links alone."""
    grant = _locked_grant(assessment, by)
    if grant.revoked_at is not None:
        grant.revoked_at = None
        _save(grant, by)


def _locked_grant(assessment: Assessment, by: User) -> EvidenceGrant:
    fresh = {"generation": FIRST_GENERATION, "changed_by": by, "changed_at": timezone.now()}
    grant, _ = EvidenceGrant.objects.select_for_update().get_or_create(assessment=assessment, defaults=fresh)
    return grant


def _save(grant: EvidenceGrant, by: User) -> None:
    grant.changed_by, grant.changed_at = by, timezone.now()
    grant.save()


@dataclass(slots=True)
class Call:
    """What is known of a request by the time it is answered; the log has nothing else of it."""

    what: str = AccessEntry.What.OTHER
    token: ApiToken | None = None
    assessment: Assessment | None = None
    criterion: str = ""
    item: int | None = None
    is_counted: bool = True  # False: refused once more in the same minute; the log does not grow with a flood


def log_access(request: HttpRequest, call: Call, status: int) -> None:
    """Write down a request from outside. Neither its path nor its headers are kept: both can hold secrets."""
    if not call.is_counted:
        return
    AccessEntry.objects.create(
        at=timezone.now(), what=call.what, status=status, token=call.token, assessment=call.assessment,
        criterion=call.criterion, item=call.item, address=_address(request),
        agent=request.headers.get("User-Agent", "")[:200].replace("\0", ""),
    )  # fmt: skip


def _address(request: HttpRequest) -> str | None:
    found = client_ip(request)
    try:
        validate_ipv46_address(found)
    except ValidationError:
        return None
    return found
