"""What a person says about an import: where unclear rows belong, what is not to be changed, what they saw."""

import re
from collections.abc import Mapping
from typing import Any

from assessment.worksheet import PCT, Worksheet

from .previewing import Preview

UNKNOWN = "Tidak ada kriteria atau jumlah dengan kode ini."
TAKEN = "Untuk {code} sudah ada baris {row} di berkas ini."
TWICE = "Dua baris tidak dapat diisikan ke {code}."
OF_COUNTS = "{code} dihitung dari jumlahnya. Pilih salah satu jumlahnya."
_VERSION = re.compile(r"[0-9]{1,9}")


class DecisionForm:
    """Reads `baris-<row>` of each unclear row, `versi-<code>` of each change on the page, `pakai` of those wanted.

    Written by hand like the worksheet's forms: hundreds of fields of three kinds. `choices` are codes by row ("" for
    left out), `skipped` the criteria not to be changed, `seen` the versions by criterion; `errors` are by row.
    """

    def __init__(self, preview: Preview, data: Any) -> None:
        self.worksheet: Worksheet = preview.worksheet
        self.typed = {d.row: data.get(f"baris-{d.row}", "").replace("\0", "").strip()[:40] for d in preview.doubts}
        self.seen = {
            code: int(text) for code in self.worksheet.criteria
            if _VERSION.fullmatch(text := data.get(f"versi-{code}", ""))
        }  # fmt: skip
        wanted = set(data.getlist("pakai"))
        on_page = {code for code in self.worksheet.criteria if f"versi-{code}" in data}
        self.skipped = frozenset(on_page - wanted)
        self.seen = {code: version for code, version in self.seen.items() if code in wanted}
        self.errors: dict[int, str] = {}
        self.choices: dict[int, str] = {}
        self._read(preview)

    def is_valid(self) -> bool:
        return not self.errors

    def _read(self, preview: Preview) -> None:
        own = {d.row for d in preview.doubts}
        rows = {row.number: row for row in preview.read.rows}
        taken = {code: row for row, code in preview.where.items() if row not in own and rows[row].brings}
        used: set[str] = set()
        for row, code in self.typed.items():
            problem = self._problem(code, taken, used, answers=not rows[row].answer.is_blank) if code else ""
            if problem:
                self.errors[row] = problem
            else:
                self.choices[row] = code
                used.add(code)

    def _problem(self, code: str, taken: Mapping[str, int], used: set[str], *, answers: bool) -> str:
        criterion = self.worksheet.criteria.get(code)
        if criterion is None and code not in self._counts():
            return UNKNOWN
        if criterion is not None and criterion.answer_type == PCT and answers:
            return OF_COUNTS.format(code=code)
        if code in taken:
            return TAKEN.format(code=code, row=taken[code])
        if code in used:
            return TWICE.format(code=code)
        return ""

    def _counts(self) -> set[str]:
        return {q.code for c in self.worksheet.criteria.values() for q in c.quantities}
