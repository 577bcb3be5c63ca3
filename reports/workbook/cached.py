"""Put the values that formulas have now into a saved workbook.

openpyxl writes formulas without results, so whatever does not calculate (previews on a phone, readers of values)
would show empty cells. Excel recalculates anyway: the workbook asks for it when it is opened.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from .sheet import Cached

# A formula cell as openpyxl writes it, with or without lxml.
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f>[^<]*</f>)<v\s*(?:/>|></v>)</c>')


def with_values(saved: bytes, sheets: Sequence[Mapping[str, Cached]]) -> bytes:
    """Return the workbook with a value in every formula cell.

    `sheets` gives the values by coordinate, one mapping for each sheet in order. Raises ValueError if a formula was
    left without its value, which a change in how openpyxl writes would cause.
    """
    parts = {f"xl/worksheets/sheet{number}.xml": values for number, values in enumerate(sheets, start=1)}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename in parts:
                content = _filled(content.decode(), parts[item.filename]).encode()
            target.writestr(item, content)
    return out.getvalue()


def _filled(xml: str, values: Mapping[str, Cached]) -> str:
    def fill(match: re.Match[str]) -> str:
        coordinate, attributes, formula = match.groups()
        value = values[coordinate]
        if isinstance(value, str):
            return f'<c r="{coordinate}"{attributes} t="str">{formula}<v>{escape(value)}</v></c>'
        return f'<c r="{coordinate}"{attributes}>{formula}<v>{value!r}</v></c>'

    filled, count = _FORMULA.subn(fill, xml)
    if count != len(values) or xml.count("<f>") != count:
        raise ValueError(f"{count} of {len(values)} formulas got their value.")
    return filled
