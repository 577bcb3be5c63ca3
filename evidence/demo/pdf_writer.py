"""A small writer of PDFs: text, lines and tables on A4, in the fonts that every reader has. Pure.

The demo needs dozens of them at every first start; a layout engine would take minutes for that.
"""

import zlib
from collections.abc import Iterator, Sequence

WIDTH, HEIGHT = 595, 842  # points
LEFT, RIGHT, TOP, BOTTOM = 64, 531, 778, 72
LEADING = 1.35
BOLDER = 1.06  # Helvetica-Bold is about that much wider
# Helvetica, space to tilde, in thousandths of the size (Adobe's font metrics).
WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line is, in points."""
    thousandths = sum(WIDTHS[ord(c) - 32] if 32 <= ord(c) < 127 else 556 for c in text)
    return thousandths * size / 1000 * (BOLDER if bold else 1)


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> Iterator[str]:
    """Break a text into lines that fit."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".lstrip()
        if line and width_of(longer, size, bold=bold) > room:
            yield line
            longer = word
        line = longer
    yield line


class Paper:
    """A document that is written from top to bottom; pages begin by themselves."""

    def __init__(self, title: str, mark: str) -> None:
        self.title, self.mark = title, mark
        self.pages: list[list[str]] = []
        self.y = 0.0
        self.new_page()

    def new_page(self) -> None:
        """Begin a page with the mark across it and its number below."""
        self.pages.append([])
        self.y = TOP
        self._add(f"q 0.92 g BT /F2 96 Tf 0.71 0.71 -0.71 0.71 170 250 Tm ({_escaped(self.mark)}) Tj ET Q")
        foot = f"{self.mark}: bukan dokumen resmi. Halaman {len(self.pages)}"
        self._put(foot, LEFT, BOTTOM - 30, 8)

    def text(
        self,
        text: str,
        *,
        size: float = 11,
        bold: bool = False,
        align: str = "left",
        indent: float = 0,
        after: float = 4,
    ) -> None:
        """Write a paragraph: left, center, or from the middle of the page on (sign)."""
        start = {"sign": 330.0}.get(align, LEFT + indent)
        for line in wrapped(text, size, RIGHT - start, bold=bold):
            self._room(size * LEADING)
            self.y -= size * LEADING
            x = (WIDTH - width_of(line, size, bold=bold)) / 2 if align == "center" else start
            self._put(line, x, self.y, size, bold=bold)
        self.y -= after

    def rule(self) -> None:
        """Draw the double line below a letterhead."""
        self._add(f"2 w {LEFT} {self.y:.1f} m {RIGHT} {self.y:.1f} l S")
        self._add(f"0.5 w {LEFT} {self.y - 3:.1f} m {RIGHT} {self.y - 3:.1f} l S")
        self.y -= 16

    def table(self, rows: Sequence[Sequence[str]], shares: Sequence[float], size: float = 9) -> None:
        """Draw rows of cells, the first one as heading; `shares` divides the width."""
        wide = [(RIGHT - LEFT) * share / sum(shares) for share in shares]
        for number, row in enumerate(rows):
            bold = number == 0
            cells = [list(wrapped(cell, size, room - 8, bold=bold)) for cell, room in zip(row, wide, strict=True)]
            height = max(len(cell) for cell in cells) * size * LEADING + 6
            self._room(height)
            x = float(LEFT)
            for lines, room in zip(cells, wide, strict=True):
                self._add(f"0.5 w {x:.1f} {self.y - height:.1f} {room:.1f} {height:.1f} re S")
                for line_number, line in enumerate(lines, 1):
                    self._put(line, x + 4, self.y - line_number * size * LEADING, size, bold=bold)
                x += room
            self.y -= height
        self.y -= 10

    def to_bytes(self) -> bytes:
        """Return the file."""
        count = len(self.pages)
        kids = " ".join(f"{6 + 2 * place} 0 R" for place in range(count))
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
            f"<< /Title <feff{self.title.encode('utf-16-be').hex()}> /Producer (Portal ZI) >>".encode(),
        ]
        for place, commands in enumerate(self.pages):
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {7 + 2 * place} 0 R "
                "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
            )
            drawn = zlib.compress("\n".join(commands).encode("cp1252", "replace"), 9)
            objects.append(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        return _file(objects)

    def _room(self, height: float) -> None:
        if self.y - height < BOTTOM:
            self.new_page()

    def _put(self, text: str, x: float, y: float, size: float, *, bold: bool = False) -> None:
        self._add(f"BT /F{2 if bold else 1} {size} Tf {x:.1f} {y:.1f} Td ({_escaped(text)}) Tj ET")

    def _add(self, command: str) -> None:
        self.pages[-1].append(command)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: Sequence[bytes]) -> bytes:
    made, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(made), len(objects) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n" % size
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(made)
