"""What a person says about the files of an import: the criterion of each, or none."""

from typing import Any

from assessment.worksheet import Worksheet

from ..models import ImportItem

UNKNOWN = "Tidak ada kriteria dengan kode ini. Pilih dari daftar, misalnya A.I.1.i.a."
OTHER_AREA = "Kriteria ini bukan bagian Anda."


class ChoicesForm:
    """Reads `kode-<item>` and `lewati-<item>` of every item that can be attached.

    Written by hand like the worksheet's forms: hundreds of rows of two fields each. `choices` are the criteria by
    item, `typed` what stood in the fields, `errors` what is wrong, all by the item's key.
    """

    def __init__(self, worksheet: Worksheet, allowed: frozenset[str], items: list[ImportItem], data: Any) -> None:
        self.typed = {item.pk: data.get(f"kode-{item.pk}", "").replace("\0", "").strip()[:300] for item in items}
        self.skipped = {item.pk for item in items if f"lewati-{item.pk}" in data}
        self.errors: dict[int, str] = {}
        self.choices: dict[int, str] = {}
        by_code = {code.casefold(): code for code in worksheet.criteria}
        for pk, text in self.typed.items():
            if pk in self.skipped or not text:
                continue
            code = by_code.get(text.split()[0].casefold(), "")
            if not code:
                self.errors[pk] = UNKNOWN
            elif code not in allowed:
                self.errors[pk] = OTHER_AREA
            else:
                self.choices[pk] = code

    def is_valid(self) -> bool:
        return not self.errors
