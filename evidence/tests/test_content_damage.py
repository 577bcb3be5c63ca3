"""Whatever the bytes, the answer is a kind or a refusal, in bounded memory."""

import io
import random
import tracemalloc
from pathlib import Path

import pytest

from evidence import pdf
from evidence.content import KINDS, Refused, identify
from evidence.content.refusals import REASONS
from evidence.content.source import Source

from . import samples


class Shrinking(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size)[:-1]


@pytest.mark.parametrize(("file", "place"), [(io.BytesIO(b"abc"), (1, 3)), (Shrinking(b"abc"), (0, 3))])
def test_reading_beyond_the_end_is_damage(file: io.BytesIO, place: tuple[int, int]) -> None:
    with pytest.raises(Refused) as caught:
        Source(file).read(*place)
    assert caught.value.code == "damaged"


@pytest.mark.parametrize(("name", "head"), [("a.mp4", samples.GOOD["mp4"]), ("a.pdf", b"%PDF-1.7\n"), ("a.txt", b" ")])
def test_large_file_is_not_held_in_memory(tmp_path: Path, name: str, head: bytes) -> None:
    with (tmp_path / name).open("w+b") as file:
        file.write(head)
        file.truncate(120 * 1024 * 1024)
        tracemalloc.start()
        with pytest.raises(Refused):
            identify(file, name)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024


@pytest.mark.parametrize("key", [key for key in KINDS if key != "pdf"])
def test_damaged_bytes_never_crash(key: str) -> None:
    chance = random.Random(key)
    name = f"a{KINDS[key].extensions[0]}"
    for _ in range(150):
        assert taken_or_refused(mutated(samples.GOOD[key], chance), name)


def test_damaged_pdf_never_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = pdf.Facts(1, needs_password=False, javascript=False, attachments=0, launches=False, rich_media=False)
    monkeypatch.setattr(pdf, "inspect_file", lambda _: facts)  # a process each takes too long: test_pdf
    chance = random.Random("pdf")
    for _ in range(150):
        assert taken_or_refused(mutated(samples.GOOD["pdf"], chance), "a.pdf")


def test_noise_never_crashes() -> None:
    chance = random.Random(2026)
    starts = [content[:size] for content in samples.GOOD.values() for size in (0, 4, 12, 40)]
    for start in starts:
        for _ in range(6):
            noise = chance.randbytes(chance.choice((1, 3, 21, 22, 30, 200, 2000)))
            assert taken_or_refused(start + noise, chance.choice(("a.pdf", "a.docx", "a.png", "a.txt", "a.mp4")))


def taken_or_refused(content: bytes, name: str) -> bool:
    try:
        return identify(io.BytesIO(content), name) in KINDS.values()
    except Refused as refusal:
        return refusal.code in REASONS


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return the content with bytes changed, cut out, doubled or replaced by extreme numbers."""
    out = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(out)), chance.choice((1, 2, 4, 8, 30))
        piece = out[at : at + length]
        out[at : at + length] = chance.choice(
            (chance.randbytes(len(piece)), b"\xff" * len(piece), bytes(len(piece)), b"", piece * 3)
        )
        if not out:
            return b"\x00"
    return bytes(out)
