"""Monitoring letters and the downloads of a single stage, at three widths and without scripts."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment.models import Award
from reports.monev.services import make_letter
from reports.tests.routes_monev import letter
from review.tests.deciding import fulfilling
from review.tests.factories import UnitFactory

from .conftest import Live, sign_in
from .test_every_page import SIZES, check

NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])


@pytest.fixture
def live(live_server: Any, instrument: Any) -> Live:
    """Return a running portal whose `user` is the admin of an agency with one unit that fulfils its predicate."""
    top = UnitFactory(code="PEMDA", name="Pemerintah Daerah Contoh")
    admin = UserFactory(username="admin", first_name="Admin", password=PASSWORD)
    MembershipFactory(user=admin, unit=top, role=Role.ADMIN)
    row = fulfilling(UnitFactory(parent=top, name="Dinas Pelayanan"))
    Award.objects.create(unit=row.unit, predicate="WBK", decree_number="SK 1", decree_date=date(2024, 3, 1))
    return Live(live_server.url, admin, row)


@SIZES
def test_a_letter_from_its_start_to_its_page(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(f"{live.url}/unit/{live.assessment.unit.code}/rekam/")
    check(page)
    page.get_by_role("link", name="Buat surat monev").click()
    check(page)
    made = make_letter(award=Award.objects.get(), letter=letter(), by=live.user)
    page.goto(f"{live.url}/unit/{live.assessment.unit.code}/surat-monev/{made.pk}/")
    expect(page.get_by_role("link", name="PDF").first).to_be_visible()
    check(page)


@SIZES
def test_downloads_of_one_stage_stand_in_the_menu(page: Page, live: Live) -> None:
    sign_in(page, live)
    for path in ("", "perbandingan/"):
        page.goto(live.address(path))
        menu = page.locator(".actions .menu")
        menu.locator("summary").click()
        box = menu.locator(".menu-body").bounding_box()
        assert (
            box and box["x"] >= 0 and box["x"] + box["width"] <= page.evaluate("document.documentElement.clientWidth")
        )
        expect(menu.get_by_role("link", name="Excel TPI")).to_have_attribute("href", tpi_workbook(live))
        page.keyboard.press("Escape")
        expect(menu.get_by_role("link", name="Excel TPI")).to_be_hidden()
        expect(menu.locator("summary")).to_be_focused()


def tpi_workbook(live: Live) -> str:
    return f"/penilaian/2026/{live.assessment.unit.code}/unduh/lke.xlsx?tahap=tpi"


@NO_SCRIPT
def test_the_parts_of_an_assessment_are_reached_by_keyboard_without_scripts(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address())
    parts = page.get_by_role("navigation", name="Bagian penilaian")
    expect(parts.get_by_role("link", name="Ringkasan")).to_have_attribute("aria-current", "page")
    expect(parts.get_by_role("link", name="Riwayat")).to_be_hidden()
    parts.locator("summary").press("Enter")
    parts.get_by_role("link", name="Riwayat").press("Enter")
    expect(page.get_by_role("heading", name="Riwayat")).to_be_visible()
    expect(parts.get_by_role("link", name="Riwayat")).to_have_attribute("aria-current", "page")
