"""How many requests an address or a token may make in a minute; counted in the database, which all workers share."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.db.models import F
from django.utils import timezone

from .models import AccessEntry, RateWindow

MINUTE = 60
KEEP_LOG = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether one more request is within the limit; `is_first_refusal` marks the one that went over it."""

    is_within: bool
    is_first_refusal: bool
    seconds_left: int  # until the next minute begins


def spend(key: str, limit: int) -> Allowance:
    """Count one request of `key` in this minute: one query in the usual case."""
    now = timezone.now()
    minute, second = divmod(int(now.timestamp()), MINUTE)
    # Each update is atomic by itself, so two workers never spend the same request. A later minute than ours was
    # begun by a worker whose clock is a little ahead.
    rows = RateWindow.objects.filter(key=key)
    left = rows.filter(minute__gte=minute, used__lt=limit)
    is_within = bool(
        left.update(used=F("used") + 1)
        or rows.filter(minute__lt=minute).update(minute=minute, used=1)
        or _began(key, minute, now)
        or left.update(used=F("used") + 1)  # somebody else began the minute just now
    )
    is_first = not is_within and bool(rows.filter(used=limit).update(used=limit + 1))
    return Allowance(is_within, is_first, MINUTE - second)


def _began(key: str, minute: int, now: datetime) -> bool:
    """Make the first row of a key, and clear away what nobody needs; False if there is one."""
    _, is_new = RateWindow.objects.get_or_create(key=key, defaults={"minute": minute, "used": 1})
    if is_new:
        RateWindow.objects.filter(minute__lt=minute - MINUTE).delete()
        AccessEntry.objects.filter(at__lt=now - KEEP_LOG).delete()
    return is_new


def address_key(address: str) -> str:
    """Return the key of a caller's address: of IPv6 the network, since one machine has 2⁶⁴ addresses there."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "address:?"
    if parsed.version == 6:
        return f"address:{parsed.exploded[:19]}"
    return f"address:{parsed}"
