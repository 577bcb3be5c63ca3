"""Every write of an import: keeping what was read, a person's choices, and all its answers and links at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessment import access, selectors
from assessment import services as assessment_services
from assessment.models import Assessment
from assessment.services import Outcome
from evidence.models import Document
from evidence.services.attachments import Link, attach
from evidence.services.documents import Content, Description, add_document
from evidence.services.library import lock_library

from .comparing import Line
from .models import LkeImport
from .package import Unusable
from .placing import Placing, place, placing_from
from .previewing import CLOSED, Preview, preview_of
from .reading import Read, read_from, read_workbook
from .targets import targets_of

KEPT_DAYS = 7
FINISHED = "Impor ini sudah selesai atau kedaluwarsa; tidak ada yang diubah."
COMMAND_USER = "perintah-server"


class Changed(Exception):
    """The portal is not as it was when the person looked; `codes` are the criteria that differ. Nothing is written."""

    def __init__(self, codes: Collection[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import came to: criteria whose answer or note was saved, and links attached."""

    answers: int
    links: int


def read_file(assessment: Assessment, file: BinaryIO) -> tuple[Read, Placing]:
    """Read a workbook and place its rows. Raises Unusable."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    read = read_workbook(file, worksheet)
    return read, place(read, targets_of(worksheet))


def begin_import(*, assessment: Assessment, source: str, file: BinaryIO, by: User) -> LkeImport:
    """Keep what a workbook says until somebody decides; raises ValidationError if it is unusable or not the time."""
    if not access.is_open_for_unit(assessment):
        raise ValidationError(CLOSED, code="closed")
    try:
        read, placing = read_file(assessment, file)
    except Unusable as error:
        raise ValidationError(str(error), code="unusable") from error
    now = timezone.now()
    forget_expired()
    return LkeImport.objects.create(
        assessment=assessment, source=source[:150], by=by, content=read.as_json(), placing=placing.as_json(),
        expires_at=now + timedelta(days=KEPT_DAYS),
    )  # fmt: skip


def preview_import(
    pending: LkeImport, assessment: Assessment, *, allowed: Mapping[str, str], hosts: Iterable[str] = ()
) -> Preview:
    """Hold an open import against the assessment as it is now."""
    choices = {int(row): code for row, code in pending.choices.items()}
    return preview_of(
        assessment, read_from(pending.content), placing_from(pending.placing), allowed=allowed, choices=choices,
        skipped=pending.skipped, hosts=hosts,
    )  # fmt: skip


@transaction.atomic
def choose(*, pending: LkeImport, choices: Mapping[int, str], skipped: Collection[str]) -> None:
    """Keep a person's placings and what is not to be changed. Raises ValidationError if the import is over."""
    row = _locked(pending)
    row.choices = {str(number): code for number, code in choices.items()}
    row.skipped = sorted(skipped)
    row.save(update_fields=["choices", "skipped"])


@transaction.atomic
def apply_import(
    *,
    pending: LkeImport,
    seen: Mapping[str, int],
    skipped: Collection[str],
    allowed: Mapping[str, str],
    by: User,
    hosts: Iterable[str] = (),
) -> Applied:
    """Write all that the person saw and agreed to, or nothing.

    `seen` are the versions of the answers on the page, by criterion, without the `skipped` ones. Raises Changed if
    anything would be written that was not seen so, ValidationError if the import is over or the assessment closed.
    """
    lock_library(pending.assessment.unit)  # before the assessment, as everywhere
    row = _locked(pending)
    assessment = assessment_services.lock(row.assessment)
    if not access.is_open_for_unit(assessment):
        raise ValidationError(CLOSED, code="closed")
    row.skipped = list(skipped)
    preview = preview_import(row, assessment, allowed=allowed, hosts=hosts)
    differing = _differing(preview, seen)
    if differing:
        raise Changed(differing)
    applied = write_lines(assessment=assessment, lines=preview.writing, by=by)
    _close(row, LkeImport.State.APPLIED)
    return applied


@transaction.atomic
def write_lines(*, assessment: Assessment, lines: Collection[Line], by: User) -> Applied:
    """Write answers, notes and links of a comparison. Raises Changed or ValidationError; then nothing is written."""
    lock_library(assessment.unit)
    entries = [line.entry for line in lines if line.entry is not None]
    if entries:
        recorded = assessment_services.record_answers(assessment=assessment, entries=entries, by=by)
        conflicts = [code for code, outcome in recorded.outcomes.items() if outcome == Outcome.CONFLICT]
        if conflicts:
            raise Changed(conflicts)
    links = [
        Link(line.code, _document(assessment, address.url, address.title, by))
        for line in lines for address in line.new_links
    ]  # fmt: skip
    made = attach(assessment=assessment, links=links, by=by) if links else []
    return Applied(len(entries), len(made))


@transaction.atomic
def discard_import(*, pending: LkeImport) -> bool:
    """Give an import up; say whether it was open."""
    row = LkeImport.objects.select_for_update().get(pk=pending.pk)
    if not row.is_open:
        return False
    _close(row, LkeImport.State.DISCARDED)
    return True


def forget_expired() -> int:
    """Empty the imports that nobody decided on in time; return how many."""
    old = LkeImport.objects.filter(state=LkeImport.State.READY, expires_at__lte=timezone.now())
    return old.update(
        state=LkeImport.State.DISCARDED, finished_at=timezone.now(), content={}, placing={}, choices={}, skipped=[]
    )


def command_user() -> User:
    """Return who stands in the history for the server's own commands: an account that nobody can sign in to."""
    values = {"first_name": "Perintah server", "is_active": False, "password": "!"}
    return User.objects.get_or_create(username=COMMAND_USER, defaults=values)[0]


def _differing(preview: Preview, seen: Mapping[str, int]) -> list[str]:
    now = preview.seen
    return [c for c in preview.worksheet.criteria if now.get(c) != seen.get(c)]


def _document(assessment: Assessment, url: str, title: str, by: User) -> Document:
    about = Description(title, "", None, assessment.period.year)
    return add_document(unit=assessment.unit, content=Content(url=url), description=about, by=by)[0]


def _locked(pending: LkeImport) -> LkeImport:
    rows = LkeImport.objects.select_related("assessment__unit").select_for_update(of=("self",))
    row = rows.get(pk=pending.pk)
    if not row.is_open:
        raise ValidationError(FINISHED, code="finished")
    return row


def _close(row: LkeImport, state: str) -> None:
    row.state, row.finished_at = state, timezone.now()
    row.content, row.placing, row.choices, row.skipped = {}, {}, {}, []
    row.save(update_fields=["state", "finished_at", "content", "placing", "choices", "skipped"])
