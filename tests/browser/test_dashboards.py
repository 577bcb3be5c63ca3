"""Home, the way to a predicate and the dashboards in a real browser, with and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment.models import Answer
from assessment.tests.factories import filled

from .conftest import Live, sign_in
from .test_every_page import SIZES, check, violations


def overseer(live: Live) -> Any:
    user = UserFactory(username="pimpinan", password=PASSWORD)
    MembershipFactory(user=user, unit=live.assessment.unit, role=Role.OBSERVER)
    return user


@SIZES
def test_pages_of_the_dashboards(page: Page, live: Live) -> None:
    filled(live.assessment, share=0.6, by=live.user)
    sign_in(page, live)
    check(page)
    for path in ("jalan/", "jalan/?u.B.I.a=9&tetap=A.I.1.i.a&predikat=WBBM", "dasbor/"):
        page.goto(live.address(path))
        check(page)
    page.context.clear_cookies()
    sign_in(page, live, overseer(live))
    check(page)
    page.goto(f"{live.url}/dasbor/2026/")
    check(page)


def test_the_screen_on_the_wall(page: Page, live: Live) -> None:
    """It reloads itself, which is what it is for; everything else on it is as accessible as any page."""
    filled(live.assessment, share=0.6, by=live.user)
    sign_in(page, live, overseer(live))
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{live.url}/dasbor/2026/?tampilan=tv")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zona Integritas 2026")
    assert [v for v in violations(page) if not v.startswith("meta-refresh")] == []
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1]


def test_trying_shows_the_result_while_typing(page: Page, live: Live) -> None:
    filled(live.assessment, share=0.6, by=live.user)
    before = list(Answer.objects.values_list("pk", "version"))
    sign_in(page, live)
    page.goto(live.address("jalan/?coba=1"))
    total = page.locator(".db-total strong")
    start = total.inner_text()
    page.locator("details", has_text="Birokrasi yang Bersih").last.locator("summary").click()
    page.get_by_label("B.I.a").fill("0")
    expect(total).not_to_have_text(start)
    expect(page.locator("#hasil-ambang")).to_contain_text("1 kriteria dicoba")
    page.get_by_label("B.I.a").fill("9")
    expect(page.locator("#hasil")).to_contain_text("Isi indeks dari 0 sampai 4")
    page.get_by_label("B.I.a").fill("0")
    expect(page.locator("#hasil")).not_to_contain_text("Isi indeks")
    tried = total.inner_text()
    page.get_by_role("link", name="Tautan percobaan ini").click()
    expect(total).to_have_text(tried)
    assert list(Answer.objects.values_list("pk", "version")) == before


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False, "viewport": {"width": 360, "height": 800}}])
def test_trying_works_without_javascript(page: Page, live: Live) -> None:
    filled(live.assessment, share=0.6, by=live.user)
    sign_in(page, live)
    page.goto(live.address("jalan/"))
    suggested = page.locator(".db-total strong").inner_text()
    first = page.locator(".db-suggestions > li").first
    first.locator("select, input").first.evaluate("e => e.value = e.tagName == 'SELECT' ? '' : '0'")
    page.get_by_role("button", name="Hitung").click()
    expect(page.locator(".db-total strong")).not_to_have_text(suggested)
    page.get_by_role("link", name="Kembali ke saran").click()
    expect(page.locator(".db-total strong")).to_have_text(suggested)
