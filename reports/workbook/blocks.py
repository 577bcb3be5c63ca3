"""The columns of each stage on `LKE ZI`: the LKE's own from K on, the others as blocks to the right. Pure."""

from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from ..lke import Lke, Side
from .plan import ANSWER, LAST_COLUMN, NOTE, POINTS, PROVISIONAL, PROVISIONAL_SHARE, SHARE

BLOCK = 4  # columns of a further stage: answer, points, share, note
NOTE_WIDTH = 30.0
EVIDENCE_WIDTH, VERDICT_WIDTH = 38.0, 22.0


@dataclass(frozen=True, slots=True)
class Block:
    """Where a stage's columns are; `provisional` is 0 where the stage has no such columns."""

    side: Side
    answer: int = ANSWER
    points: int = POINTS
    share: int = SHARE
    note: int = NOTE
    provisional: int = PROVISIONAL
    provisional_share: int = PROVISIONAL_SHARE

    @property
    def is_main(self) -> bool:
        return bool(self.provisional)

    @property
    def k(self) -> str:
        """The letter of the column with answers."""
        return get_column_letter(self.answer)

    @property
    def l(self) -> str:  # noqa: E743
        """The letter of the column with points."""
        return get_column_letter(self.points)

    @property
    def o(self) -> str:
        """The letter of the column with provisional points."""
        return get_column_letter(self.provisional)

    @property
    def n(self) -> str:
        """The letter of the column with notes."""
        return get_column_letter(self.note)

    def heads(self) -> dict[int, str]:
        name = self.side.name
        if self.is_main:
            return {
                self.answer: f"Jawaban {name}", self.points: "Nilai", self.share: "%", self.note: "Catatan",
                self.provisional: "Nilai sementara", self.provisional_share: "% sementara",
            }  # fmt: skip
        return {
            self.answer: f"Jawaban {name}", self.points: f"Nilai {name}", self.share: f"% {name}",
            self.note: f"Catatan {name}",
        }  # fmt: skip

    def widths(self) -> dict[str, float]:
        """Return the widths of a further stage's columns."""
        widths = {self.answer: 12.5, self.points: 8.6, self.share: 9.8, self.note: NOTE_WIDTH}
        return {get_column_letter(column): width for column, width in widths.items()}


@dataclass(frozen=True, slots=True)
class Columns:
    """All that stands right of the worksheet's texts; `evidence` and `verdict` are 0 where there is none."""

    blocks: tuple[Block, ...]
    evidence: int = 0
    verdict: int = 0

    @property
    def main(self) -> Block:
        return self.blocks[0]

    @property
    def others(self) -> tuple[Block, ...]:
        return self.blocks[1:]

    @property
    def last_of_stages(self) -> int:
        return self.others[-1].note if self.others else LAST_COLUMN

    @property
    def last(self) -> int:
        return self.verdict or self.last_of_stages

    def heads(self) -> dict[int, str]:
        found = {column: head for block in self.blocks for column, head in block.heads().items()}
        if self.evidence:
            found |= {self.evidence: "Bukti dukung", self.verdict: "Hasil pemeriksaan bukti"}
        return found

    def widths(self) -> dict[str, float]:
        found = {letter: width for block in self.others for letter, width in block.widths().items()}
        if self.evidence:
            found[get_column_letter(self.evidence)] = EVIDENCE_WIDTH
            found[get_column_letter(self.verdict)] = VERDICT_WIDTH
        return found


def columns_of(lke: Lke) -> Columns:
    """Lay out an LKE's stages and its evidence."""
    own, *others = lke.sides
    blocks = [Block(own)]
    for number, side in enumerate(others):
        first = LAST_COLUMN + 1 + number * BLOCK
        blocks.append(Block(side, first, first + 1, first + 2, first + 3, 0, 0))
    last = blocks[-1].note if others else LAST_COLUMN
    return Columns(tuple(blocks), *((last + 1, last + 2) if lke.evidence is not None else ()))
