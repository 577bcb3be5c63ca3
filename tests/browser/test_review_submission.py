"""Submitting in the browser: every page at three widths, with and without scripts, by keyboard alone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment.models import Assessment, State
from assessment.tests.factories import answer, filled, opened
from evidence.tests.factories import attachment, document
from review.models import ConditionAnswer
from review.services.steps import take_step
from review.tests.factories import UnitFactory, in_review, refreshed, returned, reviewer

from .conftest import Live, sign_in
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")

NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])
CODE = "A.I.1.i.a"
LONG = "Laporan_pelaksanaan_pembangunan_Zona_Integritas_triwulan_keempat_" * 3


@pytest.fixture
def live(live_server: Any, instrument: Any) -> Live:
    """Return a running portal with an affirmative unit and its head as `user`."""
    unit = UnitFactory(name="Rumah Sakit Umum Daerah", affirmative="hospital")
    head = UserFactory(username="kepala", first_name="Kepala", password=PASSWORD)
    MembershipFactory(user=head, unit=unit, role=Role.HEAD)
    return Live(live_server.url, head, opened(unit))


def ready(live: Live) -> Assessment:
    filled(live.assessment)
    answer(live.assessment, "A.II.1.i.a", counts=(0, 0))
    attachment(live.assessment, CODE, document(live.assessment.unit, title=LONG[:190], year=2020))
    return live.assessment


def came_back(live: Live) -> tuple[Assessment, User]:
    """Return an assessment that TPI sent back for two criteria."""
    row = in_review(ready(live))
    lead = reviewer(row, Role.TPI_LEAD)
    return returned(row, [CODE, "A.I.1.ii.a"], lead=lead), lead


@SIZES
def test_completeness_statement_and_receipt(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("periksa/"))
    expect(page.get_by_role("heading", name="Belum dapat diajukan")).to_be_visible()
    check(page)
    page.goto(live.address("ajukan/"))
    expect(page.get_by_role("button", name="Ajukan penilaian mandiri")).to_be_disabled()
    check(page)
    ready(live)
    page.goto(live.address("periksa/"))
    expect(page.get_by_role("heading", name="Boleh diajukan")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Ajukan penilaian mandiri").click()
    page.get_by_role("button", name="Ajukan penilaian mandiri").click()
    expect(page.get_by_text("Centang pernyataan ini untuk mengajukan.")).to_be_visible()
    check(page)
    page.get_by_label("Saya menyatakan").check()
    page.get_by_role("button", name="Ajukan penilaian mandiri").click()
    expect(page.get_by_role("heading", name="Diperiksa sekarang: utuh")).to_be_visible()
    page.locator("details.open-page > summary").first.click()
    page.get_by_text("Lihat bukti dan sidik jarinya").click()
    check(page)
    page.get_by_role("link", name="Semua salinan").click()
    check(page)
    page.goto(live.address())
    expect(page.get_by_role("heading", name="Langkah berikutnya")).to_be_visible()
    check(page)


@SIZES
def test_the_conditions(page: Page, live: Live) -> None:
    for number in range(12):
        document(live.assessment.unit, title=f"{LONG[:150]} {number}")
    sign_in(page, live)
    page.goto(live.address("syarat/"))
    check(page)
    card = page.locator("#s-opini-bpk")
    card.get_by_label("Terpenuhi", exact=True).check()
    card.get_by_role("button", name="Simpan").click()
    expect(card.get_by_text("Belum ada dokumen yang menunjukkannya.")).to_be_visible()
    card.get_by_role("link", name="Pilih dari dokumen unit").click()
    check(page)
    card.get_by_role("button", name="Lampirkan yang dicentang").click()
    expect(page.get_by_text("Centang paling sedikit satu dokumen.")).to_be_visible()
    check(page)
    card.locator("input[name=documents]").first.check()
    card.get_by_role("button", name="Lampirkan yang dicentang").click()
    expect(page.get_by_text("1 dokumen terlampir.")).to_be_visible()
    card.get_by_text("Lepas", exact=False).first.click()
    check(page)


@SIZES
def test_somebody_elses_change_of_a_condition_is_shown(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("syarat/"))
    other = page.context.new_page()
    other.goto(live.address("syarat/"))
    for tab, label, note in ((other, "Sedang dipenuhi", "Menunggu."), (page, "Terpenuhi", "Sudah.")):
        card = tab.locator("#s-opini-bpk")
        card.get_by_label(label, exact=True).check()
        card.get_by_label("Keterangan").fill(note)
        card.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Menunggu.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Pakai isian saya").click()
    expect(page.locator("#s-opini-bpk .sm-state")).to_contain_text("Terpenuhi")
    assert ConditionAnswer.objects.get().note == "Sudah."


@SIZES
def test_what_came_back_is_marked_and_submitted_again(page: Page, live: Live) -> None:
    row, _ = came_back(live)
    sign_in(page, live)
    page.goto(live.address())
    expect(page.get_by_role("heading", name="Dikembalikan oleh TPI (putaran 1): 2 kriteria")).to_be_visible()
    check(page)
    page.get_by_role("link", name=CODE).first.click()
    expect(page.locator("#k-A-I-1-i-a").get_by_text("Perlu diperbaiki")).to_be_visible()
    expect(page.get_by_text("Tidak termasuk yang dikembalikan").first).to_be_visible()
    check(page)
    page.goto(live.address("ajukan/"))
    expect(page.get_by_text("2 kriteria yang dikembalikan belum Anda ubah")).to_be_visible()
    check(page)
    page.get_by_label("Saya menyatakan").check()
    page.get_by_role("button", name="Ajukan kembali").click()
    expect(page.get_by_role("heading", name="Pengajuan unit, putaran 2")).to_be_visible()
    assert refreshed(row).state == State.REVIEW


@SIZES
def test_others_only_read(page: Page, live: Live) -> None:
    row = in_review(ready(live))
    observer = UserFactory(username="pengamat", first_name="Pengamat", password=PASSWORD)
    MembershipFactory(user=observer, unit=row.unit, role=Role.OBSERVER)
    sign_in(page, live, observer)
    for path in ("", "periksa/", "syarat/", "salinan/", "lembar/A.I.1/"):
        page.goto(live.address(path))
        check(page)


@NO_SCRIPT
def test_from_the_conditions_to_the_receipt_without_scripts(page: Page, live: Live) -> None:
    row = ready(live)
    sign_in(page, live)
    page.goto(live.address("syarat/"))
    card = page.locator("#s-opini-bpk")
    card.get_by_label("Terpenuhi", exact=True).check()
    card.get_by_role("button", name="Simpan").click()
    expect(page).to_have_url(re.compile("#s-opini-bpk$"))
    card.get_by_role("link", name="Pilih dari dokumen unit").click()
    card.locator("input[name=documents]").first.check()
    card.get_by_role("button", name="Lampirkan yang dicentang").click()
    expect(card.get_by_text("Dokumen 1")).to_be_visible()
    page.goto(live.address("ajukan/"))
    page.get_by_label("Saya menyatakan").check()
    page.get_by_role("button", name="Ajukan penilaian mandiri").click()
    expect(page.get_by_role("heading", name="Diperiksa sekarang: utuh")).to_be_visible()
    assert refreshed(row).state == State.SUBMITTED


def test_submitting_by_keyboard_alone(page: Page, live: Live) -> None:
    row = ready(live)
    sign_in(page, live)
    page.goto(live.address("ajukan/"))
    page.get_by_label("Saya menyatakan").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ajukan penilaian mandiri")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tanda terima")).to_be_visible()
    assert refreshed(row).state == State.SUBMITTED
    assert take_step(assessment=row, name="start_review", by=reviewer(row, Role.TPI_LEAD)).state == State.REVIEW
