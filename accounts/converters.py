"""What may stand in an address: anything else is no address of the portal, so no query ever sees it."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class YearConverter(StringConverter):
    """A year of four digits; views get an int."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:  # type: ignore[override]
        return int(value)


class UnitCodeConverter(StringConverter):
    """A unit's code, as `Unit.code` allows it."""

    regex = r"[A-Z0-9][A-Z0-9._-]{0,29}"


class PlaceConverter(StringConverter):
    """The code of a node or criterion: A.II.5.iii.i.a."""

    regex = r"[A-Za-z0-9.]{1,30}"


class CountConverter(StringConverter):
    """A number from 1 up that any database can hold; views get an int."""

    regex = "[1-9][0-9]{0,5}"

    def to_python(self, value: str) -> int:  # type: ignore[override]
        return int(value)


def register() -> None:
    """Make the converters known under the names `year`, `unit`, `place` and `count`."""
    register_converter(CountConverter, "count")
    register_converter(YearConverter, "year")
    register_converter(UnitCodeConverter, "unit")
    register_converter(PlaceConverter, "place")
