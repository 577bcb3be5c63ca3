"""Every page at three widths: nothing runs over, nothing is inaccessible, nothing English or foreign."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from accounts.tests.factories import UserFactory
from assessment import services
from assessment.tests.factories import entry, filled

from .conftest import Live, choose, field, sign_in, state

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# How long a click may take to begin what it leads to, and how often a page may be left under our eyes.
NAVIGATION_STARTS_MS = 150
MOVES = 4
WIDTHS = [360, 768, 1440]
SIZES = pytest.mark.parametrize(
    "context_options", [{"viewport": {"width": w, "height": 900}} for w in WIDTHS], ids=[f"{w}px" for w in WIDTHS]
)
# Words that a forgotten translation would leave on a page.
ENGLISH = re.compile(
    r"\b(the|save|submit|search|password|username|login|logout|log in|log out|next|previous|required|this field|"
    r"home|delete|add|change|view|error|please|enter|close|open|page not found|forbidden)\b",
    re.IGNORECASE,
)
ALLOWED = re.compile(
    r"role model|public campaign|whistle.blowing|reward and punishment|assessment|open data", re.IGNORECASE
)


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]


def settled(page: Page) -> None:
    """Wait until a page that was just clicked away from has made room for the one it leads to."""
    page.wait_for_timeout(NAVIGATION_STARTS_MS)
    page.wait_for_load_state("load")


def check(page: Page) -> None:
    """Look at the page as it stands, or at the one it is about to become: a click does not wait for what it opens."""
    for _ in range(MOVES):
        settled(page)
        try:
            look(page)
        except PlaywrightError:
            # The page was left while it was looked at. A page that cannot be looked at at all fails below.
            continue
        return
    look(page)


def look(page: Page) -> None:
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1], f"{page.url} is {width[0]} px wide on a {width[1]} px screen"
    assert violations(page) == [], page.url
    english = ENGLISH.findall(ALLOWED.sub("", page.inner_text("body")))
    assert english == [], page.url
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary, nav a, .choice, .dot')]
             .filter(e => e.checkVisibility())
             .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
             .filter(([, r]) => r.width > 0 && (r.height < 24 || r.width < 24)).map(([html]) => html)"""
    )
    assert small == [], page.url


@SIZES
def test_pages_before_signing_in(page: Page, live: Live) -> None:
    for path in (
        "/masuk/",
        "/kata-sandi/lupa/",
        "/kata-sandi/lupa/terkirim/",
        "/kata-sandi/atur/MQ/salah/",
        "/tidak-ada/",
    ):
        page.goto(live.url + path)
        check(page)
    page.goto(f"{live.url}/masuk/")
    page.get_by_label("Nama pengguna atau surel").fill("bukan siapa-siapa")
    page.get_by_label("Kata sandi").fill("salah")
    page.get_by_role("button", name="Masuk").click()
    check(page)


@SIZES
def test_pages_of_a_unit_team(page: Page, live: Live) -> None:
    filled(live.assessment, share=0.6, by=live.user)
    sign_in(page, live)
    for path in ("/profil/", "/kata-sandi/ubah/", "/penilaian/", "/penilaian/?q=tidak-ada"):
        page.goto(live.url + path)
        check(page)
    for path in ("", "lembar/A.I.6/", "lembar/A.II.5/", "lembar/B.I/", "mengapa/", "mengapa/A.II.5.iii/", "riwayat/"):
        page.goto(live.address(path))
        check(page)


@SIZES
def test_cards_that_were_refused_or_conflict_and_the_open_panel(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.II.1/"))
    services.record_answers(
        assessment=live.assessment, by=UserFactory(first_name="Rekan"),
        entries=[entry("A.II.1.ii.a", "catatan rekan", choice="A")],
    )  # fmt: skip
    field(page, "A.II.1.i.b", "n1").fill("1")
    field(page, "A.II.1.i.b", "n2").fill("5")
    field(page, "A.II.1.i.b", "note").click()
    expect(state(page, "A.II.1.i.b")).to_contain_text("tidak boleh lebih banyak")
    choose(page, "A.II.1.ii.a", "C")
    expect(state(page, "A.II.1.ii.a")).to_contain_text("baru saja diubah Rekan")
    field(page, "A.II.1.i.a", "n1").fill("0")
    field(page, "A.II.1.i.a", "n2").fill("0")
    field(page, "A.II.1.i.a", "note").click()
    expect(state(page, "A.II.1.i.a")).to_contain_text("Penyebut nol: perlu penetapan TPI.")
    check(page)
    state(page, "A.II.1.i.a").get_by_role("link", name="Mengapa nilai ini?").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page)


def test_pages_for_readers_and_for_those_without_a_unit(page: Page, live: Live) -> None:
    sign_in(page, live, UserFactory(username="tamu", password="kunci-Uji-4711"))
    expect(page.get_by_text("Belum ada penilaian yang dapat Anda lihat.")).to_be_visible()
    check(page)
    page.goto(live.address())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check(page)


def test_printing_shows_the_answers_and_leaves_the_navigation_out(page: Page, live: Live) -> None:
    filled(live.assessment, by=live.user)
    sign_in(page, live)
    page.goto(live.address("lembar/A.I.1/"))
    page.emulate_media(media="print")
    expect(page.locator(".side")).to_be_hidden()
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator("#k-A-I-1-i-a .choices")).to_be_visible()
