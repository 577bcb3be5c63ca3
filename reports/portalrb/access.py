"""Who may read what: the ministry by token or by link, the agency's admins by their role."""

import hmac
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.http import client_ip
from accounts.models import Role, Unit, User
from assessment.models import Assessment
from review.access import require_agency_admin

from . import links, rates
from .copies import Decided, decided_of
from .errors import ApiError
from .models import ApiToken
from .proposals import generation_of, open_period, proposed_in, proposing_period
from .services import PREFIX_LENGTH, TOKEN_PATTERN, Call, digest_of, note_use

BEARER = re.compile(rf"bearer +({TOKEN_PATTERN}) *", re.IGNORECASE)


def limit_address(request: HttpRequest, call: Call) -> rates.Allowance:
    """Count the request for the address it comes from."""
    key = rates.address_key(client_ip(request))
    return _noted(call, rates.spend(key, settings.PORTALRB_ADDRESS_PER_MINUTE))


def _noted(call: Call, allowance: rates.Allowance) -> rates.Allowance:
    call.is_counted = allowance.is_within or allowance.is_first_refusal
    return allowance


def require_token(request: HttpRequest, call: Call) -> ApiToken:
    """Return the token of a GET; raise ApiError for any other method, none that is valid, or one used too often."""
    _require(limit_address(request, call))
    if request.method not in {"GET", "HEAD"}:
        raise ApiError(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})
    found = find_token(request.headers.get("Authorization", ""))
    call.token = found
    if found is None or found.is_revoked:
        raise ApiError(HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    _require(_noted(call, rates.spend(f"token:{found.pk}", settings.PORTALRB_TOKEN_PER_MINUTE)))
    note_use(found)
    return found


def _require(allowance: rates.Allowance) -> None:
    if not allowance.is_within:
        raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(allowance.seconds_left)})


def find_token(authorization: str) -> ApiToken | None:
    """Return the token of an Authorization header, revoked or not: one query.

    The secret part is compared in constant time, and only hashes are.
    """
    match = BEARER.fullmatch(authorization)
    if match is None:
        return None
    token = match[1]
    digest, found = digest_of(token), None
    for row in ApiToken.objects.select_related("agency").filter(prefix=token[:PREFIX_LENGTH]):
        if hmac.compare_digest(row.digest, digest):
            found = row
    return found


@dataclass(frozen=True, slots=True)
class Opened:
    """What a valid link opens: one criterion's documents, as the unit's decided copy names them."""

    assessment: Assessment
    decided: Decided
    code: str

    @property
    def items(self) -> list[dict[str, Any]]:
        return self.decided.evidence(self.code)


def open_link(text: str, call: Call) -> Opened | None:
    """Return what a signed link opens now; None if it is not ours, over, revoked, or of a unit not proposed.

    Four queries. `call` learns which unit it is about as soon as the signature is found right.
    """
    place = links.place_of(text)
    if place is None:
        return None
    row = Assessment.objects.filter(pk=place.assessment).first()
    call.assessment, call.criterion = row, place.code if row else ""
    period = open_period()
    found = proposed_in(period).filter(pk=place.assessment).first() if period else None
    if found is None or generation_of(found) != place.generation:
        return None
    decided = decided_of([found]).get(found.pk)
    if decided is None or not decided.is_intact:
        return None
    opened = Opened(found, decided, place.code)
    return opened if opened.items else None


def get_proposed(user: User, code: str) -> Assessment:
    """Return a unit that is proposed in the marked period, to an admin of its agency: three queries.

    403 for anybody else; 404 for a unit that is not proposed or of another agency.
    """
    require_agency_admin(user)
    period = proposing_period()
    if period is None:
        raise Http404
    rows = proposed_in(period).filter(pk__in=Assessment.objects.visible_to(user))
    return get_object_or_404(rows, unit__code=code)


def agencies_of(user: User) -> QuerySet[Unit]:
    """Return the agencies that somebody administers."""
    return Unit.objects.filter(memberships__user=user, memberships__role=Role.ADMIN, parent=None)
