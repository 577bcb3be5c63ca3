"""What the demo's papers say: decrees, reports by area, minutes. Nothing in them is about a real person or office."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from .pdf_writer import Paper

MARK = "CONTOH"
PLACE = "Kota Contoh"
POSITIONS = [
    ("Ketua", "Sekretaris unit kerja"),
    ("Sekretaris", "Kepala subbagian umum"),
    ("Koordinator Manajemen Perubahan", "Analis kelembagaan"),
    ("Koordinator Penataan Tatalaksana", "Analis tata laksana"),
    ("Koordinator Penataan SDM", "Analis SDM aparatur"),
    ("Koordinator Penguatan Akuntabilitas", "Perencana"),
    ("Koordinator Penguatan Pengawasan", "Auditor internal"),
    ("Koordinator Kualitas Pelayanan Publik", "Pranata humas"),
]
STEPS = [
    "Rapat persiapan dipimpin langsung oleh kepala unit dan dihadiri seluruh koordinator area.",
    "Rancangan dibahas bersama wakil setiap bagian; masukan tertulis dicatat dalam notulen.",
    "Hasil pembahasan disosialisasikan melalui apel pagi, grup kerja dan papan pengumuman.",
    "Pelaksanaan dipantau setiap bulan dan dilaporkan kepada kepala unit.",
    "Kendala yang ditemukan dicatat beserta penanggung jawab dan batas waktu penyelesaiannya.",
    "Pengguna layanan dimintai pendapat melalui kuesioner singkat di ruang layanan.",
]
RESULTS = [
    "Seluruh kegiatan yang direncanakan telah terlaksana sesuai jadwal.",
    "Realisasi melampaui target tahun sebelumnya dan dipertahankan pada triwulan berikutnya.",
    "Sebagian tindak lanjut masih berjalan dan dijadwalkan selesai pada triwulan berikutnya.",
    "Rekomendasi pemantauan telah ditindaklanjuti dan hasilnya diterapkan dalam pekerjaan sehari-hari.",
]


@dataclass(frozen=True, slots=True)
class About:
    """What every paper of a unit names."""

    unit: str
    title: str
    number: str
    dated: date
    year: int


def decree(about: About, generator: random.Random, revision: str = "") -> bytes:
    """Return a decree of the unit's head with its annex, as PDF."""
    paper = Paper(about.title, MARK)
    _letterhead(paper, about)
    subject = about.title.removeprefix("SK ").removeprefix("SK")
    for line in (f"KEPUTUSAN KEPALA {about.unit.upper()}", f"NOMOR {about.number}", "TENTANG", subject.upper()):
        paper.text(line, bold=True, align="center")
    paper.y -= 10
    paper.text(f"Menimbang: bahwa untuk membangun Zona Integritas pada {about.unit} perlu ditetapkan {subject};")
    paper.text(
        "Mengingat: Peraturan Menteri PANRB Nomor 90 Tahun 2021 tentang Pembangunan dan Evaluasi Zona Integritas;"
    )
    paper.text("MEMUTUSKAN:", bold=True, align="center")
    decided = [
        f"Menetapkan {subject} sebagaimana tercantum dalam lampiran keputusan ini.",
        "Tim dan pejabat yang disebut dalam lampiran melaksanakan tugas dan melaporkannya kepada kepala unit.",
        f"Biaya dibebankan pada anggaran unit kerja tahun {about.year}.",
        "Keputusan ini berlaku sejak tanggal ditetapkan.",
    ]
    for place, line in zip(("KESATU", "KEDUA", "KETIGA", "KEEMPAT"), decided, strict=True):
        paper.text(f"{place}: {line}", indent=20)
    if revision:
        paper.text(revision, indent=20)
    _signature(paper, about)
    paper.new_page()
    paper.text(f"Lampiran Keputusan Nomor {about.number}", bold=True)
    rows = [("No.", "Kedudukan", "Jabatan", "Beban (jam/bulan)")]
    rows += [(f"{n}.", *each, str(generator.randint(4, 16))) for n, each in enumerate(POSITIONS, 1)]
    paper.table(rows, (1, 5, 5, 3))
    return paper.to_bytes()


def report(about: About, chapters: Sequence[tuple[str, str]], generator: random.Random) -> bytes:
    """Return a report with a cover and, from page 2, one page for each (code, title) of `chapters`, as PDF."""
    paper = Paper(about.title, MARK)
    _letterhead(paper, about)
    paper.y -= 120
    for line in (about.title.upper(), about.unit.upper(), f"TAHUN {about.year}"):
        paper.text(line, size=18, bold=True, align="center", after=14)
    paper.text(f"Nomor {about.number}, {date_format(about.dated, 'j F Y')}", align="center")
    for code, title in chapters:
        paper.new_page()
        _chapter(paper, code, title, generator)
    return paper.to_bytes()


def minutes(about: About, generator: random.Random) -> list[str]:
    """Return the paragraphs of a letter or of minutes."""
    steps = generator.sample(STEPS, 4)
    return [
        f"{MARK}: bukan dokumen resmi",
        about.title,
        f"{about.unit}, nomor {about.number}, {date_format(about.dated, 'l, j F Y')}",
        f"Peserta: {generator.randint(8, 40)} orang dari seluruh bagian; daftar hadir tersimpan di sekretariat tim.",
        "Pembahasan:",
        *(f"{number}. {step}" for number, step in enumerate(steps, 1)),
        f"Kesimpulan: {generator.choice(RESULTS)}",
        "Ditandatangani oleh pimpinan rapat dan notulis.",
    ]


def _chapter(paper: Paper, code: str, title: str, generator: random.Random) -> None:
    paper.text(code, size=9)
    paper.text(title, size=13, bold=True, after=10)
    paper.text("Pelaksanaan", bold=True)
    for number, step in enumerate(generator.sample(STEPS, 3), 1):
        paper.text(f"{number}. {step}", indent=14)
    paper.y -= 8
    paper.text("Capaian", bold=True)
    rows = [("Triwulan", "Rencana", "Realisasi", "Capaian")]
    for quarter in ("I", "II", "III", "IV"):
        planned = generator.randint(4, 24)
        done = round(planned * generator.uniform(0.8, 1))
        rows.append((quarter, f"{planned} kegiatan", f"{done} kegiatan", f"{100 * done / planned:.0f}%"))
    paper.table(rows, (2, 3, 3, 2))
    paper.text("Kesimpulan", bold=True)
    paper.text(generator.choice(RESULTS))


def _letterhead(paper: Paper, about: About) -> None:
    paper.text("INSTANSI CONTOH", size=13, bold=True, align="center", after=0)
    paper.text(about.unit.upper(), size=14, bold=True, align="center", after=0)
    paper.text(f"Jalan Contoh Nomor 1, {PLACE}", size=9, align="center", after=8)
    paper.rule()


def _signature(paper: Paper, about: About) -> None:
    paper.y -= 20
    for line in (
        f"Ditetapkan di {PLACE}",
        f"pada tanggal {date_format(about.dated, 'j F Y')}",
        f"Kepala {about.unit},",
    ):
        paper.text(line, align="sign", after=0)
    paper.y -= 40
    paper.text("(tanda tangan contoh)", align="sign")
