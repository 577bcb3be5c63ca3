"""Deciding in the browser: every page at three widths, and the way from the lead's check to the public list."""

import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment.models import Assessment, Award, State, TeamMember
from assessment.tests.factories import judge, opened, team_of
from evidence.tests.factories import attachment
from review.models import Proposal
from review.services.steps import take_step
from review.tests.deciding import fulfilling
from review.tests.factories import UnitFactory, agreed, in_review, refreshed
from review.tests.test_deciding import other_than_the_unit

from .conftest import Live, sign_in
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")

NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])
NOTE = "Bukti yang dilampirkan belum menunjukkan pelaksanaannya pada tahun yang dinilai. " * 3
CONCLUSION = "Unit ini belum memenuhi ambang; perbaiki pengawasan."


@pytest.fixture
def live(live_server: Any, instrument: Any) -> Live:
    """Return a running portal with an agency, its admin as `user`, and one of its units."""
    top = UnitFactory(code="PEMDA", name="Pemerintah Daerah Contoh")
    admin = UserFactory(username="admin", first_name="Admin", password=PASSWORD)
    MembershipFactory(user=admin, unit=top, role=Role.ADMIN)
    return Live(live_server.url, admin, opened(UnitFactory(parent=top, name="Dinas Pelayanan")))


def of_team(row: Assessment, role: str, name: str) -> User:
    user = UserFactory(username=name, first_name=name.title(), password=PASSWORD)
    TeamMember.objects.create(team=team_of(row), user=user, role=role)
    return user


def reviewed(live: Live) -> tuple[Assessment, User, User]:
    """Return the unit with a finished evaluation that differs in some criteria, its lead and its controller."""
    attachment(live.assessment)
    lead = of_team(live.assessment, Role.TPI_LEAD, "ketua")
    controller = of_team(live.assessment, Role.TPI_CONTROLLER, "pengendali")
    row = in_review(live.assessment, lead=lead)
    agreed(row, lead)
    for code in ("A.I.1.i.a", "A.I.5.i.a", "A.I.6.i.a"):
        judge(row, "tpi", replace(other_than_the_unit(row, code), note=NOTE, version=1), by=lead)
    return row, lead, controller


@SIZES
def test_the_comparison_and_the_steps(page: Page, live: Live) -> None:
    row, lead, controller = reviewed(live)
    sign_in(page, live, lead)
    for path in ("perbandingan/", "langkah/finish/"):
        page.goto(live.address(path))
        check(page)
    take_step(assessment=row, name="finish", by=lead)
    page.goto(live.address("langkah/send_back/"))
    page.get_by_role("button", name="Kembalikan kepada anggota").click()
    expect(page.get_by_text("Alasan wajib diisi.")).to_be_visible()
    check(page)
    take_step(assessment=row, name="pass_on", by=lead)
    page.context.clear_cookies()
    sign_in(page, live, controller)
    page.goto(live.address("langkah/approve/"))
    check(page)
    page.get_by_label("Simpulan").fill(CONCLUSION)
    page.get_by_role("button", name="Setujui dan putuskan").click()
    expect(page.get_by_role("heading", name="Keputusan TPI: belum memenuhi")).to_be_visible()
    expect(page.get_by_text(CONCLUSION)).to_be_visible()
    check(page)


@SIZES
def test_a_step_that_is_blocked_says_by_what(page: Page, live: Live) -> None:
    lead = of_team(live.assessment, Role.TPI_LEAD, "ketua")
    in_review(live.assessment, lead=lead)
    sign_in(page, live, lead)
    page.goto(live.address("langkah/finish/"))
    expect(page.get_by_role("button", name="Serahkan kepada ketua tim")).to_be_disabled()
    page.get_by_text("Lihat kriterianya").click()
    check(page)


@SIZES
def test_proposals_results_record_and_public_list(page: Page, live: Live) -> None:
    top = live.assessment.unit.parent
    row = fulfilling(live.assessment.unit)
    fulfilling(UnitFactory(parent=top, name="Rumah Sakit Umum Daerah", affirmative="hospital"), met=False)
    fulfilling(UnitFactory(parent=top, name="Dinas yang belum lengkap syaratnya"), met=False)
    sign_in(page, live)
    page.goto(f"{live.url}/usulan/2026/")
    check(page)
    page.get_by_role("button", name="Buat surat").click()
    expect(page.get_by_text("Pilih paling sedikit satu unit.")).to_be_visible()
    expect(page.get_by_text("Isi nomor surat.")).to_be_visible()
    check(page)
    page.get_by_label("Dinas Pelayanan").check()
    page.get_by_label("Nomor surat").fill("700/12/2026")
    page.get_by_label("Tempat", exact=True).fill("Kota Contoh")
    page.get_by_label("Jabatan penanda tangan").fill("Sekretaris Daerah")
    page.get_by_role("button", name="Buat surat").click()
    expect(page.get_by_text("Surat dibuat; 1 unit diusulkan kepada TPN.")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Tarik usulan").click()
    check(page)
    page.goto(live.address("hasil-tpn/"))
    page.get_by_role("button", name="Catat hasil TPN").click()
    expect(page.get_by_text("Pilih keputusan TPN.")).to_be_visible()
    check(page)
    page.get_by_label("Predikat diberikan").check()
    page.get_by_label("Nilai TPN").fill("81,25")
    page.get_by_label("Nomor keputusan").fill("1503/2026")
    page.get_by_label("Tanggal keputusan").fill("2024-10-12")
    page.get_by_role("button", name="Catat hasil TPN").click()
    expect(page.get_by_text("Hasil TPN dicatat.")).to_be_visible()
    check(page)
    assert refreshed(row).state == State.RESULT
    page.get_by_role("link", name="Cabut predikat").click()
    page.get_by_role("button", name="Cabut predikat").click()
    expect(page.get_by_text("Tulis alasan pencabutan.")).to_be_visible()
    check(page)
    page.goto(live.address("hasil-tpn/"))
    check(page)
    page.context.clear_cookies()
    page.goto(f"{live.url}/publik/predikat/")
    expect(page.get_by_text("1503/2026")).to_be_visible()
    check(page)


@NO_SCRIPT
def test_from_the_lead_to_the_public_list_without_scripts(page: Page, live: Live) -> None:
    row = fulfilling(live.assessment.unit)
    sign_in(page, live)
    page.goto(f"{live.url}/usulan/2026/")
    page.get_by_label("Dinas Pelayanan").check()
    for label, text in (
        ("Nomor surat", "700/12/2026"), ("Tempat", "Kota Contoh"), ("Jabatan penanda tangan", "Sekretaris Daerah")
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Buat surat").click()
    expect(page).to_have_url(re.compile(str(Proposal.objects.get().pk)))
    page.get_by_role("link", name="Hasil TPN").click()
    page.get_by_label("Predikat diberikan").check()
    page.get_by_label("Nomor keputusan").fill("1503/2026")
    page.get_by_label("Tanggal keputusan").fill("2024-10-12")
    page.get_by_role("button", name="Catat hasil TPN").click()
    expect(page.get_by_text("Hasil TPN dicatat.")).to_be_visible()
    page.get_by_role("link", name="Cabut predikat").click()
    page.get_by_label("Alasan").fill("Terbukti ada pungutan liar.")
    page.get_by_role("button", name="Cabut predikat").click()
    expect(page.get_by_text("Predikat dicabut.")).to_be_visible()
    assert Award.objects.get(assessment=row).withdrawn_reason == "Terbukti ada pungutan liar."


def test_the_way_from_the_lead_to_the_decision_by_keyboard(page: Page, live: Live) -> None:
    row, lead, _ = reviewed(live)
    sign_in(page, live, lead)
    page.goto(live.address("perbandingan/"))
    page.get_by_role("link", name="Serahkan kepada ketua tim").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Serahkan kepada ketua tim").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Diserahkan kepada ketua tim.")).to_be_visible()
    assert refreshed(row).state == State.LEAD_CHECK


def test_the_comparison_prints_without_navigation(page: Page, live: Live) -> None:
    _, lead, _ = reviewed(live)
    sign_in(page, live, lead)
    page.goto(live.address("perbandingan/"))
    page.emulate_media(media="print")
    for hidden in ("header.top", ".tabs", ".dc-next", ".actions"):
        expect(page.locator(hidden).first).to_be_hidden()
    for shown in (".dc-tree", ".dc-differences", "#grafik-tpi-judul"):
        expect(page.locator(shown)).to_be_attached()
