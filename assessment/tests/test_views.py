import pytest
from django.urls import reverse

from accounts.models import Role
from assessment import selectors, services
from assessment.models import Answer, Assessment, Event

from .factories import UnitFactory, UserFactory, answer, entry, filled, judge, member, opened, person

pytestmark = pytest.mark.django_db


def url(name, assessment, *args):
    return reverse(f"assessment:{name}", args=[2026, assessment.unit.code, *args])


@pytest.fixture
def user(client, assessment):
    found = member(assessment.unit)
    client.force_login(found)
    return found


def save(client, assessment, code, htmx=True, version="0", **fields):
    data = {f"{code}-{name}": value for name, value in ({"version": version} | fields).items()}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(url("answer-save", assessment, code), data, headers=headers)


def save_page(client, assessment, page="A.I.1", **fields):
    return client.post(url("page-save", assessment, page), fields)


# List and overview


@pytest.mark.parametrize("count", [1, 4])
def test_index_takes_the_same_queries_for_any_number_of_units(client, instrument, django_assert_num_queries, count):
    above = UnitFactory()
    for _ in range(count):
        filled(opened(UnitFactory(parent=above)), share=0.3)
    client.force_login(member(above, Role.OBSERVER))
    with django_assert_num_queries(6):  # session, user, whether an admin, count, assessments, scorecards
        response = client.get(reverse("assessment:index"))
    assert response.text.count("assessment-item") == count


def test_index_finds_units_by_name_code_and_year(client, instrument):
    above = UnitFactory()
    first = opened(UnitFactory(parent=above, name="Kantor Samsat", code="SAM-1"))
    opened(UnitFactory(parent=above, name="Dinas Sosial", code="SOS-1"))
    client.force_login(member(above, Role.OBSERVER))
    for query, found in (("samsat", 1), ("sos-1", 1), ("2026", 2), ("2025", 0), ("%", 0), ("9" * 30, 0)):
        assert client.get(reverse("assessment:index"), {"q": query}).text.count("assessment-item") == found, query
    assert first.unit.name in client.get(reverse("assessment:index"), {"q": "samsat"}).text


def test_index_says_what_to_expect_while_there_is_nothing(client, instrument):
    client.force_login(UserFactory())
    assert "Belum ada penilaian yang dapat Anda lihat." in client.get(reverse("assessment:index")).text


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_overview_shows_the_stored_scores_in_constant_queries(
    client, assessment, user, django_assert_num_queries, share
):
    if share:
        filled(assessment, share=share)
    result = selectors.stage_result(assessment)
    # session, user, assessment, memberships, scorecard, answers, attachments, planning (three)
    with django_assert_num_queries(10):
        page = client.get(url("detail", assessment)).text
    assert f"{result.answered} dari 113 kriteria terjawab" in page
    from assessment.trace import comma

    assert comma(result.total) in page
    assert comma(result.provisional_total) in page
    assert page.count('class="level-') == len(result.worksheet.nodes)
    assert ("Semua kriteria sudah dijawab." in page) is (share == 1.0)


def test_overview_links_every_unanswered_criterion(client, assessment, user):
    filled(assessment)
    for code, nothing in (("B.I.a", {}), ("B.I.b", {}), ("B.II.a", {})):
        answer(assessment, code, **nothing)
    page = client.get(url("detail", assessment)).text
    for code in ("B.I.a", "B.I.b", "B.II.a"):
        assert f"#k-{code.replace('.', '-')}" in page
    assert "#k-A-I-1-i-a" not in page


# One page


@pytest.mark.parametrize("share", [0.0, 1.0])
@pytest.mark.parametrize("page", ["A.I.6", "A.II.5", "B.I"])
def test_page_takes_the_same_queries_however_full_it_is(
    client, assessment, user, django_assert_num_queries, share, page
):
    if share:
        for _ in range(2):
            filled(opened(), share=1.0)
        filled(assessment, share=share)
    client.get(url("page", assessment, page))
    # session, user, assessment, memberships, answers, attachments, planning (three)
    with django_assert_num_queries(9):
        response = client.get(url("page", assessment, page))
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    expected = sum(1 for _ in worksheet.pages[page].all_criteria())
    assert response.text.count("<article") == expected


def test_every_page_of_the_worksheet_opens_and_together_they_show_every_criterion(client, assessment, user):
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    text = ""
    for page in worksheet.pages:
        response = client.get(url("page", assessment, page))
        assert response.status_code == 200
        text += response.text
    for code, criterion in worksheet.criteria.items():
        assert f'id="k-{criterion.slug}"' in text, code
        for choice in criterion.choices:
            assert f'name="{code}-choice" value="{choice.key}"' in text
    assert len(worksheet.pages) == 14


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.TPI_MEMBER])
def test_a_reader_sees_the_page_without_anything_to_save(client, assessment, role):
    filled(assessment, share=0.2)
    client.force_login(person(assessment, role))
    page = client.get(url("page", assessment, "A.I.1")).text
    assert "hx-post" not in page
    assert 'id="lembar"' not in page
    assert "Anda hanya dapat melihat lembar ini." in page


def test_what_people_write_is_shown_as_text(client, assessment, user):
    answer(assessment, "A.I.1.i.a", choice="Y", note="</textarea><script>alert(1)</script>")
    page = client.get(url("page", assessment, "A.I.1")).text
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page


def test_no_page_has_inline_script_or_style(client, assessment, user):
    import re

    filled(assessment, share=0.5)
    for address in (
        reverse("assessment:index"), url("detail", assessment), url("page", assessment, "A.II.5"),
        url("explain-total", assessment), url("history", assessment),
    ):  # fmt: skip
        response = client.get(address)
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", response.text), address
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize(
    "address", ["lembar/A.I/", "lembar/A.I.1.i/", "lembar/X/", "mengapa/A.I.9/", "riwayat/?kriteria=A"]
)
def test_places_that_are_none_are_not_found(client, assessment, user, address):
    assert client.get(url("detail", assessment) + address).status_code == 404


# Saving one answer


def test_saving_answers_with_the_card_and_the_figures_of_its_nodes(client, assessment, user):
    response = save(client, assessment, "A.I.1.i.a", choice="Y", note="ada")
    assert response.status_code == 200
    assert "<html" not in response.text
    assert 'name="A.I.1.i.a-version" value="1"' in response.text
    assert "Tersimpan." in response.text
    assert '<span id="n-A-I-1-i" hx-swap-oob="innerHTML">0,25</span>' in response.text
    assert '<span id="v-A-I-1-i" hx-swap-oob="innerHTML">0,50</span>' in response.text
    assert '<span id="p-A-I-1" class="count" hx-swap-oob="true">1/12</span>' in response.text
    assert '<span id="t-answered" hx-swap-oob="innerHTML">1</span>' in response.text
    stored = Answer.objects.get()
    assert (stored.choice.key, stored.note, stored.changed_by) == ("Y", "ada", user)


def test_saving_one_answer_takes_twelve_queries_however_full_the_worksheet_is(
    client, assessment, user, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        assert save(client, assessment, "A.I.1.i.a", choice="Y").status_code == 200
    filled(opened())
    filled(assessment)
    with django_assert_max_num_queries(12):
        assert save(client, assessment, "B.II.a", version="1", index="0,5").status_code == 200
    with django_assert_max_num_queries(12):
        assert save(client, assessment, "B.II.a", version="2", index="3,6").status_code == 200
    assert Event.objects.filter(assessment=assessment, criterion="B.II.a").count() == 3


def test_a_refused_answer_says_why_beside_the_field_and_changes_nothing(client, assessment, user):
    save(client, assessment, "A.II.4.i.a", n1="4", n2="2")
    response = save(client, assessment, "A.II.4.i.a", version="1", n1="4", n2="9")
    assert response.status_code == 422
    assert "Sasaran yang tercapai tidak boleh lebih banyak daripada jumlah sasaran kinerja." in response.text
    assert 'data-invalid="A.II.4.i.a-n2"' in response.text
    assert 'value="1"' in response.text
    assert Answer.objects.get().counts == [4, 2]


def test_a_remark_is_shown_but_saved(client, assessment, user):
    response = save(client, assessment, "A.II.5.ii.a", n1="0", n2="0", n3="0")
    assert response.status_code == 200
    assert "Penyebut nol: perlu penetapan TPI." in response.text
    assert Answer.objects.get().counts == [0, 0, 0]


def test_a_ratio_is_shown_as_soon_as_its_counts_are_there(client, assessment, user):
    assert "Belum dijawab lengkap." in save(client, assessment, "A.II.4.i.a", n1="8").text
    assert "62,50%" in save(client, assessment, "A.II.4.i.a", version="1", n1="8", n2="5").text


def test_a_stale_version_shows_both_answers_and_saves_neither(client, assessment, user):
    colleague = member(assessment.unit)
    services.record_answers(
        assessment=assessment, entries=[entry("A.I.1.i.b", "punya rekan", choice="A")], by=colleague
    )
    response = save(client, assessment, "A.I.1.i.b", choice="C", note="punya saya")
    assert response.status_code == 409
    assert "punya rekan" in response.text
    assert str(colleague) in response.text
    # The version stays the one this person saw: pressing save again does not win, choosing does.
    assert 'name="A.I.1.i.b-version" value="0"' in response.text
    assert 'data-keep-mine name="A.I.1.i.b-version" value="1"' in response.text
    assert save(client, assessment, "A.I.1.i.b", choice="C", note="punya saya").status_code == 409
    assert (Answer.objects.get().choice.key, Answer.objects.get().note) == ("A", "punya rekan")

    assert save(client, assessment, "A.I.1.i.b", version="1", choice="C", note="punya saya").status_code == 200
    assert (Answer.objects.get().choice.key, Answer.objects.get().note) == ("C", "punya saya")


def test_saving_one_answer_without_a_script_goes_back_to_its_place(client, assessment, user):
    response = save(client, assessment, "A.I.1.i.a", htmx=False, choice="Y")
    assert response.url == url("page", assessment, "A.I.1") + "#k-A-I-1-i-a"


@pytest.mark.parametrize("extra", ["score", "weight", "status", "state", "changed_by", "unit", "ratio", "value"])
def test_what_is_not_the_clients_to_say_is_ignored(client, assessment, user, extra):
    save(client, assessment, "A.I.1.i.b", choice="B", **{extra: "99"})
    stored = Answer.objects.get()
    assert (stored.choice.value, stored.ratio, stored.changed_by) == (pytest.approx(0.5), None, user)
    card = selectors.scorecard_of(assessment, "unit")
    assert (str(card.total), card.nodes["A.I.1.i"]["weight"]) == ("0.13", "0.50")


def test_a_saved_answer_is_there_after_reloading(client, assessment, user):
    save(client, assessment, "B.I.a", index="3,6", note="survei\nSKM")
    save(client, assessment, "B.I.b", choice="C")
    page = client.get(url("page", assessment, "B.I")).text
    assert 'name="B.I.a-index" value="3,60"' in page
    assert "survei\nSKM</textarea>" in page
    assert 'name="B.I.b-choice" value="C" form="lembar" checked' in page


# Saving a whole page, as without JavaScript


def test_a_page_saves_all_its_answers_and_returns_to_the_pressed_button(client, assessment, user):
    response = save_page(
        client, assessment,
        **{"A.I.1.i.a-choice": "Y", "A.I.1.i.a-version": "0", "A.I.1.i.b-choice": "B", "A.I.1.i.b-version": "0",
           "A.I.1.i.b-note": "berita acara", "kembali": "A-I-1-ii"},
    )  # fmt: skip
    assert response.url == url("page", assessment, "A.I.1") + "#s-A-I-1-ii"
    for pressed, place in (("A-I-1-i-a", "#k-A-I-1-i-a"), ("https://contoh.invalid", ""), ("", "")):
        assert save_page(client, assessment, kembali=pressed).url == url("page", assessment, "A.I.1") + place
    assert [a.choice.key for a in Answer.objects.order_by("criterion__order")] == ["Y", "B"]
    assert "2 jawaban tersimpan." in client.get(response.url).text


@pytest.mark.parametrize("count", [1, 12])
def test_saving_a_page_takes_the_same_queries_for_any_number_of_answers(
    client, assessment, user, django_assert_max_num_queries, count
):
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    criteria = list(worksheet.pages["A.I.1"].all_criteria())[:count]
    data = {f"{c.code}-choice": c.choices[0].key for c in criteria} | {f"{c.code}-version": "0" for c in criteria}
    with django_assert_max_num_queries(14):
        save_page(client, assessment, **data)
    assert Answer.objects.count() == count


def test_a_page_with_a_bad_answer_saves_the_good_ones_and_keeps_what_was_typed(client, assessment, user):
    response = save_page(
        client, assessment, "A.II.4",
        **{"A.II.4.i.a-n1": "3", "A.II.4.i.a-n2": "tiga", "A.II.4.i.a-version": "0", "A.II.4.i.a-note": "draf",
           "A.II.4.ii.a-choice": "A", "A.II.4.ii.a-version": "0"},
    )  # fmt: skip
    assert response.status_code == 422
    assert 'value="tiga"' in response.text
    assert "draf</textarea>" in response.text
    assert 'id="f-A-II-4-i-a-n2" name="A.II.4.i.a-n2" value="tiga"' in response.text
    assert response.text.count('aria-invalid="true"') == 1
    assert '<a href="#f-A-II-4-i-a-n2">' in response.text
    assert [a.criterion.code for a in Answer.objects.all()] == ["A.II.4.ii.a"]


def test_a_page_with_a_conflict_shows_both_and_lets_the_person_choose_without_script(client, assessment, user):
    answer(assessment, "A.I.1.i.b", by=member(assessment.unit), choice="A", note="punya rekan")
    data = {"A.I.1.i.b-choice": "C", "A.I.1.i.b-note": "punya saya", "A.I.1.i.b-version": "0"}
    response = save_page(client, assessment, **data)
    assert response.status_code == 409
    assert "punya rekan" in response.text
    assert "punya saya</textarea>" in response.text
    # The button "Pakai isian saya" posts the present version after the stale one.
    client.post(url("page-save", assessment, "A.I.1"), data | {"A.I.1.i.b-version": ["0", "1"]})
    assert (Answer.objects.get().choice.key, Answer.objects.get().note) == ("C", "punya saya")


def test_answers_of_another_page_are_not_taken(client, assessment, user):
    save_page(client, assessment, **{"A.I.2.i.a-choice": "A", "A.I.2.i.a-version": "0"})
    assert not Answer.objects.exists()


# Finding the way


def test_next_unanswered_goes_on_from_here_and_round_again(client, assessment, user):
    filled(assessment, share=1.0)
    assert client.get(url("next-unanswered", assessment)).url == url("detail", assessment)
    for code in ("A.I.1.i.a", "A.II.6.ii.a"):
        stored = selectors.answers_of(assessment, "unit")[code]
        save(client, assessment, code, version=str(stored.version), choice="")
    place = url("next-unanswered", assessment)
    assert client.get(place).url.endswith("/lembar/A.I.1/#k-A-I-1-i-a")
    assert client.get(place, {"dari": "A.I.1.i.a"}).url.endswith("/lembar/A.II.6/#k-A-II-6-ii-a")
    assert client.get(place, {"dari": "B.I.a"}).url.endswith("#k-A-I-1-i-a")
    assert client.get(place, {"dari": "tidak ada"}).url.endswith("#k-A-I-1-i-a")


@pytest.mark.parametrize(
    "node", ["A", "A.I", "A.I.1", "A.I.1.i", "A.I.1.i.a", "A.II.5.iii", "A.II.4.i.a", "B.I.a", "B.I"]
)
def test_any_figure_explains_itself_as_a_page_and_as_a_panel(client, assessment, user, node):
    filled(assessment)
    whole = client.get(url("explain", assessment, node))
    panel = client.get(url("explain", assessment, node), headers={"HX-Request": "true"})
    assert "<html" in whole.text
    assert "<html" not in panel.text
    assert "Perhitungan" in panel.text
    assert panel.text.strip() in whole.text
    assert "HX-Request" in panel.headers["Vary"]


def test_history_tells_who_changed_what_in_constant_queries(client, assessment, user, django_assert_num_queries):
    answer(assessment, "A.I.1.i.a", by=user, choice="Y")
    answer(assessment, "A.I.1.i.a", by=user, choice="T", note="diperbaiki")
    filled(opened())
    for address in (url("history", assessment), url("history", assessment) + "?kriteria=A.I.1.i.a"):
        with django_assert_num_queries(6):  # session, user, assessment, memberships, count, events
            page = client.get(address).text
        assert "<del>Ya</del>" in page
        assert "<ins>Tidak</ins>" in page
        assert str(user) in page
    filled(assessment, share=0.3, seed=9)
    with django_assert_num_queries(6):
        client.get(url("history", assessment))


def test_each_stage_that_may_be_read_explains_itself(client, assessment):
    answer(assessment, "A.I.1.i.a", choice="Y")
    Assessment.objects.filter(pk=assessment.pk).update(state="review")
    judge(assessment, "tpi", entry("A.I.1.i.a", "Tidak ada SK.", choice="T"))
    client.force_login(person(assessment, Role.TPI_MEMBER))
    explained = url("explain", assessment, "A.I.1.i.a")
    assert "Ya" in client.get(explained).text
    text = client.get(explained, {"tahap": "tpi"}).text
    assert '<span class="tag">TPI</span>' in text
    assert "?tahap=tpi" in text
    assert client.get(explained, {"tahap": "x"}).status_code == 404
    client.force_login(member(assessment.unit))
    for name in (explained, url("explain-total", assessment)):
        assert client.get(name, {"tahap": "tpi"}).status_code == 404


def test_the_history_tells_a_unit_nothing_of_work_under_way(client, assessment):
    answer(assessment, "A.I.1.i.a", choice="Y")
    Assessment.objects.filter(pk=assessment.pk).update(state="review")
    judge(assessment, "tpi", entry("A.I.1.i.a", "Rahasia dulu.", choice="T"))
    row = Assessment.objects.for_page().get()
    for kind, data in (
        ("moved", {"from": "review", "to": "lead_check", "reason": "Antar penilai", "open": False}),
        ("moved", {"from": "review", "to": "returned", "reason": "Untuk unit", "open": True}),
        ("conflict", {"reason": "Kerabat"}),
        ("finding", {"from": {"text": ""}, "to": {"text": "Lengkapi SK"}}),
    ):
        services.append_events(row, kind, [("", data)], by=None, stage="tpi")

    def said(user):
        client.force_login(user)
        text = client.get(url("history", assessment)).text
        found = ("Rahasia dulu.", "Antar penilai", "Untuk unit", "Kerabat", "Lengkapi SK")
        return [part for part in found if part in text]

    everything = ["Rahasia dulu.", "Antar penilai", "Untuk unit", "Kerabat", "Lengkapi SK"]
    assert said(member(assessment.unit)) == ["Untuk unit", "Lengkapi SK"]
    assert said(person(assessment, Role.TPI_LEAD)) == everything
    assert said(member(assessment.unit, Role.OBSERVER)) == everything
    Assessment.objects.filter(pk=assessment.pk).update(state="fulfils")
    assert said(member(assessment.unit)) == ["Rahasia dulu.", "Untuk unit", "Lengkapi SK"]
