"""What the checklist of conditions for being proposed shows, as plain strings."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from accounts.models import User
from assessment.models import Assessment, ProposalCondition
from evidence import rows as evidence_rows
from evidence.models import Attachment, Document
from evidence.rows import DocumentRow

from ..access import ReviewMay
from ..conditions import Held, held_of, pickable_for
from ..forms.submission import ConditionForm, ConditionPickForm
from ..models import ConditionAnswer
from ..obstacles import may_be_proposed_early

PICK_SIZE = 10
SCOPES = {
    ProposalCondition.Scope.AGENCY: "Tingkat instansi",
    ProposalCondition.Scope.UNIT: "Tingkat unit",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What the address of the page asks for: beside which condition to pick, what to search, which page of it."""

    key: str = ""
    search: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """A form that comes back: refused, or overtaken by somebody else's change."""

    key: str = ""
    form: ConditionForm | None = None
    pick: ConditionPickForm | None = None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored now, while a person typed something else."""

    met: str
    note: str
    version: str
    changed: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One document beside a condition."""

    id: str
    document: DocumentRow
    by: str


@dataclass(frozen=True, slots=True)
class Picking:
    """The documents to choose from."""

    search: str
    page: "Page[Document]"
    rows: list[DocumentRow]
    chosen: Collection[str]
    errors: list[str]


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition with what the unit says about it, or with the form that came back."""

    key: str
    text: str
    state: str  # what is stored, as a value and in words
    state_label: str
    met: str  # what the form shows
    note: str
    version: str
    changed: str
    papers: list[PaperRow]
    problems: list[str]
    note_problems: list[str]
    stored: Stored | None
    picking: Picking | None


def looked(params: QueryDict) -> Look:
    def line(name: str) -> str:
        return params.get(name, "").replace("\0", "").strip()[:100]  # PostgreSQL takes no NUL

    return Look(line("syarat"), line("cari"), line("hal"))


def conditions(assessment: Assessment, may: ReviewMay, user: User, look: Look, bound: Bound) -> dict[str, Any]:
    """Build the checklist: three queries, three more with documents to pick from."""
    held = held_of(assessment)
    rows = [(h.condition.scope, _row(assessment, may, user, h, look, bound)) for h in held]
    met = sum(h.met == ConditionAnswer.Met.YES for h in held)
    return {
        "assessment": assessment,
        "may": may,
        "groups": [
            (name, [row for scope, row in rows if scope == wanted])
            for wanted, name in SCOPES.items()
            if any(scope == wanted for scope, _ in rows)
        ],
        "choices": [(str(value), str(label)) for value, label in ConditionAnswer.Met.choices],
        "met": str(met),
        "all": str(len(held)),
        "is_complete": met == len(held),
        "is_early": may_be_proposed_early(assessment),
        "affirmative": assessment.unit.get_affirmative_display(),
    }


def _row(
    assessment: Assessment, may: ReviewMay, user: User, held: Held, look: Look, bound: Bound
) -> ConditionRow:  # fmt: skip
    condition, answer = held.condition, held.answer
    form = bound.form if bound.key == condition.key else None
    is_picking = may.tick and condition.key in {look.key, bound.key if bound.pick else ""}
    return ConditionRow(
        key=condition.key,
        text=condition.text,
        state=held.met,
        state_label=str(ConditionAnswer.Met(held.met).label),
        met=str(form.data.get("met", "")) if form else held.met,
        note=str(form.data.get("note", "")) if form else (answer.note if answer else ""),
        # Of a form that comes back what the person saw: saving again must not win by itself.
        version=str(form.data.get("version", "")) if form else str(answer.version if answer else 0),
        changed=_changed(answer),
        papers=[_paper(a) for a in held.attachments],
        problems=[str(m) for name in ("met", "version", "__all__") for m in form.errors.get(name, [])] if form else [],
        note_problems=[str(m) for m in form.errors.get("note", [])] if form else [],
        stored=_stored(held) if form and bound.is_stale else None,
        picking=_picking(user, assessment, condition, look, bound) if is_picking else None,
    )


def _changed(answer: ConditionAnswer | None) -> str:
    return f"{answer.changed_by}, {evidence_rows.moment(answer.changed_at)}" if answer else ""


def _stored(held: Held) -> Stored:
    answer = held.answer
    label = str(ConditionAnswer.Met(held.met).label)
    return Stored(label, answer.note if answer else "", str(answer.version if answer else 0), _changed(answer))


def _paper(attachment: Attachment) -> PaperRow:
    by = f"{attachment.attached_by}, {evidence_rows.moment(attachment.attached_at)}"
    return PaperRow(str(attachment.pk), evidence_rows.document_row(attachment.document), by)


def _picking(
    user: User, assessment: Assessment, condition: ProposalCondition, look: Look, bound: Bound
) -> Picking:  # fmt: skip
    pick = bound.pick if bound.key == condition.key else None
    search = look.search if look.key == condition.key else ""
    found: Page[Document] = Paginator(pickable_for(user, assessment, condition, search), PICK_SIZE).get_page(look.page)
    return Picking(
        search,
        found,
        [evidence_rows.document_row(document) for document in found.object_list],
        pick.chosen if pick else frozenset(),
        [str(message) for message in pick.errors.get("documents", [])] if pick else [],
    )
