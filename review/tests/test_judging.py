"""The reviewers' pages: both sides, saving, agreeing, verdicts."""

import pytest
from django.urls import reverse

from accounts.models import Role
from assessment import selectors
from assessment.models import Event, Stage, State
from assessment.services import record_answers
from assessment.tests.factories import answer, best_entries, entry, judge
from evidence.services.documents import Content, replace_content
from evidence.tests.factories import attachment, stored
from review.models import Verdict
from review.services.steps import take_step

from .factories import (
    UserFactory,
    agreed,
    at_state,
    in_review,
    member,
    opened,
    refreshed,
    returned,
    reviewer,
    second_of,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]
CODE = "A.I.1.i.a"


@pytest.fixture
def row():
    return in_review()


@pytest.fixture
def user(client, row):
    found = reviewer(row)
    client.force_login(found)
    return found


def url(name, row, *args):
    return reverse(f"review:{name}", args=[2026, row.unit.code, *args])


def page(client, row, query="", node="A.I.1"):
    response = client.get(url("judge-page", row, node) + query)
    assert response.status_code == 200
    return response.text


def ours(row, code=CODE, stage=Stage.TPI):
    return selectors.answers_of(row, stage).get(code)


def theirs(row, code=CODE):
    return selectors.answers_of(row, Stage.UNIT)[code].choice.key


def other(row):
    return "T" if theirs(row) == "Y" else "Y"


def posted(choice, note="", version=0, **more):
    return {f"{CODE}-choice": choice, f"{CODE}-note": note, f"{CODE}-version": str(version), **more}


HTMX = {"HX-Request": "true"}


def test_the_page_shows_the_units_answer_beside_the_reviewers(client, row, user):
    text = page(client, row)
    assert "Jawaban unit" in text
    assert f'action="{url("agree", row, CODE)}"' in text
    assert text.count("data-criterion") == 12
    assert "Belum dinilai" in text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_an_answer_is_saved_in_the_reviewers_own_stage(client, row, user, headers):
    before = selectors.answers_of(row, Stage.UNIT)[CODE].version
    response = client.post(url("judge-save", row, CODE), posted(other(row), "Tidak ada SK."), headers=headers)
    assert response.status_code == (200 if headers else 302)
    stored = ours(row)
    assert (stored.choice.key, stored.note, stored.changed_by) == (other(row), "Tidak ada SK.", user)
    assert selectors.answers_of(row, Stage.UNIT)[CODE].version == before
    if headers:
        assert "Tersimpan." in response.text
        flags = response.text.partition('id="flags-A-I-1-i-a" hx-swap-oob="innerHTML">')[2].partition("</p>")[0]
        assert "Sudah dinilai" in flags
        assert "Berbeda dari unit" in flags
        assert "berbeda dari unit" in response.text


def test_a_difference_without_a_note_is_refused_beside_the_field(client, row, user):
    response = client.post(url("judge-save", row, CODE), posted(other(row)), headers=HTMX)
    assert response.status_code == 422
    assert "tulis alasannya di catatan" in response.text
    assert f'data-invalid="{CODE}-note"' in response.text
    assert ours(row) is None
    whole = client.post(url("judge-page-save", row, "A.I.1"), posted(other(row)))
    assert whole.status_code == 422
    assert "tulis alasannya di catatan" in whole.text
    assert ours(row) is None


def test_a_refused_save_without_scripts_comes_back_with_what_was_typed(client, row, user):
    refused = client.post(url("judge-save", row, CODE), posted(other(row), "") | {f"{CODE}-version": "x"})
    assert refused.status_code == 422
    assert "Halaman ini sudah usang" in refused.text
    judge(row, Stage.TPI, entry(CODE, "Dari rekan.", choice=other(row)))
    late = client.post(url("judge-save", row, CODE), posted(other(row), "Tulisan panjang saya."))
    assert late.status_code == 409
    assert "Tulisan panjang saya.</textarea>" in late.text
    assert "Dari rekan." in late.text
    assert ours(row).note == "Dari rekan."


@pytest.mark.parametrize(("name", "place"), [("judge-save", CODE), ("judge-page-save", "A.I.1")])
def test_what_is_typed_stays_when_the_stage_closes_meanwhile(client, row, user, name, place, monkeypatch):
    def closed_meanwhile(**given):
        at_state(row, State.APPROVAL)
        return record_answers(**given)

    monkeypatch.setattr("review.views.judging.record_answers", closed_meanwhile)
    response = client.post(url(name, row, place), posted(theirs(row), "Tulisan panjang saya."))
    assert response.status_code == 422
    assert "Tulisan panjang saya.</textarea>" in response.text
    assert "disimpan" in response.text
    assert ours(row) is None


def test_a_whole_page_is_saved_without_scripts(client, row, user):
    response = client.post(url("judge-page-save", row, "A.I.1"), posted(theirs(row)) | {"kembali": "A-I-1-i-a"})
    assert response.url == url("judge-page", row, "A.I.1") + "#k-A-I-1-i-a"
    assert ours(row).choice.key == theirs(row)


@pytest.mark.parametrize("name", ["judge-save", "judge-page-save"])
def test_two_reviewers_never_overwrite_each_other(client, row, user, name):
    judge(row, Stage.TPI, entry(CODE, "Dari rekan.", choice=other(row)))
    address = url(name, row, CODE if name == "judge-save" else "A.I.1")
    response = client.post(address, posted(theirs(row), "Dari saya."), headers=HTMX)
    assert response.status_code == 409
    assert "Dari rekan." in response.text
    assert ours(row).note == "Dari rekan."
    client.post(address, posted(theirs(row), "Dari saya.", version=1), headers=HTMX)
    assert (ours(row).note, ours(row).version) == ("Dari saya.", 2)


def test_agreeing_with_one_criterion(client, row, user):
    response = client.post(url("agree", row, CODE), {"version": "0"})
    assert response.url.endswith("#k-A-I-1-i-a")
    assert (ours(row).choice.key, ours(row).note) == (theirs(row), "")
    client.post(url("agree", row, CODE), {"version": "0"})
    assert ours(row).version == 1


def test_agreeing_keeps_a_note_on_the_same_answer_and_drops_that_on_a_difference(client, row, user):
    for ours_first, kept in ((theirs(row), "Lengkap."), (other(row), "")):
        held = ours(row)
        version = held.version if held else 0
        judge(row, Stage.TPI, entry(CODE, "Lengkap.", version=version, choice=ours_first))
        client.post(url("agree", row, CODE), {"version": str(version + 1)})
        assert (ours(row).choice.key, ours(row).note, ours(row).version) == (theirs(row), kept, version + 2)


def test_agreeing_with_the_rest_asks_first_and_can_be_taken_back(client, row, user):
    judge(row, Stage.TPI, entry(CODE, "Lain.", choice=other(row)))
    text = client.get(url("agree-rest-page", row, "A.I.1")).text
    pairs = ["A.I.1.i.b:0", "A.I.1.ii.a:0"]
    assert all(f'value="{pair}"' in text for pair in pairs)
    assert f'value="{CODE}' not in text
    done = client.post(url("agree-rest", row, "A.I.1"), {"kriteria": [*pairs, f"{CODE}:0", "B.I.a:0", "x"]})
    assert done.status_code == 200
    assert (ours(row).note, ours(row, "A.I.1.i.b").note, ours(row, "B.I.a")) == ("Lain.", "", None)
    judge(row, Stage.TPI, entry("A.I.1.ii.a", "Diubah rekan.", version=1, choice=ours(row, "A.I.1.ii.a").choice.key))
    client.post(url("agree-undo", row, "A.I.1"), {"kriteria": ["A.I.1.i.b:1", "A.I.1.ii.a:1", f"{CODE}:1"]})
    assert ours(row, "A.I.1.i.b").choice is None
    assert ours(row, "A.I.1.ii.a").note == "Diubah rekan."
    assert ours(row).note == "Lain."


def test_a_zero_denominator_gets_its_value_in_percent_with_a_reason(client, user):
    row = opened()
    answer_all(row)
    answer(row, "A.II.4.i.a", counts=(0, 0))
    row = take_step(assessment=row, name="submit", by=member(row.unit, Role.HEAD))
    row = take_step(assessment=row, name="start_review", by=reviewer(row, user=user, role=Role.TPI_LEAD))
    assert "Nilai ditetapkan (%)" in page(client, row, node="A.II.4")
    data = {f"A.II.4.i.a-{k}": v for k, v in {"n1": "0", "n2": "0", "ratio": "66,67", "version": "0"}.items()}
    refused = client.post(url("judge-save", row, "A.II.4.i.a"), data, headers=HTMX)
    assert refused.status_code == 422
    assert "Tulis alasan penetapan nilai ini." in refused.text
    for bad in ("abc", "101", "-1", "1,23456"):
        wrong = data | {"A.II.4.i.a-ratio": bad, "A.II.4.i.a-reason": "x"}
        assert client.post(url("judge-save", row, "A.II.4.i.a"), wrong, headers=HTMX).status_code == 422
    client.post(url("judge-save", row, "A.II.4.i.a"), data | {"A.II.4.i.a-reason": "Tidak ada sasaran."}, headers=HTMX)
    stored = ours(row, "A.II.4.i.a")
    assert (str(stored.ratio), stored.ratio_reason) == ("0.666700", "Tidak ada sasaran.")
    assert "66,67" in page(client, row, node="A.II.4")


def answer_all(row):
    from assessment import services

    services.record_answers(assessment=row, entries=best_entries(row), by=UserFactory())


# Documents


def with_document():
    row = opened()
    held = attachment(row, CODE, page_ref="1")
    row = submitted(row)
    return take_step(assessment=row, name="start_review", by=reviewer(row, Role.TPI_LEAD)), held


def test_a_verdict_is_about_the_version_that_was_submitted(client):
    row, held = with_document()
    user = reviewer(row)
    client.force_login(user)
    replace_content(
        document=held.document, content=Content(file=stored(name="Baru.pdf")), seen=1, by=UserFactory(),
        may_publish=False,
    )  # fmt: skip
    text = page(client, row, f"?lihat={held.pk}")
    assert "Versi 1" in text
    assert "unit sudah punya versi lebih baru" in text
    assert "/versi/1/" in text
    where = url("verdict", row, CODE, held.pk)
    assert client.post(where, {"verdict": "partial", "reason": "", "seen": "0"}).status_code == 422
    assert not Verdict.objects.exists()
    client.post(where, {"verdict": "partial", "reason": "Tanpa daftar hadir.", "seen": "0"})
    found = Verdict.objects.get()
    assert (found.verdict, found.reason, found.stage, found.version.number) == (
        "partial",
        "Tanpa daftar hadir.",
        "tpi",
        1,
    )
    held.refresh_from_db()
    assert held.verdict == "unchecked"  # the unit sees it when the round is sent back or decided
    assert Event.objects.latest("number").kind == "verdict"


def test_two_verdicts_at_once_are_shown_not_overwritten(client):
    row, held = with_document()
    client.force_login(reviewer(row))
    where = url("verdict", row, CODE, held.pk)
    client.post(where, {"verdict": "sufficient", "seen": "0"})
    late = client.post(where, {"verdict": "unfit", "reason": "Tahun lain", "seen": "0"})
    assert late.status_code == 409
    assert "Baru saja diperiksa orang lain" in late.text
    assert Verdict.objects.get().verdict == "sufficient"
    client.post(where, {"verdict": "unfit", "reason": "Tahun lain", "seen": "1"})
    assert Verdict.objects.get().verdict == "unfit"


def test_a_document_of_another_criterion_or_unit_is_not_there(client):
    row, held = with_document()
    other_row, foreign = with_document()
    client.force_login(reviewer(row))
    data = {"verdict": "sufficient", "seen": "0"}
    assert client.post(url("verdict", row, "A.I.1.i.b", held.pk), data).status_code == 404
    assert client.post(url("verdict", row, CODE, foreign.pk), data).status_code == 404
    assert client.post(url("verdict", other_row, CODE, foreign.pk), data).status_code == 404
    assert not Verdict.objects.exists()


# Filters, rounds, blindness


def test_filters_show_what_they_say(client, row, user):
    judge(row, Stage.TPI, entry(CODE, "Lain.", choice=other(row)))
    assert page(client, row, "?saring=beda").count("data-criterion") == 1
    assert page(client, row, "?saring=belum").count("data-criterion") == 11
    assert page(client, row, "?saring=bukti").count("data-criterion") == 0
    assert page(client, row, "?saring=lain").count("data-criterion") == 12


def test_what_came_back_different_is_shown_with_before_and_after(client, row, user):
    lead = reviewer(row, Role.TPI_LEAD)
    agreed(row, lead)
    back = returned(row, [CODE], lead=lead)
    answer(back, CODE, choice=other(row), note="Sudah dilengkapi")
    back = take_step(assessment=back, name="resubmit", by=member(row.unit, Role.HEAD))
    text = page(client, back, "?saring=berubah")
    assert text.count("data-criterion") == 1
    assert "Berubah sejak dikembalikan" in text
    assert "<ins>Sudah dilengkapi</ins>" in text
    client.post(url("agree", back, CODE), {"version": "1"})
    assert page(client, back, "?saring=berubah").count("data-criterion") == 0


def test_a_reviewer_who_looked_again_may_keep_a_different_answer(client, row, user):
    lead = reviewer(row, Role.TPI_LEAD)
    agreed(row, lead)
    version = ours(row).version
    judge(row, Stage.TPI, entry(CODE, "Tidak ada SK.", version=version, choice=other(row)))
    back = returned(row, [CODE], lead=lead)
    answer(back, CODE, choice=theirs(row), note="Kami tetap")
    back = take_step(assessment=back, name="resubmit", by=member(row.unit, Role.HEAD))
    text = page(client, back, "?saring=berubah")
    assert f'name="{CODE}-confirm" value="1"' in text
    data = posted(other(row), "Tidak ada SK.", version=version + 1)
    plain = client.post(url("judge-page-save", back, "A.I.1"), data)
    assert plain.status_code == 302
    assert page(client, back, "?saring=berubah").count("data-criterion") == 1
    response = client.post(url("judge-page-save", back, "A.I.1") + "?saring=berubah", data | {f"{CODE}-confirm": "1"})
    assert response.url == url("judge-page", back, "A.I.1") + "?saring=berubah#k-A-I-1-i-a"
    assert page(client, back, "?saring=berubah").count("data-criterion") == 0
    stored = ours(back)
    assert (stored.note, stored.version, stored.changed_by) == ("Tidak ada SK.", version + 2, user)


def test_agreeing_again_is_offered_only_where_the_answers_are_the_same(client, row, user):
    lead = reviewer(row, Role.TPI_LEAD)
    agreed(row, lead)
    back = returned(row, [CODE], lead=lead)
    answer(back, CODE, choice=theirs(row), note="Dilengkapi")
    back = take_step(assessment=back, name="resubmit", by=member(row.unit, Role.HEAD))
    text = page(client, back, "?saring=berubah")
    assert "Sudah saya periksa, setuju" in text
    assert f"{CODE}-confirm" not in text


def test_the_progress_of_a_second_reviewer_counts_the_sample(client, row, user):
    second_of(row, user, [CODE, "A.I.1.i.b"])
    judge(row, Stage.SECOND, entry(CODE, choice=theirs(row)), by=user)
    text = client.get(url("judge", row)).text
    assert "dari 2 kriteria contoh dinilai" in text
    assert '<p class="big">1</p>' in text
    assert f"Nilai {Stage.SECOND.label}" not in text
    assert f"Total {Stage.SECOND.label}" not in page(client, row)


def test_a_second_reviewer_sees_the_sample_and_nothing_of_the_first(client, row, user):
    judge(row, Stage.TPI, entry(CODE, "Rahasia penilai pertama.", choice=other(row)))
    second_of(row, user, [CODE])
    text = page(client, row)
    assert text.count("data-criterion") == 1
    assert "Rahasia penilai pertama." not in text
    client.post(url("judge-save", row, CODE), posted(theirs(row)), headers=HTMX)
    assert ours(row, stage=Stage.SECOND).choice.key == theirs(row)
    assert client.post(url("judge-save", row, "A.I.1.i.b"), {}, headers=HTMX).status_code == 403
    assert ours(row).note == "Rahasia penilai pertama."


def test_without_the_right_to_write_the_page_only_shows(client, row):
    client.force_login(reviewer(row, Role.TPI_CONTROLLER))
    text = page(client, row)
    assert "hanya dapat melihat" in text
    assert "data-agree" not in text
    assert client.post(url("judge-save", row, CODE), posted("Y")).status_code == 403
    client.force_login(member(row.unit))
    assert client.get(url("judge-page", row, "A.I.1")).status_code == 403


def test_the_page_takes_as_many_queries_for_much_as_for_little(client, django_assert_max_num_queries):
    counts = []
    for many in (1, 6):
        row = opened()
        for code in ("A.I.1.i.a", "A.I.1.i.b", "A.I.1.ii.a")[: (many + 1) // 2]:
            for _ in range(many):
                attachment(row, code)
        row = submitted(row)
        lead = reviewer(row, Role.TPI_LEAD)
        row = take_step(assessment=row, name="start_review", by=lead)
        agreed(refreshed(row), lead)
        client.force_login(lead)
        client.get(url("judge-page", row, "A.I.1"))
        with django_assert_max_num_queries(20) as found:
            client.get(url("judge-page", row, "A.I.1"))
        counts.append(len(found))
    assert counts[0] == counts[1]
