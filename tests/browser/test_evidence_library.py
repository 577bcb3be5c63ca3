"""A unit's documents in the browser: found, added, attached and published in bulk; their pages at every width."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Role
from accounts.tests.factories import MembershipFactory
from assessment.models import Event
from evidence.models import Attachment, Document
from evidence.services.attachments import pin_versions
from evidence.services.documents import Content, Description, describe, replace_content
from evidence.tests.factories import attachment, document, small_pdf, stored
from evidence.tests.samples import good

from .conftest import Live, sign_in
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")
WITHOUT_JS = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["without scripts"])


def opened_library(page: Page, live: Live, query: str = "") -> Page:
    page.goto(f"{live.url}{reverse('evidence:library', args=[live.assessment.unit.code])}{query}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dokumen")
    return page


def filled(live: Live) -> Document:
    """Give the unit a little of everything; return a document with versions, uses and a public address."""
    unit, user = live.assessment.unit, live.user
    main = document(unit, user, title="SK Tim Kerja", number="800/12/2026", year=2025, content=small_pdf("SK"))
    document(unit, user, title="Foto_kegiatan_" + "panjang" * 14, content=good("png"), name="foto.png")
    document(unit, user, title="Laman PPID", url="https://ppid.contoh.go.id/" + "zi" * 60, public=True)
    for code in ("A.I.1.i.a", "A.I.1.i.b", "A.I.2.i.a", "B.I.a"):
        attachment(live.assessment, code, main, user, page_ref="12–14")
    pin_versions(assessment=live.assessment, at=timezone.now())
    replace_content(document=main, content=Content(stored(small_pdf("SK baru"))), seen=1, by=user)
    main.refresh_from_db()
    return main


def make_head(live: Live) -> None:
    MembershipFactory(user=live.user, unit=live.assessment.unit, role=Role.HEAD)


@SIZES
def test_pages_at_every_width(page: Page, live: Live) -> None:
    make_head(live)
    sign_in(page, live)
    opened_library(page, live)
    check(page)  # nothing there yet
    main = filled(live)
    for query in ("", "?pilih=semua", "?area=1&urut=judul", "?q=tidak-ada"):
        check(opened_library(page, live, query))
    page.get_by_text("Tambah dokumen").click()
    check(page)
    page.goto(live.url + main.get_absolute_url())
    expect(page.get_by_role("img", name="Halaman 1 dari SK Tim Kerja")).to_have_js_property("naturalWidth", 900)
    page.get_by_text("Ganti dengan versi baru").click()
    check(page)
    unit = live.assessment.unit
    page.goto(f"{live.url}{reverse('evidence:bulk-attach', args=[unit.code])}?documents={main.pk}")
    page.get_by_text(re.compile("Manajemen Perubahan")).first.click()
    check(page)
    loose = document(unit, live.user, title="Belum dipakai", content=good("jpeg"), name="a.jpg")
    page.goto(live.url + loose.get_absolute_url())
    page.get_by_text("Hapus dokumen ini …").click()
    check(page)


def test_files_are_added_by_script_and_show_in_the_list(page: Page, live: Live) -> None:
    sign_in(page, live)
    opened_library(page, live)
    files = [
        {"name": "SK Tim 2025.pdf", "mimeType": "application/pdf", "buffer": small_pdf("SK")},
        {"name": "jahat.pdf", "mimeType": "application/pdf", "buffer": b"<html>"},
    ]
    page.get_by_label("Pilih berkas").first.set_input_files(files)
    expect(page.locator(".ev-file.is-done")).to_contain_text("SK Tim 2025.pdf")
    expect(page.locator(".ev-file.is-failed")).to_contain_text("jahat.pdf")
    expect(page.get_by_role("link", name="SK Tim 2025")).to_be_visible()
    assert [d.title for d in Document.objects.all()] == ["SK Tim 2025"]


def attach_in_bulk(page: Page, live: Live) -> None:
    for title in ("Satu", "Dua"):
        document(live.assessment.unit, live.user, title=title)
    opened_library(page, live)
    page.get_by_role("link", name="Pilih semua di halaman ini").click()
    page.get_by_role("button", name="Lampirkan ke kriteria").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lampirkan 2 dokumen")
    page.locator("summary").filter(has_text="Manajemen Perubahan").first.click()
    page.locator("input[value='A.I.1.i.a']").check()
    page.locator("input[value='A.I.1.i.b']").check()
    page.get_by_role("button", name="Lampirkan", exact=True).click()
    expect(page.get_by_text("2 dokumen pada 2 kriteria: 4 lampiran dibuat.")).to_be_visible()
    assert Attachment.objects.live().count() == 4
    assert Event.objects.filter(kind="evidence_attached").count() == 4


def test_documents_are_attached_in_bulk(page: Page, live: Live) -> None:
    attach_in_bulk(sign_in(page, live), live)


@WITHOUT_JS
def test_documents_are_added_attached_and_published_without_scripts(page: Page, live: Live) -> None:
    make_head(live)
    sign_in(page, live)
    opened_library(page, live)
    page.get_by_label("Pilih berkas").set_input_files(
        {"name": "SK Tim.pdf", "mimeType": "application/pdf", "buffer": small_pdf("SK")}
    )
    page.get_by_role("button", name="Unggah").click()
    expect(page.get_by_text("1 dokumen ditambahkan: SK Tim.pdf.")).to_be_visible()
    page.get_by_label("Pilih SK Tim").check()
    page.get_by_role("button", name="Jadikan publik").click()
    expect(page.get_by_text("1 dokumen dijadikan publik.")).to_be_visible()
    assert Document.objects.get().is_public


@WITHOUT_JS
def test_attaching_in_bulk_needs_no_script(page: Page, live: Live) -> None:
    attach_in_bulk(sign_in(page, live), live)


def test_two_people_describe_one_document(page: Page, live: Live) -> None:
    found = document(live.assessment.unit, live.user, title="SK")
    sign_in(page, live)
    page.goto(live.url + found.get_absolute_url())
    describe(document=found, description=Description("Judul rekan", "", None, 2026), revision=1, by=live.user)
    page.get_by_label("Judul").fill("Judul saya")
    page.get_by_role("button", name="Simpan keterangan").click()
    expect(page.get_by_role("alert")).to_contain_text("Judul rekan")
    expect(page.get_by_label("Judul")).to_have_value("Judul saya")
    check(page)
    page.get_by_role("button", name="Pakai isian saya").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Judul saya")


def test_withdrawing_works_at_once_for_a_visitor(page: Page, live: Live) -> None:
    make_head(live)
    found = document(live.assessment.unit, live.user, title="Maklumat", content=good("png"), name="a.png", public=True)
    address = live.url + reverse("evidence:public-file", args=[found.pk])
    assert page.request.get(address).status == 200
    sign_in(page, live)
    page.goto(live.url + found.get_absolute_url())
    page.get_by_role("button", name="Tarik dari publik").click()
    expect(page.get_by_text("Dokumen ini tidak lagi dapat dibaca publik.")).to_be_visible()
    assert page.request.get(address).status == 404
