"""The letter about the monitoring of a unit with a predicate (PermenPANRB 90/2021, Lampiran II, Bab IV). Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from .blocks import (
    DOTS,
    Block,
    Document,
    Facts,
    Items,
    Paragraph,
    Seal,
    Signatures,
    Table,
    clean,
    day,
    figure,
    letterhead,
)

STILL = "masih memenuhi"
NO_LONGER = "tidak lagi memenuhi"


def document(data: dict[str, Any]) -> Document:
    """Build the letter from its fixed data."""
    agency, unit = clean(data["agency"]), clean(data["unit"])
    blocks: tuple[Block, ...] = (
        *letterhead(data, agency),
        Paragraph(", ".join(filter(None, [clean(data["place"]) or DOTS, day(data["dated"])])), "right"),
        Facts((("Nomor", clean(data["number"])), ("Lampiran", "–"), ("Hal", clean(data["subject"])))),
        Paragraph("Kepada Yth.\n" + "\n".join(clean(line) for line in data["addressee"]) + "\ndi Jakarta"),
        *_body(data, agency, unit),
        Paragraph("Demikian kami sampaikan. Atas perhatian dan kerja sama Bapak/Ibu, kami ucapkan terima kasih."),
        Signatures((
            (clean(data["signatory_role"]), clean(data["signatory_name"]), clean(data["signatory_number"])),
        )),
        Seal(f"Surat ini dibuat di portal dengan nomor {clean(data['id'])}.", clean(data["digest"]),
             clean(data["receipt_url"])),
    )  # fmt: skip
    made = datetime.fromisoformat(data["dated"]).replace(tzinfo=UTC)
    return Document(f"Surat monev {unit}", blocks, is_letter=True, made_at=made)


def _body(data: dict[str, Any], agency: str, unit: str) -> Iterator[Block]:
    predicate = clean(data["predicate"])
    yield Paragraph(
        f"Sesuai Peraturan Menteri PANRB Nomor 90 Tahun 2021, unit kerja yang telah memperoleh predikat dipantau "
        f"paling sedikit sekali dalam dua tahun. {unit} pada {agency} memperoleh predikat {predicate} dengan "
        f"Keputusan nomor {clean(data['decree_number'])} tanggal {day(data['decree_date'])}."
    )
    outcome = STILL if data["fulfils"] else NO_LONGER
    yield Paragraph(
        f"Berdasarkan pemantauan dan evaluasi Tim Penilai Internal, kami menyimpulkan bahwa {unit} {outcome} kriteria "
        f"unit kerja berpredikat {predicate}, dengan keterangan sebagai berikut.", "strong"
    )  # fmt: skip
    yield from _scores(data["scores"])
    yield Paragraph("Catatan hasil pemantauan:")
    yield Items(tuple(clean(text) for text in data["notes"]))
    yield from _findings(data["findings"])
    yield Paragraph(f"Pemantauan berikutnya dilaksanakan paling lambat {day(data['due_on'])}.")


def _scores(scores: dict[str, Any]) -> Iterator[Block]:
    if not scores:
        yield Paragraph("Belum ada penilaian Tim Penilai Internal yang diputuskan di portal.")
        return
    yield Paragraph(
        f"Capaian nilai pada penilaian Tim Penilai Internal tahun {scores['year']} (salinan tetap "
        f"{clean(scores['digest'])[:16]}):"
    )
    rows = [(clean(part["title"]), figure(part["weight"]), figure(part["score"])) for part in scores["parts"]]
    total = ("Nilai total", "100,00", figure(scores["total"]))
    yield Table(("Komponen", "Bobot", "Nilai"), (*rows, total), frozenset({1, 2}), (60, 20, 20), frozenset({len(rows)}))


def _findings(findings: list[dict[str, str]]) -> Iterator[Block]:
    if not findings:
        yield Paragraph("Tidak ada catatan penilai yang masih terbuka.")
        return
    yield Paragraph("Catatan penilai yang belum selesai:")
    yield Table(
        ("Tahun", "Kriteria", "Catatan", "Tenggat", "Keadaan"),
        tuple(
            (f["year"], clean(f["code"]), clean(f["text"]), day(f["due"]) if f["due"] else "–", clean(f["state"]))
            for f in findings
        ),
        widths=(9, 14, 43, 17, 17),
    )
