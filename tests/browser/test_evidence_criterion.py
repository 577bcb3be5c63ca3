"""Evidence of a criterion in the browser: dropping, cancelling, retrying, previewing, and all of it without scripts."""

import base64
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import Role
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment.models import Answer
from evidence import storage
from evidence.models import Attachment, Blob
from evidence.storage import Health
from evidence.tests.factories import attachment, document
from evidence.tests.samples import docx, mp4, pdf, png, txt

from .conftest import Live, card, choose, saved, sign_in
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")

CODE = "A.I.1.i.a"
WITHOUT_JS = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
UPLOADS = "**/unggah/**"
DROP = """([selector, files]) => {
  const carried = new DataTransfer();
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
    carried.items.add(new File([bytes], name));
  }
  const target = document.querySelector(selector);
  const event = (kind) => new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: carried});
  for (const kind of ["dragenter", "dragover", "drop"]) target.dispatchEvent(event(kind));
}"""
FILES = {"SK Tim.pdf": pdf("Keputusan", 3), "Foto rapat.png": png("foto"), "Notulen.docx": docx("notulen")}


def address(live: Live, query: str = "", code: str = CODE) -> str:
    return live.address(f"bukti/{code}/{query}")


def opened(page: Page, live: Live, path: str = "") -> Page:
    sign_in(page, live)
    page.goto(path or address(live))
    return page


def drop(page: Page, selector: str, files: dict[str, bytes]) -> None:
    page.evaluate(DROP, [selector, [[name, base64.b64encode(content).decode()] for name, content in files.items()]])


def payload(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [{"name": n, "mimeType": "application/octet-stream", "buffer": c} for n, c in files.items()]


def titles(live: Live) -> list[str]:
    return sorted(row.document.title for row in live.assessment.attachments.live().select_related("document"))


def test_three_dropped_files_are_there_after_a_reload_and_whole_in_the_store(page: Page, live: Live) -> None:
    opened(page, live, live.address("lembar/A.I.1/"))
    drop(page, "#k-A-I-1-i-a .choices", FILES)
    expect(card(page, CODE).locator(".ev-file.is-done")).to_have_count(3)
    expect(card(page, CODE).locator(".ev-one")).to_have_count(3)
    page.reload()
    for title in ("SK Tim", "Foto rapat", "Notulen"):
        expect(card(page, CODE).get_by_role("link", name=title)).to_be_visible()
    assert titles(live) == ["Foto rapat", "Notulen", "SK Tim"]
    assert {storage.verify(blob.sha256) for blob in Blob.objects.all()} == {Health.OK}
    assert Blob.objects.count() == 3
    assert not Answer.objects.exists()  # choosing files is no answer


def test_files_chosen_on_a_card_leave_the_answer_beside_them_alone(page: Page, live: Live) -> None:
    opened(page, live, live.address("lembar/A.I.1/"))
    choose(page, CODE, "Y")
    saved(page, CODE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/jawaban/" in request.url else None)
    card(page, CODE).locator("input[type=file]").set_input_files(payload(FILES))
    expect(card(page, CODE).locator(".ev-file.is-done")).to_have_count(3)
    saved(page, CODE)
    expect(card(page, CODE).locator("[aria-invalid]")).to_have_count(0)
    assert (Answer.objects.get().version, len(titles(live)), sent) == (1, 3, [])


def test_files_chosen_on_the_page_are_described_right_there(page: Page, live: Live) -> None:
    opened(page, live)
    page.get_by_label("Pilih berkas").set_input_files(payload({"SK_Tim-2025.pdf": FILES["SK Tim.pdf"]}))
    expect(page.locator(".ev-file.is-done")).to_have_text("SK_Tim-2025.pdfterlampir.")
    row = page.locator(".ev-row")
    expect(row).to_contain_text("tahun berbeda (2025)")
    row.get_by_label("Nomor dokumen").fill("800/12")
    row.get_by_label("Halaman").fill("2")
    row.get_by_label("Dokumen ini memenuhi").select_option(index=2)
    row.get_by_role("button", name="Simpan keterangan").click()
    notice = page.locator(".notice-success")
    expect(notice).to_have_text("Keterangan “SK Tim 2025” tersimpan.")
    expect(notice).to_be_focused()
    expect(page.locator(".ev-file.is-done")).to_have_count(1)  # the list of uploads stays
    stored = Attachment.objects.with_place().select_related("document").get()
    assert (stored.document.number, stored.page_ref, stored.expected_place) == ("800/12", "2", 2)


def test_an_upload_can_be_cancelled_while_it_is_sent(page: Page, live: Live) -> None:
    opened(page, live)
    page.route(UPLOADS, lambda route: None)  # the server stays silent
    page.get_by_label("Pilih berkas").set_input_files(payload({"a.txt": txt("satu"), "b.txt": txt("dua")}))
    expect(page.locator(".ev-file")).to_have_count(2)
    page.locator(".ev-file").nth(1).get_by_role("button", name="Batal").click()
    page.locator(".ev-file").nth(0).get_by_role("button", name="Batal").click()
    expect(page.locator(".ev-file")).to_have_count(0)
    page.unroute(UPLOADS)
    page.get_by_label("Pilih berkas").set_input_files(payload({"c.txt": txt("tiga")}))
    expect(page.locator(".ev-file.is-done")).to_have_count(1)
    assert titles(live) == ["c"]


def test_a_failed_upload_is_tried_again(page: Page, live: Live) -> None:
    opened(page, live)
    page.route(UPLOADS, lambda route: route.abort())
    page.get_by_label("Pilih berkas").set_input_files(payload({"a.txt": txt("satu")}))
    row = page.locator(".ev-file.is-failed")
    expect(row).to_contain_text("Server tidak terjangkau.")
    page.unroute(UPLOADS)
    row.get_by_role("button", name="Coba lagi").click()
    expect(page.locator(".ev-file.is-done")).to_have_count(1)
    assert titles(live) == ["a"]


@pytest.mark.parametrize(
    ("status", "said"), [(401, "Sesi Anda berakhir"), (403, "ditutup"), (500, "sedang bermasalah")]
)
def test_a_failure_says_what_to_do(page: Page, live: Live, status: int, said: str) -> None:
    opened(page, live)
    page.route(UPLOADS, lambda route: route.fulfill(status=status, body="<p>…</p>"))
    page.get_by_label("Pilih berkas").set_input_files(payload({"a.txt": txt("satu")}))
    expect(page.locator(".ev-file.is-failed")).to_contain_text(said)


def test_a_refused_file_says_why_and_the_next_one_goes_on(page: Page, live: Live) -> None:
    opened(page, live)
    page.get_by_label("Pilih berkas").set_input_files(payload({"a.pdf": b"bukan PDF", "b.txt": txt("dua")}))
    expect(page.locator(".ev-file.is-failed")).to_have_count(1)
    expect(page.locator(".ev-file.is-failed .ev-said")).not_to_be_empty()
    expect(page.locator(".ev-file.is-done")).to_have_count(1)
    assert titles(live) == ["b"]


def test_a_file_over_the_limit_is_not_even_sent(page: Page, live: Live, settings: Any) -> None:
    settings.EVIDENCE_MAX_FILE = 1024 * 1024
    opened(page, live)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_label("Pilih berkas").set_input_files(payload({"a.txt": b"x" * (1024 * 1024 + 1)}))
    expect(page.locator(".ev-file.is-failed")).to_contain_text("Lebih besar dari 1 MB")
    assert sent == []


def test_progress_is_shown_while_a_file_is_sent(page: Page, live: Live) -> None:
    opened(page, live)
    held: list[Route] = []
    page.route(UPLOADS, lambda route: held.append(route))
    page.get_by_label("Pilih berkas").set_input_files(payload({"a.txt": txt("satu")}))
    expect(page.get_by_role("progressbar", name="Terkirim: a.txt")).to_be_visible()
    expect(page.locator(".ev-file")).to_contain_text("Batal")
    held[0].continue_()
    expect(page.locator(".ev-file.is-done")).to_have_count(1)


def test_a_file_that_misses_its_place_does_not_replace_the_page(page: Page, live: Live) -> None:
    opened(page, live, live.address("lembar/A.I.1/"))
    prevented = page.evaluate(
        """() => {
          const carried = new DataTransfer();
          carried.items.add(new File(["x"], "x.txt"));
          const event = new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: carried});
          document.querySelector("header").dispatchEvent(event);
          return event.defaultPrevented;
        }"""
    )
    assert prevented is True
    expect(page.locator(".ev-file")).to_have_count(0)


def test_previews_are_walked_through_with_the_keyboard(page: Page, live: Live) -> None:
    first = attachment(live.assessment, CODE, document(live.assessment.unit, content=pdf("Keputusan", 4)), page_ref="2")
    second = attachment(
        live.assessment, CODE, document(live.assessment.unit, title="Foto", content=png("x"), name="f.png")
    )
    opened(page, live)
    page.get_by_role("link", name="Lihat SK Tim Kerja").click()
    leaf = page.get_by_role("img", name="Halaman 2 dari 4, SK Tim Kerja")
    expect(leaf).to_be_visible()
    expect(leaf).to_have_js_property("naturalWidth", 900)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("img", name="Halaman 3 dari 4, SK Tim Kerja")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("]")
    picture = page.get_by_role("img", name="Foto (buka ukuran penuh)")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    expect(page).to_have_url(re.compile(f"lihat={second.pk}"))
    page.keyboard.press("[")
    expect(leaf).to_be_visible()
    expect(page).to_have_url(re.compile(f"lihat={first.pk}"))
    page.reload()
    expect(leaf).to_be_visible()
    page.keyboard.press("]")
    expect(picture).to_be_visible()


def test_no_key_is_lost_right_after_the_page_has_changed(page: Page, live: Live) -> None:
    first = attachment(live.assessment, CODE, document(live.assessment.unit, content=pdf("Keputusan", 4)))
    opened(page, live, address(live, f"?lihat={first.pk}"))
    page.evaluate("htmx.config.defaultSettleDelay = 60000")
    for number in (2, 3, 4):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("img", name=f"Halaman {number} dari 4, SK Tim Kerja")).to_be_visible()
    expect(page).to_have_url(re.compile("halaman=4"))


def test_keys_do_nothing_while_somebody_is_typing(page: Page, live: Live) -> None:
    rows = [attachment(live.assessment) for _ in range(2)]
    opened(page, live, address(live, f"?lihat={rows[0].pk}"))
    page.locator(".ev-row").first.get_by_text("Ubah keterangan").click()
    title = page.locator(".ev-row").first.get_by_label("Judul")
    title.press("End")
    title.press_sequentially("]")
    expect(title).to_have_value("SK Tim Kerja]")
    assert f"lihat={rows[0].pk}" in page.url


def test_two_people_describe_the_same_document(page: Page, live: Live) -> None:
    row = attachment(live.assessment)
    opened(page, live)
    page.get_by_text("Ubah keterangan").click()
    Attachment.objects.filter(pk=row.pk).update(page_ref="9", revision=2)
    page.get_by_label("Halaman").fill("3")
    page.get_by_role("button", name="Simpan keterangan").click()
    expect(page.locator(".conflict")).to_contain_text("halaman 9")
    expect(page.get_by_label("Halaman")).to_have_value("3")
    page.get_by_role("button", name="Pakai isian saya").click()
    expect(page.locator(".ev-row")).to_contain_text("halaman 3")
    assert Attachment.objects.get().page_ref == "3"


def test_a_link_and_documents_of_the_unit_are_added(page: Page, live: Live) -> None:
    for number in range(2):
        document(live.assessment.unit, title=f"Laporan {number}")
    opened(page, live)
    page.get_by_text("Tambah tautan").click()
    page.get_by_label("Alamat tautan").fill("javascript:alert(1)")
    page.get_by_role("button", name="Lampirkan tautan").click()
    expect(page.get_by_label("Alamat tautan")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Alamat tautan").fill("https://drive.contoh.go.id/a")
    page.get_by_role("button", name="Lampirkan tautan").click()
    expect(page.locator(".ev-row")).to_have_count(1)
    page.get_by_text("Pilih dari dokumen unit").click()
    page.get_by_label("Laporan 0").check()
    page.get_by_label("Laporan 1").check()
    page.get_by_role("button", name="Lampirkan yang dicentang").click()
    expect(page.locator(".ev-row")).to_have_count(3)
    assert titles(live) == ["Laporan 0", "Laporan 1", "drive.contoh.go.id/a"]


def test_a_network_that_is_away_is_named_and_nothing_typed_is_lost(page: Page, live: Live) -> None:
    attachment(live.assessment)
    opened(page, live)
    page.get_by_text("Ubah keterangan").click()
    page.get_by_label("Judul", exact=True).first.fill("Judul panjang")
    page.route("**/ubah/**", lambda route: route.abort())
    page.get_by_role("button", name="Simpan keterangan").click()
    expect(page.locator("#ev-problem")).to_contain_text("Server tidak terjangkau.")
    expect(page.get_by_label("Judul", exact=True).first).to_have_value("Judul panjang")


@WITHOUT_JS
def test_everything_works_without_javascript(page: Page, live: Live) -> None:
    document(live.assessment.unit, title="Laporan tahunan")
    opened(page, live, live.address("lembar/A.I.1/"))
    card(page, CODE).get_by_role("link", name="Tambah bukti").click()
    page.get_by_label("Pilih berkas").set_input_files(payload(FILES))
    page.get_by_role("button", name="Unggah").click()
    expect(page.get_by_text("3 bukti terlampir:")).to_be_visible()
    page.get_by_text("Tambah tautan").click()
    page.get_by_label("Alamat tautan").fill("https://drive.contoh.go.id/a")
    page.get_by_role("button", name="Lampirkan tautan").click()
    expect(page.locator(".ev-row")).to_have_count(4)
    page.get_by_text("Pilih dari dokumen unit").click()
    page.get_by_label("Cari judul, nomor, atau tahun").fill("tahunan")
    page.get_by_role("button", name="Cari").click()
    page.get_by_label("Laporan tahunan").check()
    page.get_by_role("button", name="Lampirkan yang dicentang").click()
    expect(page.locator(".ev-row")).to_have_count(5)
    page.get_by_role("link", name="Lihat SK Tim").click()
    page.get_by_role("link", name="Halaman 2").click()
    expect(page.get_by_role("img", name="Halaman 2 dari 3, SK Tim")).to_be_visible()
    page.locator(".ev-row", has_text="Foto rapat").locator("summary", has_text="Lepas").click()
    page.get_by_role("button", name="Ya, lepaskan").click()
    expect(page.locator(".ev-row")).to_have_count(4)
    assert titles(live) == ["Laporan tahunan", "Notulen", "SK Tim", "drive.contoh.go.id/a"]


@SIZES
def test_the_page_without_evidence(page: Page, live: Live) -> None:
    opened(page, live)
    check(page)
    for way in ("Tambah tautan", "Pilih dari dokumen unit"):
        page.get_by_text(way).click()
    check(page)


@SIZES
def test_the_page_with_every_kind_of_preview(page: Page, live: Live) -> None:
    unit, long = (
        live.assessment.unit,
        "Laporan-pelaksanaan-kegiatan-pembangunan-zona-integritas-tanpa-satu-pun-spasi-" * 2,
    )
    documents = [
        document(unit, content=pdf("Keputusan", 3), title=long, year=2024, public=True),
        document(unit, content=png("x"), name="f.png"),
        document(unit, content=txt("Isi " * 50), name="t.txt"),
        document(unit, content=docx("d"), name="d.docx"),
        document(unit, content=mp4("m"), name="m.mp4"),
        document(unit, url="https://drive.contoh.go.id/" + "a" * 200, title="Tautan"),
    ]
    rows = [attachment(live.assessment, CODE, d) for d in documents]
    opened(page, live)
    for row in rows:
        page.goto(address(live, f"?lihat={row.pk}"))
        check(page)
    page.locator(".ev-row").first.get_by_text("Ubah keterangan").click()
    page.locator(".ev-row").first.locator("summary", has_text="Lepas").click()
    check(page)
    page.goto(live.address("lembar/A.I.1/"))
    check(page)
    page.goto(live.address())
    check(page)


@SIZES
def test_the_list_of_uploads(page: Page, live: Live) -> None:
    opened(page, live)
    page.get_by_label("Pilih berkas").set_input_files(payload({"a.pdf": b"bukan PDF", "b" * 120 + ".txt": txt("dua")}))
    expect(page.locator(".ev-file.is-done")).to_have_count(1)
    check(page)


def test_readers_see_no_forms(page: Page, live: Live) -> None:
    row = attachment(live.assessment, CODE, document(live.assessment.unit, content=pdf("Keputusan", 2)))
    reader = UserFactory(username="pemantau", password=PASSWORD)
    MembershipFactory(user=reader, unit=live.assessment.unit, role=Role.OBSERVER)
    sign_in(page, live, reader)
    page.goto(address(live, f"?lihat={row.pk}"))
    expect(page.get_by_role("img", name="Halaman 1 dari 2, SK Tim Kerja")).to_be_visible()
    expect(page.get_by_text("Tambah bukti")).to_have_count(0)
    check(page)
