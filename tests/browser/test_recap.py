"""The recap in the browser: at three widths, in print, by keyboard and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment import services
from assessment.models import State
from assessment.tests.factories import best_entries, filled, opened
from reports.tests.recap_samples import judged
from review.tests.factories import UnitFactory

from .conftest import Live, sign_in
from .test_every_page import SIZES, check

NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])
NAMES = ["Dinas Pelayanan Terpadu Satu Pintu dan Penanaman Modal", "Dinas Kependudukan", "Rumah Sakit Umum Daerah"]


@pytest.fixture
def live(live_server: Any, instrument: Any) -> Live:
    """Return a running portal with an agency of three units over two years, its admin as `user`."""
    top = UnitFactory(code="PEMDA", name="Pemerintah Daerah Contoh")
    upper = UnitFactory(code="SEKDA", name="Sekretariat Daerah", parent=top)
    admin = UserFactory(username="admin", first_name="Admin", password=PASSWORD)
    MembershipFactory(user=admin, unit=top, role=Role.ADMIN)
    units = [UnitFactory(code=f"OPD-{n}", name=name, parent=upper) for n, name in enumerate(NAMES, 1)]
    for seed, unit in enumerate(units, 1):
        filled(opened(unit, year=2025), seed=seed)
    first, second, _ = [opened(unit) for unit in units]
    services.record_answers(assessment=first, entries=best_entries(first), by=admin)
    filled(second, seed=9)
    judged(second, worse=20, state=State.LEAD_CHECK)
    return Live(live_server.url, admin, first)


@SIZES
def test_every_page_of_the_recap(page: Page, live: Live) -> None:
    sign_in(page, live)
    for path in (
        "", "?q=dinas&urut=total&arah=turun", "?tahap=tpi", "?q=tidak-ada", "?tahap=salah", "peringkat/",
        "peringkat/?ukuran=area-5&tahap=unit", "peringkat/?ukuran=salah", "perbandingan/",
        "perbandingan/?dari=unit&ke=tpi", "perbandingan/?dari=salah",
    ):  # fmt: skip
        page.goto(f"{live.url}/rekap/2026/{path}")
        check(page)
    for code in ("OPD-1", "OPD-3"):
        page.goto(f"{live.url}/rekap/unit/{code}/")
        check(page)
    page.goto(f"{live.url}/rekap/2026/")
    page.get_by_text("Saring dan urutkan").click()
    page.get_by_text("Arti kolom").click()
    check(page)


@SIZES
def test_somebody_who_sees_nothing(page: Page, live: Live) -> None:
    sign_in(page, live, UserFactory(username="tamu", first_name="Tamu Yang Bernama Panjang", password=PASSWORD))
    page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Rekap").click()
    expect(page.get_by_text("Belum ada penilaian yang dapat Anda lihat.")).to_be_visible()
    check(page)


@SIZES
def test_every_figure_keeps_its_label(page: Page, live: Live) -> None:
    """In the table by its column's head, as a card by the words beside it."""
    sign_in(page, live)
    page.goto(f"{live.url}/rekap/2026/")
    is_table = page.locator(".rc-table").evaluate("table => getComputedStyle(table).display === 'table'")
    assert is_table is (page.viewport_size["width"] == 1440)
    heads = page.locator(".rc-table thead th").count()
    cells = page.locator(".rc-table tbody tr").first.locator("td")
    assert cells.count() + 1 == heads
    if not is_table:
        labels = cells.evaluate_all("all => all.map(e => getComputedStyle(e, '::before').content)")
        assert all(label not in {"none", "", '""'} for label in labels)
        assert "Survei persepsi anti korupsi (IPAK)" in labels[12]


def test_sorting_and_filtering_by_keyboard(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(f"{live.url}/rekap/2026/")
    names = page.locator(".rc-table tbody th > a")
    expect(names).to_have_text(NAMES)
    page.get_by_role("link", name="Total", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Total")
    expect(names.first).to_have_text(NAMES[0])
    page.get_by_text("Saring dan urutkan").focus()
    expect(page.get_by_label("Cari unit")).to_be_visible()  # open, because something was chosen
    page.get_by_label("Cari unit").fill("dinas")
    page.keyboard.press("Enter")
    expect(names).to_have_text(NAMES[:2])
    assert "urut=total" in page.url
    page.get_by_label("Ambang batas", exact=True).select_option(label="Semua tercapai")
    page.get_by_role("button", name="Tampilkan").focus()
    page.keyboard.press("Enter")
    expect(names).to_have_text(NAMES[:1])
    link = page.url
    page.goto(f"{live.url}/penilaian/")
    page.goto(link)
    expect(names).to_have_text(NAMES[:1])


@NO_SCRIPT
def test_all_of_it_without_scripts(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Rekap").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rekap 2026")
    page.get_by_text("Saring dan urutkan").click()
    page.get_by_label("Nilai tahap").select_option(label="TPI")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_text("belum ada nilai TPI")).to_have_count(2)
    with page.expect_download() as found:
        page.get_by_role("link", name="Unduh Excel").click()
    assert found.value.suggested_filename == "Rekap-2026.xlsx"
    with page.expect_download() as found:
        page.get_by_role("link", name="Unduh PDF").click()
    assert found.value.suggested_filename == "Rekap-2026.pdf"
    page.get_by_role("link", name="Peringkat dan sebaran").click()
    page.get_by_text("Pilih ukuran dan unit").click()
    page.get_by_label("Ukuran", exact=True).select_option(label="Area 2 Penataan Tatalaksana")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_role("heading", name="Peringkat menurut Area 2")).to_be_visible()
    page.get_by_role("link", name="Perbandingan").click()
    expect(page.get_by_role("heading", name="Dari 2025, Terkini ke 2026, Terkini: rata-rata")).to_be_visible()
    page.get_by_role("link", name=NAMES[0]).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAMES[0])


def test_printing_leaves_out_what_paper_cannot_do(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(f"{live.url}/rekap/2026/?q=dinas")
    page.emulate_media(media="print")
    for gone in (".rc-filter", "header.top", ".rc-files", ".tabs"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".rc-table thead")).to_be_visible()
    page.goto(f"{live.url}/rekap/2026/peringkat/")
    page.emulate_media(media="print")
    expect(page.locator("svg.rc-chart").first).to_be_visible()
    expect(page.get_by_role("img", name="Jumlah unit menurut Nilai total")).to_be_visible()
