"""The ministry's list, made of our own instrument: read, laid over ours, and scored the same."""

import random
from decimal import Decimal as D

import pytest

from assessment import demo
from assessment.portalrb_list import UnusableList, read_list
from assessment.portalrb_plan import plan_of
from assessment.scoring import Given, score
from assessment.worksheet import Worksheet

from .bundled import bundled_worksheet
from .portalrb import encoded, home_of, node_of, nodes_of, question_list, soal_of, soals_of


def planned(questions):
    return plan_of(read_list(encoded(questions)), bundled_worksheet())


def worksheet_of(plan):
    return Worksheet("Uji", plan.roots, bundled_worksheet().thresholds)


def problems(questions):
    with pytest.raises(UnusableList) as caught:
        planned(questions)
    return caught.value.problems


def answers(worksheet, seed):
    drawn = demo.entries_for(worksheet, random.Random(seed), share=1.0, quality=0.6)
    return {entry.code: entry.given for entry in drawn if random.Random(f"{seed}{entry.code}").random() < 0.9}


def assert_scores_as_ours(plan):
    ours, theirs = bundled_worksheet(), worksheet_of(plan)
    for seed in range(20):
        given = answers(ours, seed)
        one, other = score(ours, given), score(theirs, given)
        assert other.nodes == one.nodes
        assert (other.total, other.provisional_total, other.checks) == (one.total, one.provisional_total, one.checks)


# What a list may look like and still be ours


def shuffled(questions):
    for node in list(nodes_of(questions)):
        random.Random(3).shuffle(node["children"])
        random.Random(4).shuffle(node["soals"])


def reversed_indexes(questions):
    for node in nodes_of(questions):
        for i, child in enumerate(node["children"]):
            child["order_index"] = -i


def without_schemes(questions):
    for i, soal in enumerate(soals_of(questions)):
        soal["skema_penilaian"] = []
        if i % 2:
            del soal["skema_penilaian"]


def lower_case_types(questions):
    for soal in soals_of(questions):
        soal["jenis_jawaban"] = soal["jenis_jawaban"].lower()


def misspelt(questions):
    for i, row in enumerate([*soals_of(questions), *nodes_of(questions)]):
        name = "nama" if "nama" in row else "teks_pertanyaan"
        words = row[name].split(" ")
        words[-1] = words[-1][:1] + words[-1][2:] if i % 2 else words[-1].upper()
        row[name] = "  ".join(words)


def marked_up(questions):
    for soal in soals_of(questions):
        soal["teks_pertanyaan"] = f"<p>{soal['teks_pertanyaan'].replace(' ', '&nbsp;', 1)}</p>"


def other_ids(questions):
    for i, soal in enumerate(soals_of(questions)):
        soal["id"], soal["excel_baris"] = 9000 - i, None


def without_weights(questions):
    for row in [*nodes_of(questions), *soals_of(questions)]:
        row["bobot_maksimal"] = None


def weights_as_texts(questions):
    for node in nodes_of(questions):
        node["bobot_maksimal"] = f"{node['bobot_maksimal']:.2f}".replace(".", ",")


def lhkpn_in_one_row(questions):
    node = node_of(questions, "A.II.5.iii")
    node["soals"] = [soal for child in node["children"] for soal in child["soals"]]
    node["children"] = []


def lhkpn_side_by_side(questions):
    area, heading = node_of(questions, "A.II.5"), node_of(questions, "A.II.5.iii")
    area["children"] = [c for c in area["children"] if c is not heading] + heading["children"]


def lhkpn_weightless(questions):
    for child in node_of(questions, "A.II.5.iii")["children"]:
        child["bobot_maksimal"] = 0


def lhkpn_without_group_heading(questions):
    lhkpn_in_one_row(questions)
    for soal in node_of(questions, "A.II.5.iii")["soals"]:
        soal["teks_pertanyaan"] = soal["teks_pertanyaan"].split(": ")[-1]


def results_in_areas(questions):
    for code in ("B.I", "B.II"):
        section = node_of(questions, code)
        section["children"] = [
            {
                "id": soal["id"], "nama": f"{i}. {soal['teks_pertanyaan'][:30]}", "level": "area_perubahan",
                "bobot_maksimal": soal["bobot_maksimal"], "order_index": i, "children": [], "soals": [soal],
            }
            for i, soal in enumerate(section["soals"])
        ]  # fmt: skip
        section["soals"] = []


def results_weighted_by_their_area(questions):
    results_in_areas(questions)
    for code in ("B.I", "B.II"):
        for child in node_of(questions, code)["children"]:
            child["soals"][0]["bobot_maksimal"] = None


def swapped_counts(questions):
    row = home_of(questions, 110)
    for soal, place in zip(row, (171, 169, 170), strict=True):
        soal["excel_baris"] = place


VARIATIONS = [
    shuffled, reversed_indexes, without_schemes, lower_case_types, misspelt, marked_up, other_ids, without_weights,
    weights_as_texts, lhkpn_in_one_row, lhkpn_side_by_side, lhkpn_weightless, lhkpn_without_group_heading,
    results_in_areas, results_weighted_by_their_area, swapped_counts,
]  # fmt: skip


def test_list_of_our_own_instrument_is_our_own_instrument():
    plan = planned(question_list())
    assert_scores_as_ours(plan)
    assert (plan.unplaced, plan.added, plan.missing, plan.differences, plan.remarks) == ([], [], [], [], [])
    assert sorted(plan.placed) == list(range(1, 128))
    assert plan.placed[1] == "A.I.1.i.a"
    assert plan.placed[91] == "A.II.1.i.b.2"
    assert plan.placed[127] == "B.II.a"


@pytest.mark.parametrize("vary", VARIATIONS, ids=[vary.__name__ for vary in VARIATIONS])
def test_variations_of_the_list_score_the_same(vary):
    questions = question_list()
    vary(questions)
    plan = planned(questions)
    assert_scores_as_ours(plan)
    assert (plan.unplaced, plan.added, plan.missing) == ([], [], [])
    assert sorted(plan.placed.values()) == sorted(planned(question_list()).placed.values())


@pytest.mark.parametrize("seed", range(5))
def test_all_variations_at_once_score_the_same(seed):
    questions = question_list()
    chosen = [shuffled, without_schemes, lower_case_types, misspelt, marked_up, weights_as_texts]
    chosen += random.Random(seed).sample([lhkpn_in_one_row, lhkpn_side_by_side], 1)
    chosen += [results_weighted_by_their_area]
    for vary in chosen:
        vary(questions)
    plan = planned(questions)
    assert_scores_as_ours(plan)
    assert (plan.unplaced, plan.added, plan.missing) == ([], [], [])


def test_places_keep_everything_else_of_ours():
    theirs = {c.code: c for c in worksheet_of(planned(question_list())).criteria.values()}
    for code, ours in bundled_worksheet().criteria.items():
        found = theirs[code]
        assert (found.formula, found.zero_rule, found.limits) == (ours.formula, ours.zero_rule, ours.limits)
        assert (found.documents, found.help, found.quantities) == (ours.documents, ours.help, ours.quantities)
        assert (found.soal_id, found.excel_row) == (ours.soal_id, ours.excel_row)


# Wording and values


def choice_texts(plan, code):
    return {c.key: c.text for c in worksheet_of(plan).criteria[code].choices}


def test_titles_and_choices_take_the_official_wording():
    questions = question_list()
    soal_of(questions, 2)["teks_pertanyaan"] = "b. Penentuan anggota tim dipilih melalui mekanisme jelas"
    plan = planned(questions)
    assert worksheet_of(plan).criteria["A.I.1.i.b"].title == "Penentuan anggota tim dipilih melalui mekanisme jelas"
    assert choice_texts(plan, "A.I.1.i.b")["B"] == "Resmi A.I.1.i.b B"
    assert choice_texts(plan, "A.I.1.i.a") == {"Y": "Resmi A.I.1.i.a Y", "T": "Resmi A.I.1.i.a T"}
    (difference,) = plan.differences
    assert (difference["code"], difference["what"]) == ("A.I.1.i.b", "title")


def test_rubric_gives_the_wording_where_the_scheme_has_none():
    questions = question_list()
    soal = soal_of(questions, 2)
    soal["kriteria_nilai"] = "<p>a. Jelas dan mewakili</p><p>b. Sebagian</p><p>c. Tidak dipilih</p>"
    expected = {"A": "Jelas dan mewakili", "B": "Sebagian", "C": "Tidak dipilih"}
    soal["skema_penilaian"] = [{"key": k, "label": k, "multiplier": None} for k in "abc"]
    assert choice_texts(planned(questions), "A.I.1.i.b") == expected
    del soal["skema_penilaian"]
    assert choice_texts(planned(questions), "A.I.1.i.b") == expected


def test_our_own_rubric_gives_the_wording_where_the_list_has_none():
    questions = question_list()
    without_schemes(questions)
    ours = {c.key: c.text for c in bundled_worksheet().criteria["A.I.1.i.b"].choices}
    assert choice_texts(planned(questions), "A.I.1.i.b") == ours


def test_scheme_gives_the_values():
    questions = question_list()
    for option, value in zip(soal_of(questions, 2)["skema_penilaian"], (1, "0,6", 0.1), strict=True):
        option["multiplier"] = value
    plan = planned(questions)
    assert [c.value for c in worksheet_of(plan).criteria["A.I.1.i.b"].choices] == [D("1"), D("0.6"), D("0.1")]
    (difference,) = plan.differences
    assert difference == {
        "code": "A.I.1.i.b", "what": "values", "bundled": "A=1 B=0.5 C=0", "list": "A=1 B=0.6 C=0.1",
    }  # fmt: skip


def test_values_that_never_end_are_rounded_and_that_is_said():
    questions = question_list()
    soal_of(questions, 6)["skema_penilaian"][1]["multiplier"] = 0.6666666667
    plan = planned(questions)
    assert worksheet_of(plan).criteria["A.I.1.iii.a"].choices[1].value == D("0.6667")
    assert plan.remarks == ["soal 6: the value 0.6666666667 is kept as 0.6667"]


def test_another_answer_type_is_taken_and_named():
    questions = question_list()
    soal = soal_of(questions, 2)
    soal["jenis_jawaban"] = "ABCD"
    soal["skema_penilaian"] = [{"key": k, "label": f"Teks {k}", "multiplier": None} for k in "ABCD"]
    plan = planned(questions)
    assert [c.value for c in worksheet_of(plan).criteria["A.I.1.i.b"].choices] == [D("1"), D("0.67"), D("0.33"), D("0")]
    assert {d["what"]: (d["bundled"], d["list"]) for d in plan.differences if d["what"] == "type"} == {
        "type": ("ABC", "ABCD")
    }


def test_other_weights_are_taken_and_named():
    questions = question_list()
    for code, weight in (("A.I.1.i", 0.75), ("A.I.1.ii", 0.75)):
        node_of(questions, code)["bobot_maksimal"] = weight
    for number, weight in ((125, 16.5), (126, 6)):
        soal_of(questions, number)["bobot_maksimal"] = weight
    plan = planned(questions)
    assert [(d["code"], d["what"], d["list"]) for d in plan.differences] == [
        ("A.I.1.i", "weight", "0.75"),
        ("A.I.1.ii", "weight", "0.75"),
        ("B.I.a", "weight", "16.5"),
        ("B.I.b", "weight", "6"),
    ]


# What has no place


def test_a_new_question_with_texts_becomes_a_criterion_after_the_others():
    questions = question_list()
    home_of(questions, 1).insert(
        0, soal_of(questions, 3) | {"id": 900, "teks_pertanyaan": "Soal baru", "excel_baris": 1}
    )
    plan = planned(questions)
    assert plan.placed[900] == "A.I.1.i.c"
    assert plan.added == ["A.I.1.i.c"]
    codes = [c.code for c in worksheet_of(plan).nodes["A.I.1.i"].criteria]
    assert codes == ["A.I.1.i.a", "A.I.1.i.b", "A.I.1.i.c"]
    assert (plan.placed[1], plan.placed[2]) == ("A.I.1.i.a", "A.I.1.i.b")
    assert plan.remarks == ["the list says it has 127 questions, but it has 128"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("ABC", "A.I.1.i has no such question, and its choices have no texts"),
        ("Jumlah", "no percentage of this place is computed from it"),
        ("Persentase", "percentages are computed from their counts"),
    ],
)
def test_questions_without_a_place_are_reported(kind, reason):
    questions = question_list()
    home_of(questions, 1).append({"id": 900, "teks_pertanyaan": "Soal tak dikenal", "jenis_jawaban": kind})
    plan = planned(questions)
    assert_scores_as_ours(plan)
    (left,) = plan.unplaced
    assert (left["soal_id"], left["text"], left["reason"]) == (900, "Soal tak dikenal", reason)


def test_a_question_beside_sub_areas_is_reported():
    questions = question_list()
    node_of(questions, "A.I.1")["soals"] = [{"id": 900, "teks_pertanyaan": "Soal tak dikenal", "jenis_jawaban": "ABC"}]
    (left,) = planned(questions).unplaced
    assert (left["soal_id"], left["reason"]) == (900, "stands directly in A.I.1, which has parts of its own")


def test_a_count_too_many_in_one_row_is_reported():
    questions = question_list()
    lhkpn_in_one_row(questions)
    home_of(questions, 113).append({"id": 900, "teks_pertanyaan": "Xyz", "jenis_jawaban": "Jumlah"})
    plan = planned(questions)
    assert_scores_as_ours(plan)
    (left,) = plan.unplaced
    assert (left["soal_id"], left["reason"]) == (900, "A.II.5.iii has no place for it")


def test_more_new_questions_than_letters_are_reported():
    questions = question_list()
    for number in range(900, 925):
        new = soal_of(questions, 3) | {"id": number, "teks_pertanyaan": f"{number} " * 9, "excel_baris": None}
        home_of(questions, 1).append(new)
    plan = planned(questions)
    assert [left["reason"] for left in plan.unplaced] == ["A.I.1.i has no letter left for it"]
    assert plan.added[-1] == "A.I.1.i.z"


def test_a_count_with_another_title_keeps_its_place_and_is_named():
    questions = question_list()
    soal_of(questions, 105)["teks_pertanyaan"] = "- Banyaknya target"
    plan = planned(questions)
    assert plan.placed[105] == "A.II.4.i.a.1"
    assert plan.differences == [
        {"code": "A.II.4.i.a.1", "what": "title", "bundled": "Jumlah Sasaran Kinerja", "list": "Banyaknya target"}
    ]


def test_a_new_sub_area_gets_the_next_number():
    questions = question_list()
    area = node_of(questions, "A.I.3")
    fresh = node_of(question_list(), "A.I.3.v") | {
        "id": "baru",
        "nama": "vii. Hal yang Sama Sekali Lain",
        "order_index": 9,
    }
    fresh["soals"][0] |= {"id": 900, "excel_baris": 900}
    area["children"].append(fresh)
    node_of(questions, "A.I.3.iv")["bobot_maksimal"] = 1.25
    plan = planned(questions)
    assert plan.added == ["A.I.3.vii", "A.I.3.vii.a"]
    assert worksheet_of(plan).nodes["A.I.3.vii"].weight == D("0.75")


def test_questions_that_the_list_lacks_are_named():
    questions = question_list()
    del home_of(questions, 2)[1]
    plan = planned(questions)
    assert plan.missing == ["A.I.1.i.b"]
    assert plan.remarks == ["the list says it has 127 questions, but it has 126"]


@pytest.mark.parametrize("number", [88, 90, 103, 105, 112, 115, 120, 123], ids=lambda number: f"soal-{number}")
def test_a_missing_count_makes_the_list_unusable(number):
    questions = question_list()
    row = home_of(questions, number)
    row[:] = [soal for soal in row if soal["id"] != number]
    found = problems(questions)
    assert len(found) == 1
    assert "the list lacks this count" in found[0]


# Lists that cannot be used


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"data": [NaN]}', "not JSON: NaN is not a number"),
        (b'{"data": [' + b"9" * 5000 + b"]}", "not JSON"),
        (b"[]", "not a question list"),
        (b'"data"', "not a question list"),
        (b'{"data": {}}', "not a question list"),
        (b'{"data": []}', "the list holds no questions"),
        (b'{"data": [1]}', "data: is not a list of objects"),
        (b'{"data": [], "tahun": true}', "tahun: is not a number"),
        (b" " * (5 * 1024 * 1024 + 1), "larger than 5 MiB"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:12].decode("latin-1"),
)
def test_files_that_are_no_list_are_refused(content, message):
    with pytest.raises(UnusableList, match=message):
        read_list(content)


WRONG_VALUES = [None, 7, True, "", "  ", [], {}, [1], ["x"], {"a": 1}, -1, 1.5, 1e300, 10**13, "\u0000", "x" * 30_000]


@pytest.mark.parametrize("name", ["nama", "level", "bobot_maksimal", "order_index", "children", "soals"])
@pytest.mark.parametrize("value", WRONG_VALUES, ids=repr)
def test_wrong_values_in_a_node_never_crash(name, value):
    questions = question_list()
    node_of(questions, "A.I.1.i")[name] = value
    never_crashes(questions)


SOAL_NAMES = [
    "id",
    "teks_pertanyaan",
    "kriteria_nilai",
    "jenis_jawaban",
    "bobot_maksimal",
    "skema_penilaian",
    "excel_baris",
]


@pytest.mark.parametrize("name", SOAL_NAMES)
@pytest.mark.parametrize("value", WRONG_VALUES, ids=repr)
def test_wrong_values_in_a_question_never_crash(name, value):
    questions = question_list()
    soal_of(questions, 2)[name] = value
    never_crashes(questions)


@pytest.mark.parametrize("name", ["key", "label", "multiplier"])
@pytest.mark.parametrize("value", WRONG_VALUES, ids=repr)
def test_wrong_values_in_a_scheme_never_crash(name, value):
    questions = question_list()
    soal_of(questions, 2)["skema_penilaian"][0][name] = value
    never_crashes(questions)


def never_crashes(questions):
    """Plan the list, or refuse it in words."""
    try:
        assert planned(questions).roots
    except UnusableList as error:
        assert all(error.problems)


REFUSED = [
    (lambda q: soal_of(q, 2).update(jenis_jawaban="ESAI"), "cannot be answered, its type 'ESAI' is unknown"),
    (lambda q: soal_of(q, 2).update(id=None), "has no id"),
    (lambda q: soal_of(q, 2).update(id=1), "soal 1: comes twice"),
    (lambda q: soal_of(q, 2).update(teks_pertanyaan="<p> </p>"), "teks_pertanyaan: is empty"),
    (lambda q: soal_of(q, 2)["skema_penilaian"].pop(), "has A, B instead of A, B, C"),
    (lambda q: soal_of(q, 2)["skema_penilaian"][0].update(key="B"), "has B, B, C instead of A, B, C"),
    (lambda q: soal_of(q, 2)["skema_penilaian"][0].update(multiplier="banyak"), "multiplier: is not a number"),
    (lambda q: node_of(q, "A.I.1").update(level="bagian"), "unknown level 'bagian'"),
    (lambda q: node_of(q, "A.I.1").update(level="komponen"), "a komponen cannot stand in a sub_komponen"),
    (lambda q: q["data"][0].update(level="area_perubahan"), "a area_perubahan cannot stand at the top"),
    (lambda q: node_of(q, "A.I.1").update(bobot_maksimal=-4), "bobot_maksimal: is below 0"),
    (
        lambda q: q["data"].append(dict(node_of(q, "B"), nama="C. LAIN", soals=[], children=[])),
        "our instrument has no such",
    ),
    (
        lambda q: node_of(q, "A.I")["children"].append(
            dict(node_of(q, "A.I.1"), nama="7. LAIN SAMA SEKALI", children=[])
        ),
        "our instrument has no such",
    ),
    (lambda q: soal_of(q, 2).update(kriteria_nilai=7), "kriteria_nilai: is not a text"),
    (lambda q: soal_of(q, 2).update(kriteria_nilai="x" * 20_001), "kriteria_nilai: is longer than 20000 characters"),
    (lambda q: soal_of(q, 2).update(excel_baris=1.5), "excel_baris: is not a whole number from 0 to 2147483647"),
    (lambda q: soal_of(q, 2).update(excel_baris=2**31), "excel_baris: is not a whole number from 0 to 2147483647"),
    (lambda q: node_of(q, "A.I").update(children=[]), "A.I: the list has nothing of its parts"),
    (lambda q: nest(node_of(q, "A.I.1.i"), 9), "nested more than 8 levels deep"),
    (lambda q: home_of(q, 1).extend({"id": n} for n in range(2000)), "more than 1000 questions"),
]


def nest(node, depth):
    for _ in range(depth):
        node["children"] = [{"nama": "Dalam", "level": "sub_area", "children": [], "soals": []}]
        node = node["children"][0]


@pytest.mark.parametrize(("spoil", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_unusable_lists_say_why(spoil, message):
    questions = question_list()
    spoil(questions)
    assert [text for text in problems(questions) if message in text] != []


def test_endless_problems_are_cut_short():
    questions = question_list()
    for soal in soals_of(questions):
        soal["jenis_jawaban"] = "?"
    found = problems(questions)
    assert len(found) == 41
    assert found[-1] == "… and 87 more"


def test_answers_drawn_here_reach_every_criterion():
    drawn = set().union(*(answers(bundled_worksheet(), seed) for seed in range(20)))
    assert drawn == set(bundled_worksheet().criteria)
    assert Given() not in answers(bundled_worksheet(), 1).values()
