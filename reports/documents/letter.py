"""The letter by which the agency's head proposes units to TPN (PermenPANRB 5/2024, Gambar 6). Pure."""

from datetime import UTC, datetime
from typing import Any

from .blocks import DOTS, Document, Facts, Items, Paragraph, Seal, Signatures, Table, clean, day, figure, letterhead

NAMES = {"WBK": "Menuju WBK", "WBBM": "Menuju WBBM"}


def document(data: dict[str, Any]) -> Document:
    """Build the letter from a proposal's frozen list."""
    units = data["units"]
    basis = "; ".join(clean(text) for text in data["legal_basis"])
    agency = clean(data["agency"])
    rows = tuple(
        (str(n), clean(u["unit"]), NAMES.get(u["predicate"], clean(u["predicate"])), figure(u["total"]),
         clean(u["affirmative"]) or "–")
        for n, u in enumerate(units, 1)
    )  # fmt: skip
    copies = tuple(clean(text) for text in data["copies"])
    blocks = (
        *letterhead(data, agency),
        Paragraph(", ".join(filter(None, [clean(data["place"]) or DOTS, day(data["dated"])])), "right"),
        Facts((("Nomor", clean(data["number"]) or DOTS), ("Lampiran", "–"), ("Hal", clean(data["subject"])))),
        Paragraph("Kepada Yth.\n" + "\n".join(clean(line) for line in data["addressee"]) + "\ndi Jakarta"),
        Paragraph(
            f"Dalam rangka pelaksanaan {basis}, {agency} telah membangun Zona Integritas pada unit kerjanya. "
            f"Berdasarkan laporan hasil evaluasi Tim Penilai Internal tahun {data['year']}, kami mengusulkan "
            f"{len(units)} unit kerja berikut sebagai calon unit kerja berpredikat Menuju Wilayah Bebas dari "
            "Korupsi dan/atau Wilayah Birokrasi Bersih dan Melayani:"
        ),
        Table(
            ("No.", "Unit kerja", "Predikat", "Nilai TPI", "Unit afirmasi"), rows, frozenset({3}), (7, 43, 17, 12, 21)
        ),
        Paragraph(
            "Sehubungan dengan hal tersebut, mohon Tim Penilai Nasional dapat mengevaluasi unit kerja yang diusulkan. "
            "Surat pernyataan tanggung jawab mutlak tiap unit kerja kami sertakan."
        ),
        Paragraph("Atas perhatian dan kerja sama Bapak/Ibu, kami ucapkan terima kasih."),
        Signatures((
            (clean(data["signatory_role"]), clean(data.get("signatory_name")), clean(data.get("signatory_number"))),
        )),
        *((Paragraph("Tembusan:"), Items(copies)) if copies else ()),
        Seal(f"Surat ini dibuat di portal dengan nomor {clean(data['id'])}.", clean(data["digest"]),
             clean(data["receipt_url"])),
    )  # fmt: skip
    made = datetime.fromisoformat(data["dated"]).replace(tzinfo=UTC) if data["dated"] else None
    return Document(f"Surat pengajuan {agency} {data['year']}", blocks, is_letter=True, made_at=made)
