"""The bundled worksheet without a database."""

from functools import cache

from assessment.fixture_files import newest_bundled
from assessment.instrument_read import worksheet_of_rows
from assessment.worksheet import Worksheet


@cache
def bundled_worksheet() -> Worksheet:
    return worksheet_of_rows(newest_bundled().rows)[0]
