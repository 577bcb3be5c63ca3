"""What an audit may find."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from django.db.models import Model, QuerySet

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)

BATCH = 200


class Problem(StrEnum):
    """What is wrong, in the words the command prints."""

    MISSING = "missing"
    DAMAGED = "damaged"
    HALF = "half a document"
    BROKEN = "broken history"
    MISPLACED = "misplaced"
    UNUSED = "unused"
    ORPHAN = "orphaned"
    STRANGE = "strange name"
    UPLOAD = "abandoned upload"
    IMPORT = "abandoned import"
    PREVIEW = "stale preview"


LOSSES = frozenset({Problem.MISSING, Problem.DAMAGED, Problem.HALF, Problem.BROKEN})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be; `details` name what it concerns."""

    problem: Problem
    subject: str
    details: tuple[str, ...] = ()
    is_mended: bool = False

    @property
    def is_loss(self) -> bool:
        """Say whether a person has to act: something that should be there is not, or is not what it was."""
        return self.problem in LOSSES


@dataclass(frozen=True, slots=True)
class Plan:
    """What an audit does: only look, or mend too; and what is too young to be judged."""

    repair: bool
    older_than: timedelta


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Cut a stream into lists."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


def rows(queryset: "QuerySet[Row]", size: int = BATCH) -> Iterator[Row]:
    """Yield rows by primary key, one query a batch: no cursor stays open while files are read and rows removed."""
    ordered, after = queryset.order_by("pk"), None
    while batch := list((ordered if after is None else ordered.filter(pk__gt=after))[:size]):
        yield from batch
        after = batch[-1].pk
