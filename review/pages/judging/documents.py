"""The documents of a criterion as they were submitted, with what this stage found in them."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from django.urls import reverse

from assessment import selectors
from assessment.models import Assessment
from assessment.worksheet import Criterion
from evidence import rows as evidence_rows
from evidence.beside import Preview, preview_of
from evidence.models import Attachment
from evidence.rows import AttachmentRow
from evidence.selectors import attachments_of

from ...models import Verdict
from .look import Asked, Bound
from .material import Material, said

DOUBTFUL = frozenset({Attachment.Verdict.PARTIAL, Attachment.Verdict.UNFIT})


@dataclass(slots=True)
class Document:
    """One attached document in the version that was submitted, with what this stage found in it."""

    row: AttachmentRow
    is_replaced: bool  # the unit has a newer version by now
    verdict: str
    reason: str
    seen: str  # revision of the verdict; "0" for none
    said: str  # who and when
    errors: dict[str, list[str]] = field(default_factory=dict)
    stored: str = ""  # what somebody else found meanwhile
    preview: Preview | None = None


def documents_of(
    assessment: Assessment, found: Material, codes: Collection[str], look: Asked, bound: Bound
) -> dict[str, list[Document]]:
    """Build the documents of some criteria as they were submitted: three queries."""
    attached = attachments_of(assessment, codes)
    given = Verdict.objects.filter(attachment__assessment=assessment, stage=found.stage).select_related("by")
    verdicts = {v.attachment_id: v for v in given}
    made: dict[str, list[Document]] = {}
    for code, attachments in attached.items():
        criterion = found.result.worksheet.criteria[code]
        made[code] = [_document(assessment, criterion, a, verdicts.get(a.pk), look, bound) for a in attachments]
    return made


def _document(
    assessment: Assessment, criterion: Criterion, attachment: Attachment, verdict: Verdict | None, look: Asked,
    bound: Bound,
) -> Document:  # fmt: skip
    pinned = [pin.version for pin in attachment.pins.all()]
    is_replaced = bool(pinned) and pinned[-1].pk != attachment.document.current_id
    if pinned:
        attachment.document.current = pinned[-1]  # on this page only: reviewers judge what was submitted
    row = evidence_rows.attachment_row(assessment, criterion, attachment)
    row = replace(row, view_url=_view_url(assessment, criterion, attachment, look))
    is_bound = bound.attachment == row.id and bound.verdict is not None
    made = Document(
        row=row,
        is_replaced=is_replaced,
        verdict=verdict.verdict if verdict else "",
        reason=verdict.reason if verdict else "",
        seen=str(verdict.revision if verdict else 0),
        said=said(verdict.by, verdict.at) if verdict else "",
    )
    if is_bound and bound.verdict is not None:
        made.verdict, made.reason = bound.verdict.data.get("verdict", ""), bound.verdict.data.get("reason", "")
        errors = bound.verdict.errors.items()
        made.errors = {"whole" if name == "__all__" else name: [str(e) for e in found] for name, found in errors}
        if bound.stored:
            made.stored = f"{bound.stored.get_verdict_display()} – {said(bound.stored.by, bound.stored.at)}"
    if row.id == look.shown:
        made.preview = preview_of(attachment, row, look.leaf)
    return made


def _view_url(assessment: Assessment, criterion: Criterion, attachment: Attachment, look: Asked) -> str:
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    where = [assessment.period.year, assessment.unit.code, worksheet.page_of[criterion.code]]
    saring = f"saring={look.wanted}&" if look.wanted else ""
    return f"{reverse('review:judge-page', args=where)}?{saring}lihat={attachment.pk}"
