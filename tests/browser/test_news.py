"""The public pages and those on which units write them, at three widths, with and without JavaScript."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment.models import Award
from evidence.tests.factories import attachment, document
from news.models import Post, SiteSettings
from news.services.units import Details, Innovated, Member, save_details
from news.tests.factories import made_picture, picture_bytes, post

from .conftest import Live, sign_in
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")
PHONE = pytest.mark.parametrize(
    "context_options", [{"java_script_enabled": False, "viewport": {"width": 360, "height": 800}}], ids=["phone"]
)
BODY = (
    "## Bagian\n\n| Loket | Sebelum |\n|---|---|\n| A | 95 menit |\n\n> Kutipan\n\n[alamat](https://contoh.go.id/"
    + "x" * 90
    + ")"
)


@pytest.fixture
def public(live: Live) -> Live:
    unit = live.assessment.unit
    SiteSettings.objects.create(
        statement="Kami menolak suap.", decree_title="Keputusan Pimpinan", decree_number="1/KEP",
        complaint_url="https://pengaduan.contoh.go.id/", lapor_url="https://www.lapor.go.id/",
    )  # fmt: skip
    Award.objects.create(unit=unit, predicate="WBK", decree_number="K-1", decree_date=date(2023, 12, 1))
    attachment(live.assessment, "A.I.1.i.a", document(unit, title="SK Tim Kerja", public=True))
    details = Details(
        "Melayani warga.", "Keputusan tim", "7", None, [Member("Ketua", "Pegawai 01")], [Innovated("Loket")]
    )
    save_details(unit=unit, details=details, seen=0, by=live.user)
    post(unit, title="Kabar pertama", body=BODY, area="6", picture=made_picture(1000, 600))
    post(unit, title="Kabar kedua")
    return live


@SIZES
def test_public_pages(page: Page, public: Live) -> None:
    for path in (
        "/", "/folder/", "/folder/1/", "/folder/A.I.1.i/", "/folder/A.I.1.i.a/", "/folder/?q=tim", "/unit-kerja/",
        f"/unit-kerja/{public.assessment.unit.code}/", "/berita/", "/berita/kabar-pertama/",
    ):  # fmt: skip
        page.goto(public.url + path)
        check(page)
    sign_in(page, public)
    page.goto(public.url)
    expect(page.get_by_role("navigation", name="Situs publik")).to_be_visible()
    check(page)


@SIZES
def test_pages_of_those_who_write(page: Page, public: Live) -> None:
    unit = public.assessment.unit
    MembershipFactory(user=public.user, unit=unit, role=Role.ADMIN)
    made = Post.objects.get(slug="kabar-pertama")
    sign_in(page, public)
    for path in (
        "/redaksi/", f"/unit/{unit.code}/profil-publik/", f"/unit/{unit.code}/berita/baru/",
        f"/unit/{unit.code}/berita/{made.pk}/",
    ):  # fmt: skip
        page.goto(public.url + path)
        check(page)
    page.get_by_label("Judul").fill("")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("Belum ada yang disimpan.")).to_be_visible()
    check(page)


@PHONE
def test_from_writing_to_reading_on_a_phone_without_scripts(page: Page, live: Live) -> None:
    unit = live.assessment.unit
    sign_in(page, live)
    page.goto(f"{live.url}/redaksi/")
    page.get_by_role("link", name="Tulis berita").click()
    page.get_by_label("Judul").fill("Loket baru dibuka")
    page.get_by_label("Ringkasan").fill("Mulai pekan depan.")
    page.get_by_label("Isi", exact=True).fill("Buka **setiap hari** kerja.")
    page.get_by_role("button", name="Pratinjau tanpa menyimpan").click()
    expect(page.locator(".preview strong")).to_have_text("setiap hari")
    file = {"name": "loket.png", "mimeType": "image/png", "buffer": picture_bytes(700, 500)}
    page.get_by_label("Gambar (boleh kosong)").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_label("Teks alternatif gambar").fill("Loket dengan dua petugas")
    page.get_by_role("button", name="Simpan draf").click()
    page.get_by_role("button", name="Ajukan untuk terbit").click()
    expect(page.get_by_text("Tulisan diajukan untuk terbit.")).to_be_visible()
    expect(page.get_by_role("button", name="Terbitkan")).to_have_count(0)
    page.context.clear_cookies()
    publisher = UserFactory(username="penerbit", password=PASSWORD)
    MembershipFactory(user=publisher, unit=unit, role=Role.ADMIN)
    sign_in(page, live, publisher)
    page.goto(f"{live.url}/redaksi/")
    page.get_by_role("link", name="Loket baru dibuka").click()
    page.get_by_role("button", name="Terbitkan").click()
    expect(page.get_by_text("Tulisan diterbitkan.")).to_be_visible()
    page.context.clear_cookies()
    page.goto(live.url)
    page.get_by_role("link", name="Loket baru dibuka").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Loket baru dibuka")
    picture = page.get_by_role("img", name="Loket dengan dua petugas")
    expect(picture).to_be_visible()
    assert picture.evaluate("e => e.complete && e.naturalWidth > 0")
