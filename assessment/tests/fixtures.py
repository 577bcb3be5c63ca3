"""Fixtures about the instrument, for every app's tests."""

from collections.abc import Iterator

import pytest

from assessment import instruments, selectors
from assessment.models import Assessment, Instrument
from assessment.worksheet import Worksheet

_bundled: dict[str, str] = {}


@pytest.fixture(autouse=True)
def fresh_worksheets() -> Iterator[None]:
    """Forget cached worksheets: a rolled-back test leaves ids that mean something else in the next one.

    The bundled instrument, loaded once for the session, stays as it is: building it anew costs each test 50 ms.
    """
    yield
    selectors.forget_worksheets(keep=_bundled.get("hash", ""))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Load the instrument once; tests roll back to it."""
    with django_db_blocker.unblock():
        instruments.load_fixtures()
        _bundled["hash"] = selectors.worksheet_of(Instrument.objects.get(code="lke-zi")).content_hash


@pytest.fixture
def instrument(db: None) -> Instrument:
    """Return the bundled instrument; a transactional test before this one may have emptied the tables."""
    if not Instrument.objects.filter(code="lke-zi").exists():
        instruments.load_fixtures()
    return Instrument.objects.get(code="lke-zi", version=1)


@pytest.fixture
def worksheet(instrument: Instrument) -> Worksheet:
    return selectors.worksheet_of(instrument)


@pytest.fixture
def assessment(instrument: Instrument) -> Assessment:
    """Return a new, empty assessment of a new unit, as pages load it."""
    from .factories import opened

    return opened()
