"""Findings, their follow-up and returns in the browser: three widths, without scripts, by keyboard alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment.models import Assessment, Return, Stage, TeamMember
from assessment.tests.factories import opened, team_of
from evidence.tests.factories import document
from review.models import Finding
from review.services import returns
from review.services.findings import Draft, write_finding
from review.tests.factories import in_review

from .conftest import Live, card, sign_in
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")

NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])
CODE = "A.I.1.i.a"
TEXT = "Tetapkan uraian tugas setiap anggota tim kerja dengan keputusan kepala unit. " * 3
DONE = "Uraian tugas ditetapkan dengan keputusan kepala dinas."


def of_team(row: Assessment, role: str, name: str) -> User:
    user = UserFactory(username=name, first_name=name.title(), password=PASSWORD)
    TeamMember.objects.create(team=team_of(row), user=user, role=role)
    return user


@pytest.fixture
def live(live_server: Any, instrument: Any) -> Live:
    """Return a running portal with a unit in review, its operator, and a reviewer as `user`."""
    row = opened()
    operator = UserFactory(username="operator", first_name="Operator", password=PASSWORD)
    MembershipFactory(user=operator, unit=row.unit)
    document(row.unit, title="Keputusan uraian tugas")
    row = in_review(row, lead=of_team(row, Role.TPI_LEAD, "ketua"))
    return Live(live_server.url, of_team(row, Role.TPI_MEMBER, "anggota"), row)


def as_(page: Page, live: Live, name: str, path: str) -> Page:
    page.context.clear_cookies()
    sign_in(page, live, User.objects.get(username=name))
    page.goto(live.address(path))
    return page


def written(live: Live, **more: Any) -> Finding:
    facts = {"code": CODE, "kind": "recommendation", "text": TEXT, "due_on": None} | more
    return write_finding(assessment=live.assessment, stage=Stage.TPI, draft=Draft(**facts), by=live.user)


@SIZES
def test_a_finding_from_writing_to_closing(page: Page, live: Live) -> None:
    as_(page, live, "anggota", "nilai/lembar/A.I.1/")
    card(page, CODE).get_by_role("link", name="Tulis catatan").click()
    expect(page.get_by_label("Kriteria")).to_have_value(CODE)
    page.get_by_role("button", name="Simpan dan kirim ke unit").click()
    expect(page.get_by_text("Tulis isi catatan.")).to_be_visible()
    check(page)
    page.get_by_label("Rekomendasi").check()
    page.get_by_label("Isi", exact=True).fill(TEXT)
    page.get_by_label("Tenggat").fill((timezone.localdate() + timedelta(days=10)).isoformat())
    page.get_by_role("button", name="Simpan dan kirim ke unit").click()
    expect(page.get_by_text("Catatan tersimpan dan unit diberi tahu.")).to_be_visible()
    check(page)
    as_(page, live, "operator", "catatan/")
    check(page)
    page.get_by_role("link", name=CODE).first.click()
    page.get_by_label("Keputusan uraian tugas").check()
    page.get_by_label("Uraian tindak lanjut").fill(DONE)
    page.get_by_role("button", name="Kirim tindak lanjut").click()
    expect(page.get_by_text("Tindak lanjut terkirim")).to_be_visible()
    expect(page.get_by_role("link", name="Keputusan uraian tugas")).to_be_visible()
    check(page)
    row = Finding.objects.get()
    as_(page, live, "anggota", f"catatan/{row.pk}/")
    page.get_by_role("button", name="Nyatakan selesai").click()
    expect(page.get_by_role("button", name="Buka kembali")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Buka kembali").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    page.get_by_label("Alasan").fill("Keputusan belum ditandatangani.")
    page.get_by_role("button", name="Buka kembali").click()
    expect(page.get_by_role("button", name="Nyatakan selesai")).to_be_visible()
    row.refresh_from_db()
    assert row.state != Finding.State.CLOSED


@SIZES
def test_the_register_with_filters_and_ages(page: Page, live: Live) -> None:
    late = written(live, due_on=timezone.localdate() + timedelta(days=1))
    Finding.objects.filter(pk=late.pk).update(
        due_on=timezone.localdate() - timedelta(days=3), created_at=timezone.now() - timedelta(days=40)
    )
    written(live, code="B.I.a", kind="strength", text="Survei dilakukan mandiri.")
    as_(page, live, "anggota", "")
    page.goto(f"{live.url}/catatan/")
    expect(page.locator(".fd-row")).to_have_count(2)
    expect(page.get_by_text("umur 40 hari")).to_be_visible()
    check(page)
    page.get_by_label("Hanya yang lewat tenggat").check()
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.locator(".fd-row")).to_have_count(1)
    page.goto(f"{live.url}/catatan/?area=hasil")
    expect(page.get_by_text("Survei dilakukan mandiri.")).to_be_visible()
    expect(page.locator(".fd-row")).to_have_count(1)
    page.goto(f"{live.url}/catatan/?cari=tidak-ada")
    expect(page.get_by_text("Tidak ada catatan yang cocok.")).to_be_visible()
    check(page)


@SIZES
def test_open_findings_of_an_earlier_period_go_along(page: Page, live: Live) -> None:
    written(live)
    later = opened(live.assessment.unit, year=2027)
    sign_in(page, live, User.objects.get(username="operator"))
    page.goto(f"{live.url}/penilaian/2027/{later.unit.code}/catatan/")
    expect(page.get_by_role("heading", name="Masih terbuka dari periode sebelumnya")).to_be_visible()
    check(page)
    page.get_by_role("link", name=CODE).first.click()
    page.get_by_label("Uraian tindak lanjut").fill(DONE)
    page.get_by_role("button", name="Kirim tindak lanjut").click()
    expect(page.get_by_text("Tindak lanjut terkirim")).to_be_visible()
    assert Finding.objects.get().follow_ups.get().text == DONE


@SIZES
def test_the_list_of_corrections_and_a_colleagues_reason(page: Page, live: Live) -> None:
    as_(page, live, "anggota", "nilai/lembar/A.I.1/")
    returns.set_item(
        assessment=live.assessment, stage=Stage.TPI, code=CODE, reason="Dari rekan.",
        by=User.objects.get(username="ketua"),
    )  # fmt: skip
    here = card(page, CODE)
    here.get_by_text("Perlu diperbaiki unit").click()
    here.get_by_label("Alasan pengembalian").fill("Lengkapi uraian tugas.")
    here.get_by_role("button", name="Masukkan ke daftar perbaikan").click()
    expect(page.get_by_text("Tersimpan sekarang: Dari rekan.")).to_be_visible()
    check(page)
    page.get_by_role("button", name=f"Simpan alasan {CODE}").click()
    expect(page.get_by_text(f"{CODE} masuk daftar perbaikan.")).to_be_visible()
    assert Return.objects.get().items.get().reason == "Lengkapi uraian tugas."
    as_(page, live, "ketua", "perbaikan/")
    page.get_by_role("button", name="Kembalikan kepada unit").click()
    expect(page.get_by_text("Isi batas waktu perbaikan.")).to_be_visible()
    check(page)


@NO_SCRIPT
def test_writing_and_answering_without_scripts(page: Page, live: Live) -> None:
    as_(page, live, "anggota", f"catatan/?kriteria={CODE}")
    page.get_by_label("Rekomendasi").check()
    page.get_by_label("Isi", exact=True).fill(TEXT)
    page.get_by_role("button", name="Simpan dan kirim ke unit").click()
    expect(page.get_by_text("Catatan tersimpan dan unit diberi tahu.")).to_be_visible()
    as_(page, live, "operator", f"catatan/{Finding.objects.get().pk}/")
    page.get_by_label("Cari dokumen unit").fill("uraian")
    page.get_by_role("button", name="Cari").click()
    page.get_by_label("Keputusan uraian tugas").check()
    page.get_by_label("Uraian tindak lanjut").fill(DONE)
    page.get_by_role("button", name="Kirim tindak lanjut").click()
    expect(page.get_by_text("Tindak lanjut terkirim")).to_be_visible()
    assert Finding.objects.get().follow_ups.get().shown.count() == 1


def test_writing_a_finding_by_keyboard_alone(page: Page, live: Live) -> None:
    as_(page, live, "anggota", f"catatan/?kriteria={CODE}")
    page.get_by_label("Kriteria").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type(TEXT)
    page.keyboard.press("Tab")
    for _ in range(4):  # day, month, year and the calendar of the date field
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Simpan dan kirim ke unit")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Catatan tersimpan dan unit diberi tahu.")).to_be_visible()
    assert Finding.objects.get().text == TEXT.strip()
