"""The workbook to fill in for an import."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ..models import AREAS, Role, Unit
from .sheet import MAX_ROWS, UNIT_SHEET, USER_SHEET

GUIDE_SHEET = "Petunjuk"
# Heading, what to write, an example, choices of a dropdown
Column = tuple[str, str, str, list[str]]

UNIT_COLUMNS: list[Column] = [
    (
        "Kode",
        "Wajib. Huruf, angka, titik, garis bawah, tanda hubung. Kode yang sudah ada: unitnya diperbarui.",
        "DINKES",
        [],
    ),
    ("Nama", "Wajib untuk unit baru.", "Dinas Kesehatan", []),
    (
        "Jenis",
        "Pilih dari daftar. Kosong pada unit baru berarti unit kerja.",
        str(Unit.Kind.UNIT.label),
        [str(x) for x in Unit.Kind.labels],
    ),
    (
        "Unit atasan (kode)",
        "Kode unit di atasnya, boleh di baris mana pun. Tulis - agar tidak mempunyai atasan.",
        "INSTANSI",
        [],
    ),
    (
        "Afirmasi",
        "Pilih dari daftar. Kosong pada unit baru berarti bukan unit afirmasi.",
        str(Unit.Affirmative.NONE.label),
        [str(x) for x in Unit.Affirmative.labels],
    ),
]
USER_COLUMNS: list[Column] = [
    (
        "Nama pengguna",
        "Wajib. Huruf, angka, dan tanda @ . + - _. Nama yang sudah ada: pengguna diperbarui.",
        "operator.dinkes",
        [],
    ),
    ("Nama", "Wajib untuk pengguna baru.", "Operator Dinas Kesehatan", []),
    (
        "Surel",
        "Untuk mengirim tautan atur kata sandi. Tidak boleh sama dengan pengguna lain.",
        "operator.dinkes@contoh.go.id",
        [],
    ),
    ("Unit (kode)", "Kode unit di portal atau di lembar Unit. Diisi bersama peran.", "DINKES", []),
    (
        "Peran",
        "Pilih dari daftar. Beberapa peran: satu baris untuk setiap peran.",
        str(Role.MEMBER.label),
        [str(x) for x in Role.labels],
    ),
    (
        "Area",
        "Hanya untuk anggota tim unit: angka 1 sampai 6 dipisah titik koma. Kosong berarti semua area.",
        "1; 3",
        [],
    ),
]
RULES = [
    "Isi lembar Unit dan Pengguna. Lembar Petunjuk ini tidak ikut diimpor; contoh di bawah hanya untuk dibaca.",
    "Sel kosong pada unit atau pengguna yang sudah ada berarti tidak diubah. Peran yang tidak disebut tidak dihapus.",
    "Satu kesalahan saja membatalkan seluruh impor; laporan menyebut baris dan kolomnya.",
    "Rumus tidak diterima. Nomor pegawai diketik sebagai teks agar tidak terpotong.",
]
HEADING = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="1F4E79")}


def template_file() -> BytesIO:
    """Return the template as a file, its two data sheets empty under their headings."""
    workbook = Workbook()
    unit_sheet = workbook.worksheets[0]
    unit_sheet.title = UNIT_SHEET
    _data_sheet(unit_sheet, UNIT_COLUMNS)
    _data_sheet(workbook.create_sheet(USER_SHEET), USER_COLUMNS)
    _guide(workbook.create_sheet(GUIDE_SHEET))
    file = BytesIO()
    workbook.save(file)
    file.seek(0)
    return file


def _data_sheet(sheet: Worksheet, columns: list[Column]) -> None:
    sheet.freeze_panes = "A2"
    for place, (heading, note, _, choices) in enumerate(columns, start=1):
        letter = get_column_letter(place)
        cell = sheet.cell(1, place, heading)
        cell.font, cell.fill = HEADING["font"], HEADING["fill"]
        cell.comment = Comment(note, "Portal ZI", width=280, height=110)
        sheet.column_dimensions[letter].width = 32 if choices or heading.startswith("Nama") else 22
        sheet.column_dimensions[letter].number_format = "@"  # text: leading zeros and long numbers survive
        if choices:
            sheet.add_data_validation(_dropdown(letter, choices))


def _dropdown(letter: str, choices: list[str]) -> DataValidation:
    rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    rule.errorTitle, rule.error = "Pilihan tidak dikenal", "Pilih salah satu dari daftar."
    rule.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
    return rule


def _guide(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 70
    sheet.column_dimensions["C"].width = 40
    for rule in RULES:
        sheet.append([rule])
    for name, columns in ((UNIT_SHEET, UNIT_COLUMNS), (USER_SHEET, USER_COLUMNS)):
        sheet.append([])
        sheet.append([f"Lembar {name}", "Isi", "Contoh (bukan data)"])
        for cell in sheet[sheet.max_row]:
            cell.font, cell.fill = HEADING["font"], HEADING["fill"]
        for heading, note, example, choices in columns:
            text = f"{note} Pilihan: {'; '.join(choices)}." if choices else note
            sheet.append([heading, text, example])
            for cell in sheet[sheet.max_row]:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.append([])
    sheet.append(["Area", "; ".join(f"{key} = {name}" for key, name in AREAS.items())])
