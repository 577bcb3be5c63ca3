"""What takes more than one service: adding and attaching at once, describing a document where it is attached."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Unit, User
from assessment.models import Assessment

from ..content import title_of, year_of
from ..models import Attachment, Document
from ..uploads import Upload
from .attachments import Link, attach, change_attachment
from .documents import Content, Description, add_document, describe
from .receive import receive

NAME_SHOWN = 80
TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file or link: where it is now, or why it was refused."""

    name: str
    document: Document | None = None
    attachment: Attachment | None = None  # the new one; None if the document was attached already
    is_new: bool = False  # False: the unit had a document with this content
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a person says about one attached document, and the revisions that the person saw."""

    description: Description
    expected: int  # place from 1; 0 for none
    page_ref: str
    revision: int
    document_revision: int


def add_upload(*, upload: Upload, unit: Unit, year: int, by: User) -> tuple[Document, bool]:
    """Check and store one upload as a document of the unit; say whether it is new.

    Title and year come from the file's name, the year else from `year`. Raises ValidationError with the reason.
    """
    if upload.incoming is None:
        raise ValidationError(upload.refusal, code="refused")
    received = receive(upload.incoming, upload.name)
    name = received.file_name
    description = Description(title_of(name)[:TITLE_LENGTH], "", None, year_of(name) or year)
    return add_document(unit=unit, content=Content(file=received), description=description, by=by)


def attach_uploads(*, assessment: Assessment, code: str, uploads: Iterable[Upload], by: User) -> list[Taken]:
    """Add each upload to the unit's documents and attach it; one that is refused does not stop the others."""
    return [_attach_upload(assessment, code, upload, by) for upload in uploads]


def attach_link(*, assessment: Assessment, code: str, url: str, description: Description, by: User) -> Taken:
    """Add an address to the unit's documents and attach it. Raises ValidationError if the assessment is not open."""
    content = Content(url=url)
    with transaction.atomic():
        document, is_new = add_document(unit=assessment.unit, content=content, description=description, by=by)
        made = attach(assessment=assessment, links=[Link(code, document)], by=by)
    return Taken(description.title, document, made[0] if made else None, is_new)


@transaction.atomic
def change_evidence(*, assessment: Assessment, attachment: Attachment, change: Change, by: User) -> None:
    """Describe an attached document and say what it proves here.

    Raises Stale, and changes nothing, unless both revisions are the stored ones.
    """
    revision = change.document_revision
    describe(document=attachment.document, description=change.description, revision=revision, by=by)
    change_attachment(
        assessment=assessment, attachment=attachment, expected=change.expected, page_ref=change.page_ref,
        revision=change.revision, by=by,
    )  # fmt: skip


def _attach_upload(assessment: Assessment, code: str, upload: Upload, by: User) -> Taken:
    name = shown_name(upload.name)
    try:
        document, is_new = add_upload(upload=upload, unit=assessment.unit, year=assessment.period.year, by=by)
        made = attach(assessment=assessment, links=[Link(code, document)], by=by)
    except ValidationError as error:
        return Taken(name, problem=" ".join(error.messages))
    return Taken(name, document, made[0] if made else None, is_new)


def shown_name(name: str) -> str:
    """Return a name from outside fit to be shown: no control or direction characters, not too long."""
    plain = "".join(c for c in name if c.isprintable()).strip()
    if len(plain) > NAME_SHOWN:
        plain = f"{plain[: NAME_SHOWN // 2]}…{plain[-NAME_SHOWN // 3 :]}"
    return plain or "(tanpa nama)"
