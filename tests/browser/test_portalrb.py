"""The check before PortalRB reads, the token pages and the evidence links in the browser."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from accounts.groups import ADMIN_GROUP
from accounts.models import Role, User
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment.models import Assessment, Period
from evidence.models import DocumentVersion
from reports.models import AccessEntry, ApiToken
from reports.portalrb.links import Place, signed
from reports.tests.portalrb import LINKED, PLAIN, Sent, bearer, sent
from reports.tests.test_portalrb_api import WBK

from .conftest import Live, sign_in
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")

NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])
LONG = "Dinas Kependudukan, Pencatatan Sipil, Pemberdayaan Perempuan, Perlindungan Anak, dan Pengendalian Penduduk"


@pytest.fixture
def there(instrument: Any) -> Sent:
    return sent(name=LONG)


@pytest.fixture
def live(live_server: Any, there: Sent) -> Live:
    """Return a running portal with one proposed unit, and its agency's admin as `user`."""
    return Live(live_server.url, admin_of(there), there.row)


def admin_of(there: Sent) -> User:
    user = UserFactory(username="admin", first_name="Admin", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=ADMIN_GROUP))
    MembershipFactory(user=user, unit=there.agency, role=Role.ADMIN)
    return user


def link(row: Assessment, code: str) -> str:
    return f"/bukti-dukung/{signed(Place(row.pk, 1, code))}/"


@SIZES
def test_the_check_and_a_units_answers(page: Page, live: Live) -> None:
    DocumentVersion.objects.filter(blob=None).update(link_ok=False)
    sign_in(page, live)
    page.goto(f"{live.url}/usulan/2026/")
    page.get_by_role("link", name="Periksa kiriman ke PortalRB").click()
    expect(page.get_by_role("heading", name="Kiriman ke PortalRB")).to_be_visible()
    expect(page.get_by_text("1 bukti tidak dapat dibuka")).to_be_visible()
    check(page)
    page.get_by_role("link", name=LONG).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LONG)
    check(page)
    for name in ("Tampilkan yang kurang", "Tampilkan semua jawaban"):
        page.get_by_text(name).click()
    expect(page.get_by_role("table", name="Semua jawaban yang dikirim").get_by_role("row")).to_have_count(128)
    check(page)
    page.get_by_role("button", name="Cabut semua tautan unit ini").click()
    expect(page.get_by_text("Tidak satu pun tautan unit ini dapat dibuka.")).to_be_visible()
    check(page)


@SIZES
def test_the_check_with_nothing_to_send(page: Page, live: Live) -> None:
    Period.objects.update(is_proposing=False)
    sign_in(page, live)
    page.goto(f"{live.url}/portalrb/")
    expect(page.get_by_text("Belum ada periode yang ditandai")).to_be_visible()
    check(page)


@SIZES
def test_what_the_ministry_opens(page: Page, live: Live) -> None:
    for code, title in ((PLAIN, "SK Tim Kerja"), (LINKED, "Notulen rapat")):
        page.goto(live.url + link(live.assessment, code))
        expect(page.get_by_role("link", name=title).first).to_be_visible()
        check(page)
    page.goto(f"{live.url}/bukti-dukung/WzFd.{'a' * 43}/")
    expect(page.get_by_role("heading", name="Tautan ini tidak berlaku")).to_be_visible()
    check(page)


@SIZES
def test_a_token_is_made_in_the_admin_site(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(f"{live.url}/admin/reports/apitoken/add/")
    page.get_by_label("Nama").fill("PortalRB 2026")
    page.get_by_label("Instansi").select_option(index=1)
    page.get_by_role("button", name="Simpan", exact=True).click()
    secret = page.get_by_label("Token", exact=True).input_value()
    assert ApiToken.objects.get(name="PortalRB 2026").prefix == secret[:12]
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1]
    page.get_by_role("link", name="Sudah saya salin").click()
    expect(page.get_by_role("link", name="PortalRB 2026")).to_be_visible()
    assert secret not in page.content()
    answer = page.request.get(live.url + WBK, headers=bearer(secret))
    assert [unit["nama"] for unit in answer.json()["units"]] == [LONG]


@NO_SCRIPT
def test_the_whole_way_without_javascript(page: Page, live: Live, there: Sent) -> None:
    sign_in(page, live)
    page.goto(f"{live.url}/portalrb/{there.row.unit.code}/")
    page.get_by_text("Tampilkan semua jawaban").click()
    opened = page.get_by_role("link", name=f"Buka bukti {PLAIN}", exact=True)
    address = str(opened.get_attribute("href"))
    assert urlsplit(address).path == link(there.row, PLAIN)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Berkas unggah")).click()
    assert download.value.suggested_filename == f"PortalRB-2026-{there.row.unit.code}.xlsx"
    page.context.clear_cookies()
    page.goto(address)
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh SK Tim Kerja").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    sign_in(page, live)
    page.goto(f"{live.url}/portalrb/{there.row.unit.code}/")
    expect(page.get_by_text("Berkas bukti dukung")).to_be_visible()
    page.get_by_role("button", name="Cabut semua tautan unit ini").click()
    page.goto(address)
    expect(page.get_by_role("heading", name="Tautan ini tidak berlaku")).to_be_visible()
    page.goto(f"{live.url}/portalrb/{there.row.unit.code}/")
    page.get_by_role("button", name="Buat tautan baru").click()
    page.get_by_text("Tampilkan semua jawaban").click()
    assert opened.get_attribute("href") != address
    page.goto(str(opened.get_attribute("href")))
    expect(page.get_by_role("heading", name="Bukti dukung", exact=True)).to_be_visible()
    assert AccessEntry.objects.filter(what="evidence", status=404).count() == 1


def test_links_are_revoked_by_keyboard(page: Page, live: Live, there: Sent) -> None:
    sign_in(page, live)
    page.goto(f"{live.url}/portalrb/{there.row.unit.code}/")
    page.get_by_text("Tampilkan semua jawaban").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=f"Buka bukti {PLAIN}", exact=True)).to_be_visible()
    page.get_by_role("button", name="Cabut semua tautan unit ini").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tidak satu pun tautan unit ini dapat dibuka.")).to_be_visible()
