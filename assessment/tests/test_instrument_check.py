"""Each rule of the instrument check, with the fault that it is there for."""

import copy

import pytest

from assessment.fixture_files import newest_bundled
from assessment.instrument_check import PREDICATES, problems_of_rows
from assessment.instrument_read import worksheet_of_rows
from assessment.instrument_rows import model_of, owner_of, rows_of_nodes, with_key
from assessment.models import Predicate

from .bundled import bundled_worksheet

A_LIMIT = {"rule": "n2<=n1", "message": "Pesan.", "blocks": True}


def bundled_rows():
    return copy.deepcopy(list(newest_bundled().rows))


def fields_of(rows, model, code, key=None):
    """Return the fields of one row; `code` is its own or its criterion's."""
    for row in rows:
        if model_of(row) == model:
            fields = row["fields"]
            owner = fields["criterion"][2] if "criterion" in fields else fields.get("code", fields.get("subject"))
            if owner == code and key in (None, fields.get("key"), fields.get("number"), fields.get("predicate")):
                return fields
    raise LookupError(code)


def without(rows, model, code, key=None):
    target = fields_of(rows, model, code, key)
    return [row for row in rows if row["fields"] is not target]


def problems_after(change):
    rows = bundled_rows()
    changed = change(rows)
    return problems_of_rows(changed if isinstance(changed, list) else rows, bundled=True)


def setting(model, place, which=None, **values):
    def change(rows):
        fields_of(rows, model, place, which).update(values)

    return change


def test_bundled_instrument_has_no_problems():
    assert problems_of_rows(bundled_rows(), bundled=True) == []


def test_predicates_are_those_of_the_model():
    assert list(PREDICATES) == Predicate.values


SINGLE_FAULTS = [
    (setting("node", "A.I.1.i", weight="0.51"), "A.I.1: bobotnya 4, tetapi bobot isinya 4,01"),
    (setting("node", "A.I.1.i", weight="-0.5"), "A.I.1.i: bobotnya -0,5, seharusnya lebih dari 0"),
    (setting("criterion", "B.I.b", weight="0"), "B.I: ada kriteria yang bobotnya tidak lebih dari 0"),
    (setting("criterion", "B.I.b", weight="5.01"), "B.I: bobotnya 22,5, tetapi bobot isinya 22,51"),
    (setting("node", "A.I.1.i", title=" "), "A.I.1.i: judulnya kosong"),
    (setting("criterion", "A.I.1.i.a", title=""), "A.I.1.i.a: judulnya kosong"),
    (
        setting("criterion", "A.I.1.i.a", answer_type="ESSAY"),
        "A.I.1.i.a: jenis jawaban ESSAY tidak dikenal",
    ),
    (setting("choice", "A.I.1.i.b", "C", text=""), "A.I.1.i.b: rubrik pilihan C kosong"),
    (setting("choice", "A.I.1.i.b", "B", value="1"), "A.I.1.i.b: nilai pilihan 1; 1; 0 tidak turun tegas dari 1 ke 0"),
    (setting("choice", "A.I.1.i.b", "A", value=".9"), "nilai pilihan 0,9; 0,5; 0 tidak turun tegas dari 1 ke 0"),
    (setting("choice", "A.I.1.i.b", "C", value=".6"), "A.I.1.i.b: nilai pilihan 1; 0,5; 0,6 tidak menurun"),
    (setting("choice", "A.I.1.i.b", "A", value="1.5"), "nilai pilihan 1,5; 0,5; 0 tidak semuanya dari 0 sampai 1"),
    (lambda rows: without(rows, "choice", "A.I.1.i.b", "C"), "A.I.1.i.b: pilihannya A, B, seharusnya A, B, C"),
    (setting("criterion", "A.I.1.i.b", formula="n2/n1"), "A.I.1.i.b: jumlah, rumus, batas, atau aturan penyebut nol"),
    (setting("criterion", "A.I.1.i.b", limits=[A_LIMIT]), "A.I.1.i.b: jumlah, rumus, batas, atau aturan penyebut nol"),
    (setting("criterion", "B.I.a", zero_rule="full"), "B.I.a: jumlah, rumus, batas, atau aturan penyebut nol"),
    (setting("choice", "A.I.1.i.b", "C", criterion=["lke-zi", 1, "B.I.a"]), "B.I.a: pilihan pada jenis INDEX04"),
    (setting("criterion", "A.II.1.i.a", formula=""), "A.II.1.i.a: rumusnya kosong"),
    (setting("criterion", "A.II.1.i.a", formula="n2/n3"), "A.II.1.i.a: n3 dipakai, tetapi jumlah itu tidak ada"),
    (setting("criterion", "A.II.1.i.a", formula="n2/n2"), "A.II.1.i.a: n1 tidak dipakai oleh rumus maupun batas"),
    (setting("criterion", "A.II.1.i.a", formula="n2-n1"), "A.II.1.i.a: rumus n2-n1 atau batasnya tidak dapat dibaca"),
    (setting("criterion", "A.II.1.i.a", zero_rule=""), "A.II.1.i.a: aturan bila penyebut nol belum ditetapkan"),
    (setting("criterion", "A.II.1.i.a", soal_id=500), "A.II.1.i.a: id soal dan baris PortalRB berada pada jumlahnya"),
    (
        setting("criterion", "A.II.1.i.a", limits=[A_LIMIT | {"rule": "n3<=n1"}]),
        "A.II.1.i.a: n3 dipakai, tetapi jumlah itu tidak ada",
    ),
    (setting("criterion", "A.II.1.i.a", limits=[A_LIMIT | {"message": " "}]), "pesan untuk batas n2<=n1 kosong"),
    (setting("criterion", "A.II.1.i.a", limits=[{"rule": "n2<=n1"}]), "criterion A.II.1.i.a: tidak dapat dibaca"),
    (setting("quantity", "A.II.1.i.a", 2, number=3), "A.II.1.i.a: nomor jumlahnya 1, 3, seharusnya 1, 2"),
    (setting("quantity", "A.II.1.i.a", 2, title=""), "A.II.1.i.a.2: judulnya kosong"),
    (setting("quantity", "A.II.1.i.a", 2, soal_id=1), "id soal PortalRB 1 dipakai 2 kali"),
    (setting("quantity", "A.II.1.i.a", 2, excel_row=6), "baris PortalRB 6 dipakai 2 kali"),
    (setting("node", "A.I.1", area_key="7"), "A.I: areanya 7, 2, 3, 4, 5, 6, seharusnya 1, 2, 3, 4, 5, 6"),
    (setting("node", "A.I.1", area_key=""), "A.I: areanya , 2, 3, 4, 5, 6, seharusnya 1, 2, 3, 4, 5, 6"),
    (setting("node", "A.I.1.i", area_key="1"), "A.I.1.i: nomor area hanya untuk tingkat area"),
    (setting("node", "A.I.1.i", level="section"), "A.I.1.i: rincian tidak dapat berada di dalam area"),
    (setting("node", "B.I", level="area", area_key="1"), "B.I: area di luar A.I dan A.II"),
    (setting("node", "B.I", level="subarea"), "B.I.a: tidak berada di dalam area maupun langsung di dalam rincian"),
    (setting("node", "A", level="section"), "A: rincian tidak dapat berada di puncak"),
    (setting("criterion", "A.I.1.i.a", weight="0.5"), "A.I.1.i: kriteria tanpa bobot (A.I.1.i.b) tercampur"),
    (setting("criterion", "A.I.3.v.a", node=["lke-zi", 1, "A.I.3.vi"]), "A.I.3.v: tidak berisi kriteria"),
    (setting("criterion", "A.I.3.v.a", node=["lke-zi", 1, "A.I.9"]), "A.I.3.v.a: simpul A.I.9 tidak ada"),
    (setting("choice", "A.I.1.i.b", "C", criterion=["lke-zi", 1, "X"]), "choice untuk X: kriterianya tidak ada"),
    (setting("node", "A.I.1.i", parent=["lke-zi", 1, "A.I.1.i"]), "A.I.1.i: simpul ini tidak tersambung ke komponen"),
    (setting("node", "A.I.1.ii", code="A.I.1.i"), "node A.I.1.i ada 2 kali"),
    (setting("criterion", "A.I.1.i.a", code="A.I.1.i"), "A.I.1.i: dipakai oleh simpul dan juga oleh kriteria"),
    (setting("node", "A.I.1.i", order=3), "node: urutan 3 dipakai 2 kali"),
    (setting("node", "B.I", weight="berat"), "node B.I: tidak dapat dibaca"),
    (setting("threshold", "B.I", "WBK", subject="B.III"), "tidak ada yang diukur (node B.III)"),
    (setting("threshold", "6", "WBK", subject="7"), "tidak ada yang diukur (area 7)"),
    (setting("threshold", "B.I", "WBK", minimum="22.6"), "minimum 22,6 di luar 0 sampai 22,5"),
    (setting("threshold", "B.I", "WBK", name=""), "namanya kosong"),
    (setting("threshold", "B.I", "WBK", predicate="WBX"), "predikatnya tidak dikenal"),
    (setting("threshold", "WBK", "WBBM", subject="WBBM"), "tidak ada yang diukur (award WBBM)"),
    (setting("proposalcondition", None, "opini-bpk", text=" "), "syarat opini-bpk: teksnya kosong"),
]


@pytest.mark.parametrize(("change", "message"), SINGLE_FAULTS, ids=[message for _, message in SINGLE_FAULTS])
def test_a_fault_is_named(change, message):
    found = problems_after(change)
    assert [text for text in found if message in text] != [], found


def test_components_weigh_100_together():
    def heavier(rows):
        fields_of(rows, "node", "B")["weight"] = "41"
        fields_of(rows, "node", "B.I")["weight"] = "23.5"
        fields_of(rows, "criterion", "B.I.b")["weight"] = "6"

    assert problems_after(heavier) == ["jumlah bobot komponen 101, seharusnya 100"]


def test_a_missing_component_is_named():
    found = problems_after(lambda rows: [r for r in rows if r["fields"].get("code", "") not in {"B"}])
    assert "komponennya A, seharusnya A, B" in found
    assert "B.I: simpul ini tidak tersambung ke komponen" in found


def test_each_predicate_needs_thresholds():
    def only_wbk(rows):
        return [r for r in rows if not (model_of(r) == "threshold" and r["fields"]["predicate"] == "WBBM")]

    assert problems_after(only_wbk) == ["predikat WBBM tidak mempunyai ambang batas"]


def test_a_cycle_of_nodes_is_named():
    def knot(rows):
        fields_of(rows, "node", "A.II.5.iii")["parent"] = ["lke-zi", 1, "A.II.5.iii.i"]

    found = problems_after(knot)
    assert "A.II.5.iii: simpul ini tidak tersambung ke komponen" in found
    assert "A.II.5.iii.i: simpul ini tidak tersambung ke komponen" in found


def test_values_given_by_others_need_only_fall():
    rows = bundled_rows()
    fields_of(rows, "choice", "A.I.1.i.b", "A")["value"] = "0.9"
    fields_of(rows, "choice", "A.I.1.i.b", "B")["value"] = "0.9"
    assert problems_of_rows(rows) == []
    fields_of(rows, "choice", "A.I.1.i.b", "C")["value"] = "0.9"
    assert problems_of_rows(rows) == ["A.I.1.i.b: nilai pilihan 0,9; 0,9; 0,9 tidak menurun"]


def test_two_instrument_rows_are_one_too_many():
    rows = bundled_rows()
    assert "baris instrumen ada 2, seharusnya 1" in problems_of_rows([*rows, rows[0]])


def test_rows_that_are_no_rows_do_no_harm():
    assert problems_of_rows([{}, {"model": "assessment.node"}, {"model": "assessment.node", "fields": {}}]) != []


def test_worksheet_and_rows_say_the_same():
    worksheet = bundled_worksheet()
    rows = bundled_rows()
    ours = [r for r in rows if model_of(r) in {"instrument", "threshold", "proposalcondition"}]
    again, problems = worksheet_of_rows(ours + rows_of_nodes(worksheet.roots, ("lke-zi", 1)))
    assert problems == []
    assert again == worksheet


def test_with_key_moves_every_row():
    moved = with_key(bundled_rows(), ("lke-zi", 1), ("lain", 7))
    assert {owner_of(row) for row in moved} == {("lain", 7)}
    assert problems_of_rows(moved, bundled=True) == []
