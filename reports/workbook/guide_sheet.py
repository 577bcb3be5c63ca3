"""The sheet `Petunjuk`: how to fill the workbook, how scores come about, on what legal basis."""

from openpyxl.styles import Alignment

from assessment.trace import ZERO_UNDECIDED_TEXT

from ..lke import Lke
from .sheet import Sheet
from .styles import NAVY
from .text import line_count

WIDTH = 105.0
SIZE = 10.0

PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Cara mengisi",
        (
            "Isi hanya sel berwarna kuning pada lembar LKE ZI: kolom Jawaban dan kolom Catatan. Sel lain dikunci tanpa "
            "kata sandi agar rumus tidak rusak tanpa sengaja.",
            "Kriteria Ya/Tidak dan berhuruf: pilih jawaban dari daftar pada sel. Bacalah kolom Penjelasan; pilih huruf "
            "yang seluruh syaratnya terpenuhi.",
            "Kriteria persentase: isi semua jumlah di bawahnya dengan bilangan bulat, 0 bila memang tidak ada. "
            "Persentasenya dihitung sendiri. Selama satu jumlah kosong, kriteria itu belum terjawab.",
            "Indeks survei: isi angka 0 sampai 4 dari survei eksternal, dengan dua desimal.",
            "Isian yang tidak dapat dipakai (misalnya teks pada sel jumlah) diberi warna merah dan dihitung sebagai "
            "belum dijawab.",
        ),
    ),
    (
        "Cara membaca nilai",
        (
            "Kolom Nilai dan %: nilai bila LKE dikirim sekarang; kriteria yang belum dijawab dihitung 0. Angka inilah "
            "yang menentukan predikat.",
            "Kolom Nilai sementara dan % sementara: rata-rata hanya atas kriteria yang sudah dijawab. Kedua angka sama "
            "apabila semua kriteria telah dijawab.",
            "Pada baris kriteria yang dirata-ratakan, kolom Nilai memuat nilai kriteria antara 0 dan 1. Pada baris "
            "yang berbobot, kolom Nilai memuat perolehan dan kolom % bagian dari bobotnya.",
        ),
    ),
    (
        "Cara menghitung nilai",
        (
            "Setiap pilihan jawaban bernilai tetap antara 0 dan 1, misalnya Ya 1 dan Tidak 0. Nilai pilihan itu "
            "tertulis pada rumus di kolom Nilai.",
            "Persentase: rasio dari jumlah-jumlahnya, paling rendah 0% dan paling tinggi 100%. Rasio dengan penyebut "
            f"nol ditandai “{ZERO_UNDECIDED_TEXT}” dan dihitung 0 sampai TPI menetapkannya dengan alasan, kecuali ada "
            "aturan lain pada kolom Penjelasan.",
            "Indeks survei: indeks dibagi 4, dikalikan bobot.",
            "Sub-area: rata-rata nilai kriterianya dikalikan bobot. Area, rincian, komponen, dan nilai total: jumlah "
            "dari bagian-bagiannya.",
            "Nilai tidak dibulatkan selama dihitung. Angka ditampilkan dengan dua desimal, setengah dibulatkan ke "
            "atas, dan ambang batas dibandingkan dengan angka dua desimal itu.",
        ),
    ),
    (
        "Ambang batas",
        (
            "Lembar Ringkasan membandingkan nilai dengan ambang batas setiap predikat. Nilai minimum area dibaca "
            "dengan dua cara; cara yang berlaku pada periode ini ditandai “Menentukan”, yang lain “Pembanding”.",
            "Cara yang berlaku pada periode ini: {area_reading}.",
        ),
    ),
    (
        "Dasar hukum",
        (
            "{legal_basis}.",
            "Peraturan Menteri PANRB Nomor 90 Tahun 2021, Lampiran II, Tabel 6 (ambang batas predikat).",
            "Peraturan Menteri PANRB Nomor 5 Tahun 2024 tentang perubahan atas Peraturan Menteri PANRB Nomor 90 Tahun "
            "2021 (syarat unit kerja yang diusulkan).",
        ),
    ),
)


def write_guide_sheet(sheet: Sheet, lke: Lke) -> int:
    """Fill the sheet and return its last row."""
    sheet.widths({"A": 2.0, "B": 4.0, "C": WIDTH})
    sheet.plain(1, 2, "PETUNJUK", size=13, bold=True, color=NAVY)
    sheet.height(1, 1, 16)
    row = 3
    for title, paragraphs in PARTS:
        sheet.plain(row, 2, title, size=11, bold=True, color=NAVY)
        sheet.height(row, 1, 14)
        for number, paragraph in enumerate(paragraphs, start=1):
            row += 1
            _write_paragraph(sheet, row, number, _filled(paragraph, lke))
        row += 2
    return row - 2


def _filled(paragraph: str, lke: Lke) -> str:
    """Put in what differs between periods; texts from outside are never format strings."""
    legal = lke.result.worksheet.legal_basis.rstrip(".") or "Peraturan Menteri PANRB Nomor 90 Tahun 2021, Lampiran III"
    return paragraph.replace("{area_reading}", lke.area_reading_label).replace("{legal_basis}", legal)


def _write_paragraph(sheet: Sheet, row: int, number: int, text: str) -> None:
    sheet.plain(row, 2, f"{number}.", size=SIZE).alignment = Alignment(horizontal="right", vertical="top")
    sheet.plain(row, 3, text, size=SIZE).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.height(row, line_count(text, WIDTH, SIZE), SIZE)
