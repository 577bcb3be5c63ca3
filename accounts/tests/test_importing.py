from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.importing import Known, plan_import
from accounts.importing.plan import KnownUser, MembershipPlan, UnitPlan, UserPlan
from accounts.importing.sheet import MAX_ROWS, read_import, text_of
from accounts.importing.template import GUIDE_SHEET, template_file
from accounts.models import MAX_DEPTH, Role, Unit
from accounts.workbook import Cell, WorkbookRefused

from .workbooks import UNIT_HEADING, saved, workbook

KNOWN = Known(
    parents={"PUSAT": None, "LAMA": "PUSAT", "TUTUP": None},
    inactive_units=frozenset({"TUTUP"}),
    users={
        "adi": KnownUser("Adi", "adi@contoh.go.id"),
        "mati": KnownUser("mati", is_active=False),
        "kepala": KnownUser("kepala", "kepala@contoh.go.id", is_locked=True),
        "surat@contoh.go.id": KnownUser("surat@contoh.go.id"),
    },
)


def planned(units=(), users=(), known=KNOWN):
    return plan_import(read_import(workbook(units, users)), known)


def problems(units=(), users=(), known=KNOWN):
    """Return sheet, row, column and reason of each problem."""
    return [(p.sheet, p.row, p.column, p.reason) for p in planned(units, users, known)[1]]


# Reading


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell(), ""),
        (Cell("  Dinas\xa0 Kesehatan \n", "s"), "Dinas Kesehatan"),
        (Cell(1001, "n"), "1001"),
        (Cell(1001.0, "n"), "1001"),
        (Cell("001", "s"), "001"),
    ],
)
def test_text_of_cell(cell, text):
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (Cell("=1+1", "f"), "rumus"),
        (Cell("=1+1", "s"), "diawali tanda ="),
        (Cell("#N/A", "e"), "kesalahan Excel"),
        (Cell(True, "b"), "benar/salah"),
        (Cell(date(2026, 1, 2), "d"), "tanggal"),
        (Cell(1.3, "n"), "desimal"),
        (Cell(198501012010011001, "n"), "15 digit"),
        (Cell("a\u200bb", "s"), "tidak tampak"),
    ],
)
def test_cell_that_is_no_text_is_refused(cell, reason):
    with pytest.raises(ValueError, match=reason):
        text_of(cell)


def test_formula_in_a_file_is_a_problem_at_its_cell():
    assert problems([["A", "=UPPER(B1)"]]) == [
        ("Unit", 2, "Nama", "Sel berisi rumus. Ganti dengan nilainya."),
        ("Unit", 2, "Nama", "Nama wajib diisi untuk unit baru."),
    ]


def test_columns_are_found_by_heading_in_any_order_and_others_are_left_alone():
    heading = ["No", "NAMA", "kode (wajib)", "Afirmasi", "Jenis", "Unit atasan"]
    rows = read_import(workbook([[1, "Dinas", "A"]], None, unit_heading=heading))
    assert [dict(row.cells) for row in rows.units] == [
        {"Nama": "Dinas", "Kode": "A", "Afirmasi": "", "Jenis": "", "Unit atasan": ""}
    ]


def test_missing_columns_are_named():
    rows = read_import(workbook([["A", "B"]], None, unit_heading=UNIT_HEADING[:2]))
    assert [(p.sheet, p.row, p.column) for p in rows.problems] == [
        ("Unit", 1, "Jenis"),
        ("Unit", 1, "Unit atasan"),
        ("Unit", 1, "Afirmasi"),
    ]
    assert rows.units == []


@pytest.mark.parametrize(("units", "users"), [(None, None), ((), ()), ((), None)])
def test_file_without_sheets_or_rows_is_refused(units, users):
    with pytest.raises(WorkbookRefused):
        read_import(workbook(units, users))


def test_at_most_5000_rows_over_both_sheets():
    users = [["adi"]] * (MAX_ROWS - 1)
    assert len(read_import(workbook([["A"]], users)).users) == MAX_ROWS - 1
    with pytest.raises(WorkbookRefused, match=r"lebih dari 5\.000 baris"):
        read_import(workbook([["A"], ["B"]], users))


# Units


def test_units_are_planned_with_the_fields_filled_in():
    plan, found = planned(
        [
            ["anak", "Anak", "unit kerja/satuan kerja", "induk", "Penyelenggara Samsat"],
            ["INDUK", "Induk", "upper", "-"],
            ["LAMA", None, None, "INDUK"],
        ]
    )
    assert found == []
    assert plan.units == [
        UnitPlan("ANAK", True, {"name": "Anak", "kind": "unit", "affirmative": "samsat", "parent": "INDUK"}),
        UnitPlan("INDUK", True, {"name": "Induk", "kind": "upper", "parent": None}),
        UnitPlan("LAMA", False, {"parent": "INDUK"}),
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ([None, "Nama"], "Kode", "wajib"),
        (["A B", "Nama"], "Kode", "hanya boleh"),
        (["A" * 31, "Nama"], "Kode", "paling panjang 30"),
        (["A"], "Nama", "wajib"),
        (["A", "x" * 201], "Nama", "terlalu panjang"),
        (["A", "Nama", "Cabang"], "Jenis", "tidak dikenal"),
        (["A", "Nama", None, None, "rsud"], "Afirmasi", "tidak dikenal"),
        (["A", "Nama", None, "TIADA"], "Unit atasan", "Tidak ada unit"),
        (["A", "Nama", None, "A"], "Unit atasan", "di bawah dirinya sendiri"),
    ],
)
def test_bad_unit_is_a_problem_at_its_cell(row, column, reason):
    found = problems([row])
    assert [place[:3] for place in found] == [("Unit", 2, column)]
    assert reason in found[0][3]


def test_code_twice_in_the_file_names_the_first_row():
    assert problems([["A", "Satu"], ["a", "Dua"]]) == [("Unit", 3, "Kode", "Kode sudah dipakai di baris 2.")]


def test_cycle_through_the_portal_is_found():
    found = problems([["PUSAT", None, None, "BARU"], ["BARU", "Baru", None, "LAMA"]])
    assert [place[:3] for place in found] == [("Unit", 2, "Unit atasan"), ("Unit", 3, "Unit atasan")]


def chain(length):
    return [[f"R{n}", f"Unit {n}", None, f"R{n - 1}" if n else None] for n in range(length)]


def test_depth_is_limited():
    assert problems(chain(MAX_DEPTH + 1)) == []
    found = problems(chain(MAX_DEPTH + 2))
    assert [place[:3] for place in found] == [("Unit", MAX_DEPTH + 3, "Unit atasan")]
    assert "paling banyak 10 tingkat" in found[0][3]


# Users


def test_users_are_planned_with_all_their_roles():
    plan, found = planned(
        [["BARU", "Baru"]],
        [
            ["Siti", "Siti", "siti@contoh.go.id", "baru", "Anggota tim unit", "3; 1"],
            ["siti", None, None, "PUSAT", "head"],
            ["ADI", "Adi Baru"],
            ["budi", "Budi"],
        ],
    )
    assert found == []
    assert plan.users == [
        UserPlan("Siti", True, {"first_name": "Siti", "email": "siti@contoh.go.id"}),
        UserPlan("ADI", False, {"first_name": "Adi Baru"}),
        UserPlan("budi", True, {"first_name": "Budi"}),
    ]
    assert plan.memberships == [
        MembershipPlan("siti", "BARU", "member", ("1", "3")),
        MembershipPlan("siti", "PUSAT", "head", ()),
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ([None, "Nama"], "Nama pengguna", "wajib"),
        (["dua kata", "Nama"], "Nama pengguna", "hanya boleh"),
        (["mati"], "Nama pengguna", "nonaktif"),
        (["kepala", "Lain"], "Nama pengguna", "Akun pengelola sistem"),
        (["adi@contoh.go.id", "Nama"], "Nama pengguna", "surel pengguna lain"),
        (["baru"], "Nama", "wajib"),
        (["baru", "x" * 151], "Nama", "terlalu panjang"),
        (["baru", "Nama", "bukan surel"], "Surel", "tidak sah"),
        (["baru", "Nama", "ADI@contoh.go.id"], "Surel", "sudah dipakai"),
        (["baru", "Nama", "surat@contoh.go.id"], "Surel", "nama pengguna orang lain"),
        (["baru", "Nama", None, "TIADA", "head"], "Unit", "Tidak ada unit"),
        (["baru", "Nama", None, "TUTUP", "head"], "Unit", "nonaktif"),
        (["baru", "Nama", None, "PUSAT"], "Peran", "diisi bersama"),
        (["baru", "Nama", None, None, "head"], "Unit", "diisi bersama"),
        (["baru", "Nama", None, "PUSAT", "raja"], "Peran", "tidak dikenal"),
        (["baru", "Nama", None, "PUSAT", "member", "7"], "Area", "1 sampai 6"),
        (["baru", "Nama", None, "PUSAT", "member", 13], "Area", "1 sampai 6"),
        (["baru", "Nama", None, "PUSAT", "head", "1"], "Area", "Anggota tim unit"),
    ],
)
def test_bad_user_is_a_problem_at_its_cell(row, column, reason):
    found = problems(users=[row])
    assert [place[:3] for place in found] == [("Pengguna", 2, column)]
    assert reason in found[0][3]


def test_address_twice_in_the_file_is_refused():
    found = problems(users=[["a", "A", "x@contoh.go.id"], ["b", "B", "X@contoh.go.id"]])
    assert found == [("Pengguna", 3, "Surel", "Surel ini sudah dipakai pengguna lain.")]


@pytest.mark.parametrize("turned", [False, True])
def test_username_that_is_an_address_in_the_same_file_is_refused(turned):
    rows = [["a", "A", "x@contoh.go.id"], ["x@contoh.go.id", "B"]]
    found = problems(users=rows[::-1] if turned else rows)
    assert [place[1] for place in found] == [3]


def test_rows_of_one_person_must_agree():
    found = problems(users=[["a", "Satu", "a@contoh.go.id"], ["A", "Dua", "b@contoh.go.id"]])
    reason = "Berbeda dengan baris 2 untuk pengguna yang sama."
    assert found == [("Pengguna", 3, "Nama", reason), ("Pengguna", 3, "Surel", reason)]


def test_the_same_role_twice_is_refused():
    found = problems(users=[["adi", None, None, "PUSAT", "head"], ["Adi", None, None, "pusat", "Kepala unit"]])
    assert [place[:3] for place in found] == [("Pengguna", 3, "Peran")]


def test_problems_come_in_the_order_of_the_file():
    found = problems([["A", "=1"], ["B B", "Nama"]], [["baru"], ["baru lagi", "Nama"]])
    assert [place[:2] for place in found] == [("Unit", 2), ("Unit", 2), ("Unit", 3), ("Pengguna", 2), ("Pengguna", 3)]


def test_long_values_are_shortened_in_the_report():
    problem = planned([["A", "x" * 500]])[1][0]
    assert len(problem.value) == 80


# The template


def test_template_has_headings_notes_and_dropdowns_but_no_data():
    book = load_workbook(template_file())
    assert book.sheetnames == ["Unit", "Pengguna", GUIDE_SHEET]
    for sheet in (book["Unit"], book["Pengguna"]):
        assert sheet.max_row == 1
        assert all(cell.comment for cell in sheet[1])
    lists = [rule.formula1 for rule in book["Unit"].data_validations.dataValidation]
    assert lists == [f'"{",".join(choices)}"' for choices in (Unit.Kind.labels, Unit.Affirmative.labels)]
    assert [rule.formula1 for rule in book["Pengguna"].data_validations.dataValidation] == [
        f'"{",".join(Role.labels)}"'
    ]
    assert all(len(text) <= 257 for text in lists)  # Excel refuses longer ones


def test_unfilled_template_is_refused_as_empty():
    with pytest.raises(WorkbookRefused, match="tidak berisi satu baris pun"):
        read_import(template_file())


def test_examples_of_the_template_are_accepted_when_copied_to_the_sheets():
    book = load_workbook(BytesIO(template_file().getvalue()))
    for name in ("Unit", "Pengguna"):
        headings = [cell.value for cell in book[name][1]]
        guide = {row[0].value: row[2].value for row in examples(book[GUIDE_SHEET], name)}
        book[name].append([guide[heading] for heading in headings])
    book["Unit"].append(["INSTANSI", "Instansi"])
    plan, found = plan_import(read_import(saved(book)), Known())
    assert found == []
    assert (len(plan.units), len(plan.users), len(plan.memberships)) == (2, 1, 1)


def examples(guide, name):
    rows = list(guide.iter_rows())
    start = next(n for n, row in enumerate(rows) if row[0].value == f"Lembar {name}")
    return [row for row in rows[start + 1 : start + 7] if row[0].value]
