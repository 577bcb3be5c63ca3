"""What the columns `Bukti dukung` and `Hasil pemeriksaan bukti` of `LKE ZI` say about a criterion. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..lke import EvidenceLine, Lke
from .blocks import EVIDENCE_WIDTH, VERDICT_WIDTH
from .styles import SIZE
from .text import line_count

MOST = 5  # titles in one cell; the sheet `Bukti dukung` has them all


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """The documents of one criterion; a cell holds one address: the document's, of several the criterion's."""

    titles: str
    url: str
    verdicts: str

    @property
    def lines(self) -> int:
        pairs = (self.titles, EVIDENCE_WIDTH), (self.verdicts, VERDICT_WIDTH)
        return max(line_count(text, width, SIZE) for text, width in pairs)


def evidence_by_criterion(lke: Lke) -> dict[str, CellEvidence]:
    """Return what the cells say, by criterion; {} where no evidence was asked for."""
    found: dict[str, list[EvidenceLine]] = {}
    for line in lke.evidence or ():
        found.setdefault(line.criterion, []).append(line)
    return {code: _cell(lines) for code, lines in found.items()}


def _cell(lines: Sequence[EvidenceLine]) -> CellEvidence:
    if len(lines) == 1:
        titles, url = lines[0].title, lines[0].url
    else:
        shown = [f"{place}. {line.title}" for place, line in enumerate(lines[:MOST], start=1)]
        rest = len(lines) - MOST
        more = [f"… dan {rest} dokumen lain pada lembar Bukti dukung"] if rest > 0 else []
        titles, url = "\n".join([*shown, *more]), lines[0].criterion_url
    counted = Counter((verdict.who, verdict.label) for line in lines for verdict in line.verdicts)
    return CellEvidence(titles, url, "\n".join(_counted(who, label, n) for (who, label), n in counted.items()))


def _counted(who: str, label: str, number: int) -> str:
    text = f"{who}: {label}" if who else label
    return f"{text} ({number})" if number > 1 else text
