"""Reads about fixed copies: which somebody may see, and whether one still is what it was."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.shortcuts import get_object_or_404

from assessment import history
from assessment.models import Assessment, Event, Snapshot
from evidence.models import DocumentVersion

from .access import ReviewMay
from .services.snapshots import is_intact


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found when a fixed copy was checked just now."""

    is_intact: bool  # the content still has the digest
    event: Event | None  # the entry of the history that names the copy
    is_carried: bool  # that entry is whole and carries the same digest
    lost: tuple[dict[str, Any], ...]  # evidence whose version is gone or another one

    @property
    def is_whole(self) -> bool:
        return self.is_intact and self.is_carried and not self.lost


def copies_of(assessment: Assessment, may: ReviewMay) -> list[Snapshot]:
    """Return the fixed copies that somebody may see, the newest first, with `total` as text: one query."""
    rows = assessment.snapshots.filter(stage__in=may.base.sees).select_related("by").defer("data")
    return list(rows.annotate(total=KeyTextTransform("total", KeyTransform("scores", "data"))).order_by("-at"))


def get_copy(assessment: Assessment, may: ReviewMay, pk: UUID) -> Snapshot:
    """Return a fixed copy of a stage that somebody may see: one query, 404 for any other."""
    found: Snapshot = get_object_or_404(
        assessment.snapshots.select_related("by").filter(stage__in=may.base.sees), pk=pk
    )
    return found


def proof_of(assessment: Assessment, copy: Snapshot) -> Proof:
    """Check a fixed copy against its digest, the history and the documents' versions: two queries.

    The files themselves are not read; `evidence_audit` does that.
    """
    event = assessment.events.filter(kind=Event.Kind.MOVED, data__snapshot=str(copy.pk)).first()
    return Proof(is_intact(copy), event, _is_carried(assessment, event, copy), _lost(copy))


def _is_carried(assessment: Assessment, event: Event | None, copy: Snapshot) -> bool:
    if event is None or event.data.get("digest") != copy.digest:
        return False
    return event.digest == history.digest(event.previous, history.fields_of(assessment.pk, event))


def _lost(copy: Snapshot) -> tuple[dict[str, Any], ...]:
    named = copy.data.get("evidence", [])
    rows = DocumentVersion.objects.filter(document__in={item["document"] for item in named})
    there = {
        (str(document), number): (sha256 or "", url)
        for document, number, sha256, url in rows.values_list("document", "number", "blob_id", "url")
    }
    return tuple(i for i in named if there.get((i["document"], i["version"])) != (i["sha256"], i["url"]))
