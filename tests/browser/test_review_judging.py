"""The reviewers' page in the browser: every state of it at three widths, without scripts, and by keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from accounts.tests.factories import PASSWORD, UserFactory
from assessment import selectors
from assessment.models import Assessment, Stage, TeamMember
from assessment.tests.factories import answer, entry, judge, opened, team_of
from evidence.tests.factories import attachment
from review.models import Verdict
from review.services.steps import take_step
from review.tests.factories import agreed, in_review, member, returned, second_of

from .conftest import Live, card, choose, field, sign_in, state
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")

NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])
CODE, NEXT = "A.I.1.i.a", "A.I.1.i.b"
NOTE = "Surat keputusan belum memuat uraian tugas setiap anggota tim kerja. " * 3


def of_team(row: Assessment, role: str, name: str) -> User:
    user = UserFactory(username=name, first_name=name.title(), password=PASSWORD)
    TeamMember.objects.create(team=team_of(row), user=user, role=role)
    return user


@pytest.fixture
def live(live_server: Any, instrument: Any) -> Live:
    """Return a running portal with a unit in review, evidence beside its first criterion, and a reviewer as `user`."""
    row = opened()
    attachment(row, CODE, page_ref="1")
    row = in_review(row, lead=of_team(row, Role.TPI_LEAD, "ketua"))
    return Live(live_server.url, of_team(row, Role.TPI_MEMBER, "anggota"), row)


def sheet(page: Page, live: Live, query: str = "", user: User | None = None) -> Page:
    sign_in(page, live, user)
    page.goto(live.address(f"nilai/lembar/A.I.1/{query}"))
    return page


def ours(live: Live, code: str = CODE, stage: str = Stage.TPI) -> Any:
    return selectors.answers_of(live.assessment, stage).get(code)


def theirs(live: Live, code: str = CODE) -> str:
    return str(selectors.answers_of(live.assessment, Stage.UNIT)[code].choice.key)


def unlike(live: Live) -> str:
    return "T" if theirs(live) == "Y" else "Y"


@SIZES
def test_scoring_a_criterion_with_its_document(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("nilai/"))
    check(page)
    page.get_by_role("link", name="Lanjutkan menilai").click()
    check(page)
    choose(page, CODE, unlike(live))
    expect(state(page, CODE)).to_contain_text("tulis alasannya di catatan")
    check(page)
    assert ours(live) is None
    field(page, CODE, "note").fill(NOTE)
    field(page, CODE, "note").blur()
    expect(state(page, CODE)).to_contain_text("berbeda dari unit")
    expect(card(page, CODE).locator(".jd-flags")).to_contain_text("Berbeda dari unit")
    check(page)
    here = card(page, CODE)
    here.locator("[data-open]").click()
    expect(card(page, CODE).get_by_role("img", name="Halaman 1")).to_be_visible()
    here = card(page, CODE)
    here.get_by_label("Tidak relevan").check()
    here.get_by_role("button", name="Simpan hasil pemeriksaan").click()
    expect(page.get_by_text("Tulis alasan mengapa bukti ini kurang atau tidak relevan.")).to_be_visible()
    check(page)
    here.get_by_label("Alasan untuk").fill("Dokumen tahun lain.")
    here.get_by_role("button", name="Simpan hasil pemeriksaan").click()
    expect(page.get_by_text("Hasil pemeriksaan bukti tersimpan.")).to_be_visible()
    check(page)
    assert Verdict.objects.get().verdict == "unfit"
    for name, count in (("Berbeda dari unit", 1), ("Belum dinilai", 11), ("Bukti kurang atau tidak relevan", 1)):
        page.get_by_role("navigation", name="Saring kriteria").get_by_role("link", name=name).click()
        expect(page.locator("[data-criterion]")).to_have_count(count)
    check(page)


@SIZES
def test_agreeing_one_by_one_and_with_the_rest(page: Page, live: Live) -> None:
    sheet(page, live)
    card(page, CODE).get_by_role("button", name="Setuju dengan unit").click()
    expect(page.get_by_text(f"Setuju dengan unit pada {CODE}.")).to_be_visible()
    page.get_by_role("link", name="Setujui semua yang belum dinilai").first.click()
    expect(page.get_by_role("heading", name="Setujui yang belum dinilai")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Setujui yang dicentang").click()
    expect(page.get_by_role("heading", name="Disetujui")).to_be_visible()
    check(page)
    assert ours(live, NEXT).choice.key == theirs(live, NEXT)
    page.get_by_role("button", name="Batalkan semua ini").click()
    expect(page.get_by_text("1 persetujuan dibatalkan.")).to_be_visible()
    assert ours(live, NEXT).choice is None
    assert ours(live).choice.key == theirs(live)


@SIZES
def test_a_colleagues_answer_is_shown_and_one_chooses(page: Page, live: Live) -> None:
    sheet(page, live)
    judge(live.assessment, Stage.TPI, entry(CODE, "Dari rekan.", choice=unlike(live)))
    field(page, CODE, "note").fill("Dari saya.")
    choose(page, CODE, theirs(live))
    conflict = card(page, CODE).get_by_role("alert")
    expect(conflict).to_contain_text("Dari rekan.")
    check(page)
    assert ours(live).note == "Dari rekan."
    conflict.get_by_role("button", name="Pakai isian saya").click()
    expect(state(page, CODE)).to_contain_text("Nilai")
    expect(field(page, CODE, "note")).to_have_value("Dari saya.")
    assert ours(live).note == "Dari saya."


@SIZES
def test_what_came_back_and_what_a_second_reviewer_sees(page: Page, live: Live) -> None:
    lead = User.objects.get(username="ketua")
    agreed(live.assessment, lead)
    back = returned(live.assessment, [CODE], lead=lead)
    answer(back, CODE, choice=unlike(live), note="Sudah dilengkapi")
    take_step(assessment=back, name="resubmit", by=member(back.unit, Role.HEAD))
    sheet(page, live, "?saring=berubah")
    expect(page.locator("[data-criterion]")).to_have_count(1)
    expect(page.locator("ins").first).to_be_visible()
    check(page)
    page.get_by_role("button", name="Sudah saya periksa, tetap berbeda").click()
    expect(page.get_by_text("tulis alasannya di catatan").first).to_be_visible()
    check(page)
    field(page, CODE, "note").fill("Isi SK tidak berubah.")
    page.get_by_role("button", name="Sudah saya periksa, tetap berbeda").click()
    expect(page.get_by_text("Tidak ada kriteria yang cocok dengan saringan ini.")).to_be_visible()
    blind = of_team(back, Role.TPI_MEMBER, "kedua")
    second_of(back, blind, [CODE])
    page.context.clear_cookies()
    sheet(page, live, user=blind)
    expect(page.locator("[data-criterion]")).to_have_count(1)
    expect(page.get_by_text("Isi SK tidak berubah.")).to_have_count(0)
    check(page)


@NO_SCRIPT
def test_reviewing_without_scripts(page: Page, live: Live) -> None:
    sheet(page, live)
    card(page, CODE).locator(f"input[type=radio][value={unlike(live)}]").check()
    card(page, CODE).get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("tulis alasannya di catatan").first).to_be_visible()
    field(page, CODE, "note").fill("Tidak ada SK.")
    card(page, CODE).get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("1 jawaban tersimpan.")).to_be_visible()
    assert ours(live).note == "Tidak ada SK."
    card(page, CODE).locator("[data-open]").click()
    expect(card(page, CODE).get_by_role("img", name="Halaman 1")).to_be_visible()
    card(page, CODE).get_by_label("Sesuai", exact=True).check()
    card(page, CODE).get_by_role("button", name="Simpan hasil pemeriksaan").click()
    expect(page.get_by_text("Hasil pemeriksaan bukti tersimpan.")).to_be_visible()
    card(page, NEXT).get_by_role("button", name="Setuju dengan unit").click()
    expect(page.get_by_text(f"Setuju dengan unit pada {NEXT}.")).to_be_visible()
    page.get_by_role("link", name="Berbeda dari unit").click()
    expect(page.locator("[data-criterion]")).to_have_count(1)
    expect(page.get_by_role("button", name="Papan ketik")).to_be_hidden()


def test_reviewing_by_keyboard_alone(page: Page, live: Live) -> None:
    sheet(page, live)
    page.keyboard.press("j")
    expect(card(page, CODE)).to_be_focused()
    page.keyboard.press("j")
    expect(card(page, NEXT)).to_be_focused()
    page.keyboard.press("b")
    expect(state(page, NEXT)).not_to_contain_text("Menyimpan")
    page.keyboard.press("n")
    expect(field(page, NEXT, "note")).to_be_focused()
    page.keyboard.type("jk?s: huruf biasa saat mengetik.")
    expect(field(page, NEXT, "note")).to_have_value("jk?s: huruf biasa saat mengetik.")
    page.keyboard.press("Tab")
    expect(state(page, NEXT)).to_contain_text("Tersimpan.")
    assert ours(live, NEXT).note == "jk?s: huruf biasa saat mengetik."
    assert ours(live, NEXT).choice.key == "B"
    page.keyboard.press("k")
    expect(card(page, CODE)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Papan ketik")).to_be_visible()
    check(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Papan ketik")).to_be_hidden()
    expect(card(page, CODE)).to_be_focused()
    page.keyboard.press("o")
    expect(card(page, CODE).get_by_role("img", name="Halaman 1")).to_be_visible()
    expect(card(page, CODE)).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_text(f"Setuju dengan unit pada {CODE}.")).to_be_visible()
    assert ours(live).choice.key == theirs(live)


def test_quick_keys_can_be_switched_off(page: Page, live: Live) -> None:
    sheet(page, live)
    page.get_by_role("button", name="Papan ketik").click()
    page.get_by_label("Pakai tombol cepat").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(card(page, CODE)).not_to_be_focused()
    page.reload()
    card(page, CODE).focus()
    page.keyboard.press(theirs(live).lower())
    page.get_by_role("button", name="Papan ketik").click()
    expect(page.get_by_label("Pakai tombol cepat")).not_to_be_checked()
    assert ours(live) is None
