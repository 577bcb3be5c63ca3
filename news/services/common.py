"""What the writes of this app share."""

from datetime import datetime
from typing import Any

from accounts.models import Unit, User

from ..models import Post, PublicEvent


class Stale(Exception):
    """Somebody else changed the row since the person saw it."""


def record(*, unit: Unit, kind: str, by: User | None, at: datetime, post: Post | None = None, **data: Any) -> None:
    """Append one event; call inside the transaction of what it tells of."""
    PublicEvent(unit=unit, post=post, kind=kind, actor=by, at=at, data=data).save()
