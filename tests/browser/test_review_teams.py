"""Teams, the desk, conflicts of interest and the second scoring in the browser: at three widths and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment.models import Assignment, Conflict, SecondScoring, Team, TeamMember
from assessment.tests.factories import opened, team_of
from review.services.conflicts import declare_conflict
from review.services.seconds import finish_second
from review.tests.factories import UnitFactory, agreed, in_review
from review.tests.test_seconds import Review

from .conftest import Live, sign_in
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")

NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])
REASON = "Kepala unit ini adalah saudara kandung saya sehingga penilaian saya dapat dipandang tidak objektif. " * 2


@pytest.fixture
def live(live_server: Any, instrument: Any) -> Live:
    """Return a running portal with an agency, its admin as `user`, and two of its units below another."""
    top = UnitFactory(code="PEMDA", name="Pemerintah Daerah Contoh")
    upper = UnitFactory(code="SEKDA", name="Sekretariat Daerah", parent=top)
    admin = UserFactory(username="admin", first_name="Admin", password=PASSWORD)
    MembershipFactory(user=admin, unit=top, role=Role.ADMIN)
    row = opened(
        UnitFactory(parent=upper, name="Dinas Pelayanan Terpadu Satu Pintu dan Penanaman Modal"), second_share=20
    )
    opened(UnitFactory(parent=upper, name="Dinas Kependudukan"))
    return Live(live_server.url, admin, row)


def tpi(name: str, role: str) -> User:
    user = UserFactory(username=name, first_name=name.title(), password=PASSWORD)
    MembershipFactory(user=user, unit=UnitFactory(code=f"TPI-{name.upper()}", name="Inspektorat"), role=role)
    return user


def ready_team(live: Live) -> dict[str, User]:
    team = team_of(live.assessment)
    people = {
        name: tpi(name, role)
        for name, role in (
            ("ketua", Role.TPI_LEAD), ("pengendali", Role.TPI_CONTROLLER), ("anggota", Role.TPI_MEMBER),
        )
    }  # fmt: skip
    for user in people.values():
        TeamMember.objects.create(team=team, user=user, role=user.memberships.get().role)
    return people


@SIZES
def test_teams_and_assignment(page: Page, live: Live) -> None:
    ready_team(live)
    tied = team_of(live.assessment).members.get(role=Role.TPI_MEMBER).user
    MembershipFactory(user=tied, unit=live.assessment.unit)
    sign_in(page, live)
    for path in ("/tim/2026/", f"/tim/2026/{team_of(live.assessment).pk}/", "/tim/2026/penugasan/", "/tugas/"):
        page.goto(live.url + path)
        check(page)
    page.goto(f"{live.url}/tim/2026/penugasan/")
    page.get_by_label("Semua 2 unit di bawah Sekretariat Daerah").check()
    page.get_by_label("Tim", exact=True).select_option(team_of(live.assessment).name)
    page.get_by_role("button", name="Tugaskan").click()
    expect(page.get_by_text("sekarang Anggota tim unit di unit ini")).to_be_visible()
    check(page)


@SIZES
def test_desk_and_conflict(page: Page, live: Live) -> None:
    people = ready_team(live)
    in_review(live.assessment, lead=people["ketua"])
    sign_in(page, live, people["ketua"])
    page.goto(f"{live.url}/tugas/")
    check(page)
    page.goto(live.address("benturan/"))
    check(page)
    page.get_by_role("button", name="Nyatakan").click()
    expect(page.get_by_text("Tulis alasannya.")).to_be_visible()
    check(page)
    declare_conflict(assessment=live.assessment, reason=REASON, by=people["anggota"])
    page.goto(live.address("benturan/"))
    page.get_by_role("button", name="Simpan keputusan").click()
    expect(page.get_by_text("Pilih keputusan.")).to_be_visible()
    check(page)
    page.context.clear_cookies()
    sign_in(page, live, people["anggota"])
    page.goto(f"{live.url}/tugas/")
    expect(page.get_by_text("Benturan kepentingan. Menunggu keputusan.")).to_be_visible()
    check(page)


def second_review(live: Live) -> tuple[Review, User]:
    """Return a review whose sample was drawn, with people who can sign in."""
    people = ready_team(live)
    review = Review.__new__(Review)
    review.row = in_review(live.assessment, lead=people["ketua"])
    review.lead, review.other = people["ketua"], people["anggota"]
    review.first = tpi("pertama", Role.TPI_MEMBER)
    TeamMember.objects.create(team=team_of(review.row), user=review.first, role=Role.TPI_MEMBER)
    return review, people["anggota"]


@SIZES
def test_second_scoring(page: Page, live: Live) -> None:
    review, other = second_review(live)
    sign_in(page, live, review.lead)
    page.goto(live.address("penilai-kedua/"))
    check(page)
    page.get_by_label("Penilai kedua").select_option("Anggota")
    page.get_by_role("button", name="Tunjuk dan undi sampel").click()
    expect(page.get_by_text("menilai 23 kriteria sebagai penilai kedua")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, live, other)
    page.goto(live.address("penilai-kedua/"))
    expect(page.get_by_text("0 dari 23 kriteria dinilai")).to_be_visible()
    expect(page.get_by_role("button", name="Selesaikan penilaian kedua")).to_be_disabled()
    check(page)
    agreed(review.row, review.first)
    code = next(c for c in SecondScoring.objects.get().codes if c.startswith("A.I."))
    review.scored([code])
    finish_second(assessment=review.row, by=other)
    page.context.clear_cookies()
    sign_in(page, live, review.lead)
    page.goto(live.address("penilai-kedua/"))
    check(page)
    page.get_by_role("button", name=f"Putuskan {code}").click()
    expect(page.get_by_text("Pilih jawaban yang dipakai.")).to_be_visible()
    check(page)
    page.get_by_label("Pakai jawaban penilai kedua").check()
    page.get_by_label("Alasan").fill("Bukti penilai kedua lebih lengkap.")
    page.get_by_role("button", name=f"Putuskan {code}").click()
    expect(page.get_by_text("0 perbedaan menunggu keputusan ketua tim.")).to_be_visible()
    check(page)


@NO_SCRIPT
def test_forming_a_team_and_declaring_without_scripts(page: Page, live: Live) -> None:
    for name, role in (("ketua", Role.TPI_LEAD), ("pengendali", Role.TPI_CONTROLLER)):
        tpi(name, role)
    sign_in(page, live)
    page.goto(f"{live.url}/tugas/")
    page.get_by_role("link", name="Tim dan penugasan 2026").click()
    page.get_by_label("Nama tim").fill("Tim Satu")
    page.get_by_role("button", name="Buat tim").click()
    for name, role in (("ketua", "Ketua tim"), ("pengendali", "Pengendali teknis")):
        value = page.get_by_label("Pengguna").locator("option", has_text=f"({name})").get_attribute("value")
        page.get_by_label("Pengguna").select_option(value)
        page.get_by_label("Peran dalam tim").select_option(role)
        page.get_by_role("button", name="Tambahkan anggota").click()
        expect(page.get_by_text("menjadi anggota Tim Satu.")).to_be_visible()
    page.get_by_role("link", name="Tugaskan unit").click()
    page.get_by_label("Semua 2 unit di bawah Sekretariat Daerah").check()
    page.get_by_label("Tim", exact=True).select_option("Tim Satu")
    page.get_by_role("button", name="Tugaskan").click()
    expect(page.get_by_text("2 unit ditugaskan kepada Tim Satu.")).to_be_visible()
    assert Assignment.objects.filter(team=Team.objects.get()).count() == 2
    page.context.clear_cookies()
    sign_in(page, live, User.objects.get(username="ketua"))
    page.goto(live.address("benturan/"))
    page.get_by_label("Alasan").fill(REASON)
    page.get_by_role("button", name="Nyatakan").click()
    expect(page.get_by_role("heading", name="Tugas saya")).to_be_visible()
    assert Conflict.objects.get().reason == REASON.strip()
