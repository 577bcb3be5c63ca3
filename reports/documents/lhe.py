"""The report of TPI's evaluation (LHE). Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from .blocks import (
    DOTS,
    Block,
    Document,
    Facts,
    Heading,
    Items,
    Paragraph,
    Seal,
    Signatures,
    Table,
    clean,
    day,
    figure,
    letterhead,
    moment,
    percent,
    signed_at,
    when,
)

MET = {"ya": "Terpenuhi", "proses": "Sedang dipenuhi", "tidak": "Belum terpenuhi", "": "Belum diisi"}
INDENT = {"component": "", "section": "", "area": "\u2002", "subarea": "\u2002\u2002"}


def document(data: dict[str, Any]) -> Document:
    """Build the report from the data of a decision's fixed copy."""
    head = data["head"]
    unit = clean(head["unit"])
    blocks: tuple[Block, ...] = (
        *letterhead(data),
        Paragraph("LAPORAN HASIL EVALUASI", "center"),
        Paragraph(f"Pembangunan Zona Integritas {clean(head['target_label'])}\n{unit}\nTahun {head['year']}", "center"),
        Facts((
            ("Nomor", clean(data["number"]) or DOTS), ("Tanggal", day(data["dated"])), ("Unit kerja", unit),
            ("Unit atasan", clean(head["parent"]) or "–"), ("Instansi", clean(head["agency"])),
            ("Periode", clean(head["period"])),
        )),
        *_basis(data),
        *_results(data),
        *_findings(data),
        *_thresholds(data),
        *_conditions(data),
        *_conclusion(data),
    )  # fmt: skip
    footer = f"LHE · {unit} · {head['year']} · {clean(data['digest'])[:16]}"
    return Document(f"LHE {unit} {head['year']}", blocks, footer, made_at=when(data["approved_at"]))


def _basis(data: dict[str, Any]) -> Iterator[Block]:
    yield Heading("I. Dasar")
    yield Items(tuple(clean(text) for text in data["basis"]))
    yield Heading("II. Ruang lingkup dan metode")
    yield Paragraph(clean(data["scope"]))
    yield Paragraph(clean(data["method"]))
    yield Paragraph("Tim Penilai Internal:")
    yield Table(("Nama", "Peran"), tuple((clean(p["name"]), clean(p["role"])) for p in data["team"]), widths=(60, 40))


def _results(data: dict[str, Any]) -> Iterator[Block]:
    has_prelim = bool(data["prelim_total"])
    yield Heading("III. Hasil penilaian")
    totals = [("Penilaian mandiri unit", figure(data["unit_total"]))]
    totals += [("Penilaian pendahuluan", figure(data["prelim_total"]))] if has_prelim else []
    yield Facts((*totals, ("Penilaian TPI", figure(data["tpi_total"]))))
    yield Heading("Nilai per bagian", 2)
    head = ("Bagian", "Bobot", "Unit", *(["Pendahuluan"] if has_prelim else []), "TPI")
    rows, strong = [], set()
    for place, score in enumerate(data["scores"]):
        name = f"{INDENT.get(score['level'], '')}{clean(score['title'])}"
        middle = [figure(score["prelim"])] if has_prelim else []
        rows.append((name, figure(score["weight"]), figure(score["unit"]), *middle, figure(score["tpi"])))
        if score["level"] in {"component", "section"}:
            strong.add(place)
    widths = (52, 12, 12, 12, 12) if has_prelim else (61, 13, 13, 13)
    yield Table(head, tuple(rows), frozenset(range(1, len(head))), widths, frozenset(strong))
    yield Heading("Enam area perubahan", 2)
    yield Table(
        ("Area", "Bobot", "Unit", "TPI", "Capaian", "Minimum", "Hasil"),
        tuple(
            (clean(a["title"]), figure(a["weight"]), figure(a["unit"]), figure(a["tpi"]), percent(a["percent"]),
             percent(a["minimum"]), "Terpenuhi" if a["passed"] else "Belum")
            for a in data["areas"]
        ),
        frozenset({1, 2, 3, 4, 5}), (32, 9, 10, 10, 13, 13, 13),
    )  # fmt: skip
    yield from _differences(data)


def _differences(data: dict[str, Any]) -> Iterator[Block]:
    yield Heading("Perbedaan dengan jawaban unit", 2)
    if not data["differences"]:
        yield Paragraph("Tidak ada perbedaan antara jawaban unit dan TPI.")
    else:
        yield Table(
            ("Kriteria", "Unit", "TPI", "Alasan"),
            tuple(
                (f"{clean(d['code'])} {clean(d['title'])}", clean(d["unit"]) or "–", clean(d["tpi"]), clean(d["note"]))
                for d in data["differences"]
            ),
            widths=(40, 11, 11, 38),
        )
    if data["ratios"]:
        yield Heading("Nilai yang ditetapkan TPI karena penyebutnya nol", 2)
        yield Table(
            ("Kriteria", "Nilai", "Alasan"),
            tuple(
                (f"{clean(r['code'])} {clean(r['title'])}", _ratio(r["ratio"]), clean(r["reason"]))
                for r in data["ratios"]
            ),
            frozenset({1}), (45, 12, 43),
        )  # fmt: skip


def _ratio(text: str) -> str:
    return percent(str(Decimal(text) * 100))


def _findings(data: dict[str, Any]) -> Iterator[Block]:
    yield Heading("IV. Kekuatan dan rekomendasi")
    if not data["strengths"] and not data["recommendations"]:
        yield Paragraph("Tidak ada catatan penilai.")
    for area in data["strengths"]:
        yield Heading(f"Kekuatan: {clean(area['area'])}", 2)
        yield Items(tuple(clean(text) for text in area["texts"]), is_numbered=False)
    for area in data["recommendations"]:
        yield Heading(f"Rekomendasi: {clean(area['area'])}", 2)
        yield Items(tuple(_recommendation(item) for item in area["items"]))


def _recommendation(item: dict[str, str]) -> str:
    due = f"; tenggat {day(item['due'])}" if item["due"] else ""
    return f"{clean(item['text'])} ({clean(item['code'])}{due}; {clean(item['state']).lower()})"


def _thresholds(data: dict[str, Any]) -> Iterator[Block]:
    yield Heading("V. Ambang batas")
    yield Table(
        ("Ambang", "Nilai", "Minimum", "Hasil"),
        tuple(
            (clean(t["name"]), _threshold(t, t["value"]), _threshold(t, t["minimum"]),
             "Terpenuhi" if t["passed"] else "Belum terpenuhi")
            for t in data["thresholds"]
        ),
        frozenset({1, 2}), (52, 15, 15, 18),
    )  # fmt: skip


def _threshold(row: dict[str, Any], text: str) -> str:
    if row.get("award"):
        return "Ya" if Decimal(text) else "Belum"
    return percent(text) if row["percent"] else figure(text)


def _conditions(data: dict[str, Any]) -> Iterator[Block]:
    yield Heading("VI. Syarat pengusulan")
    if not data["conditions"]:
        yield Paragraph("Tidak ada syarat pengusulan pada instrumen ini.")
        return
    yield Table(
        ("Syarat", "Keadaan", "Keterangan"),
        tuple((clean(c["text"]), MET.get(c["met"], clean(c["met"])), clean(c["note"])) for c in data["conditions"]),
        widths=(50, 18, 32),
    )
    if data["affirmative"]:
        yield Paragraph(
            f"Unit ini termasuk unit afirmasi ({clean(data['affirmative'])}): menurut Peraturan Menteri PANRB Nomor 5 "
            "Tahun 2024 dapat diusulkan sambil memenuhi syarat tersebut."
        )


def _conclusion(data: dict[str, Any]) -> Iterator[Block]:
    head = data["head"]
    yield Heading("VII. Simpulan")
    yield Paragraph(
        f"{clean(head['unit'])} {clean(data['outcome'])} kriteria untuk diajukan kepada Tim Penilai Nasional sebagai "
        f"calon unit kerja berpredikat {clean(head['target_label'])}.", "strong"
    )  # fmt: skip
    yield Paragraph(clean(data["conclusion"]))
    people = (("Ketua tim", clean(data["lead"]), ""), ("Pengendali teknis", clean(data["controller"]), ""))
    yield Signatures(people, signed_at((data.get("letterhead") or {}).get("place", ""), data["dated"]))
    yield Seal(
        f"Disetujui di portal oleh akun {clean(data['approved_by'])} pada {moment(data['approved_at'])}. Salinan tetap "
        f"bernomor {clean(data['id'])}.", clean(data["digest"]), clean(data["receipt_url"]),
    )  # fmt: skip
