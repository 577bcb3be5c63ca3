"""System checks: every instrument, on disk and in the database, adds up and can be answered."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import OperationalError, ProgrammingError, transaction

from .fixture_files import BrokenFixture, bundled_instruments

BROKEN_FILE = "assessment.E001"
BROKEN_BUNDLED = "assessment.E002"
BROKEN_IN_USE = "assessment.E003"
BROKEN_DRAFT = "assessment.W001"


@register(Tags.models)
def check_fixture_files(**kwargs: Any) -> list[CheckMessage]:
    """Report what is wrong with the instruments in the fixture files."""
    try:
        bundled = bundled_instruments()
    except BrokenFixture as error:
        return [Error(str(error), id=BROKEN_FILE)]
    return [Error(f"{'/'.join(map(str, b.key))}: {text}", id=BROKEN_BUNDLED) for b in bundled for text in b.problems]


@register(Tags.database)
def check_stored_instruments(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Report what is wrong with the instruments in the database.

    An error for one in use, whose scores cannot be trusted; a warning for a draft, which may be half-way through
    its correction and which no period accepts until it is whole.
    """
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            with transaction.atomic(using=alias):
                found += _stored_problems(alias)
        except (OperationalError, ProgrammingError):
            continue  # not migrated yet, or no server: both say so themselves
    return found


def _stored_problems(alias: str) -> list[CheckMessage]:
    from .instruments import problems_of  # models are not ready when the checks are registered
    from .models import Instrument

    found: list[CheckMessage] = []
    for instrument in Instrument.objects.using(alias).order_by("code", "version"):
        kind, check_id = (Error, BROKEN_IN_USE) if instrument.frozen else (Warning, BROKEN_DRAFT)
        texts = problems_of(instrument)
        found += [kind(f"{instrument.code}/{instrument.version}: {text}", id=check_id) for text in texts]
    return found
