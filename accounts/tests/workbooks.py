"""Files to import: good ones, broken ones, hostile ones."""

import zipfile
from io import BytesIO

from openpyxl import Workbook

UNIT_HEADING = ["Kode", "Nama", "Jenis", "Unit atasan (kode)", "Afirmasi"]
USER_HEADING = ["Nama pengguna", "Nama", "Surel", "Unit (kode)", "Peran", "Area"]


def workbook(units=(), users=(), *, unit_heading=UNIT_HEADING, user_heading=USER_HEADING):
    """Return an import file with these rows; None leaves its sheet out."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.create_sheet("Catatan")
    for name, heading, rows in (("Unit", unit_heading, units), ("Pengguna", user_heading, users)):
        if rows is None:
            continue
        sheet = book.create_sheet(name)
        sheet.append(heading)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book):
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def patched(file, changes=None, *, drop=(), add=None, after=None):
    """Return the container with members replaced, left out or added; `changes` maps a name to a function of bytes."""
    target = BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in drop:
                new.writestr(name, (changes or {}).get(name, lambda data: data)(old.read(name)))
        for name, data in (add or {}).items():
            new.writestr(name, data)
    target.seek(0)
    return target
