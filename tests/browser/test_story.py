"""The whole way of a unit in the browser, by the people who go it: from the first answer to the predicate.

Six people sign in one after another: the unit's operator and its head, the assessor of the unit above, the member,
the lead and the controller of the evaluation team; the agency's admin then proposes and records TPN's result.
What takes 113 clicks is begun by hand and finished through the services. Each stop leaves a picture in the folder
that SCREENSHOTS names, so that somebody can look at the story afterwards.
"""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import Notification, Role, User
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment import history, selectors, services
from assessment.models import Event, ProposalCondition, Stage, State, TeamMember
from assessment.tests.factories import best_entries, opened, team_of
from evidence.tests.samples import pdf
from review.models import ConditionAnswer, Finding
from review.services.snapshots import is_intact
from review.tests.factories import UnitFactory, agreed, refreshed

from .conftest import Live, card, choose, field, saved, sign_in
from .test_every_page import check

pytestmark = [pytest.mark.usefixtures("media")]
PHONE_AND_DESK = pytest.mark.parametrize(
    "context_options",
    [{"viewport": {"width": 360, "height": 800}}, {"viewport": {"width": 1440, "height": 900}}],
    ids=["360px", "1440px"],
)
CODE = "A.I.1.i.a"
OTHER = "A.I.1.i.b"
NOTE = "SK tim kerja ada, tetapi belum memuat uraian tugas anggota."


class Album:
    """Pictures of the story, numbered in its order."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder, self.count = page, folder, 0
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, name: str) -> None:
        """Look at the page as every page is looked at, and keep its picture."""
        check(self.page)
        self.count += 1
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        self.page.screenshot(path=self.folder / f"{self.count:02}-{name}-{width}.png", full_page=True)


@pytest.fixture
def album(page: Page, tmp_path: Path) -> Album:
    return Album(page, Path(os.environ.get("SCREENSHOTS") or tmp_path))


@pytest.fixture
def people(live_server: Any, instrument: Any) -> dict[str, User]:
    """Return the people of the story by what they are."""
    top = UnitFactory(code="PEMDA", name="Pemerintah Daerah Contoh")
    unit = UnitFactory(code="DINAS", name="Dinas Pelayanan", parent=top)
    row = opened(unit, needs_prelim=True)
    made = {}
    for name, role, where in (
        ("operator", Role.MEMBER, unit), ("kepala", Role.HEAD, unit), ("pendahuluan", Role.PRELIM, unit),
        ("admin", Role.ADMIN, top),
    ):  # fmt: skip
        made[name] = UserFactory(username=name, first_name=name.title(), password=PASSWORD)
        MembershipFactory(user=made[name], unit=where, role=role)
    for name, role in (("anggota", Role.TPI_MEMBER), ("ketua", Role.TPI_LEAD), ("pengendali", Role.TPI_CONTROLLER)):
        made[name] = UserFactory(username=name, first_name=name.title(), password=PASSWORD)
        TeamMember.objects.create(team=team_of(row), user=made[name], role=role)
    return made


@pytest.fixture
def live(live_server: Any, people: dict[str, User]) -> Live:
    from assessment.models import Assessment

    return Live(live_server.url, people["operator"], Assessment.objects.for_page().get())


class Story:
    """The pages and the people."""

    def __init__(self, page: Page, live: Live, people: dict[str, User], album: Album) -> None:
        self.page, self.live, self.people, self.album = page, live, people, album

    def as_(self, name: str, path: str = "") -> Page:
        """Sign in as somebody and go to a page of the assessment."""
        self.page.context.clear_cookies()
        sign_in(self.page, self.live, self.people[name])
        self.page.goto(self.live.address(path))
        return self.page

    def step(self, name: str, button: str, **fields: str) -> None:
        """Take a step from its page."""
        self.page.goto(self.live.address(f"langkah/{name}/"))
        for label, text in fields.items():
            self.page.get_by_label(label).fill(text)
        self.album.keep(f"langkah-{name}")
        self.page.get_by_role("button", name=button).click()

    def state(self) -> str:
        return refreshed(self.live.assessment).state

    # The stops, in order.

    def fill(self) -> None:
        page = self.as_("operator", "lembar/A.I.1/")
        choose(page, CODE, "Y")
        saved(page, CODE)
        field(page, CODE, "note").fill("SK Nomor 12 Tahun 2026.")
        field(page, CODE, "note").blur()
        expect(page.locator("#state-A-I-1-i-a .save-state")).to_contain_text("Tersimpan.")
        self.album.keep("pengisian")
        page.goto(self.live.address(f"bukti/{CODE}/"))
        sent = {"name": "SK Tim Kerja.pdf", "mimeType": "application/pdf", "buffer": pdf("Keputusan tim kerja", 3)}
        page.locator("input[type=file]").first.set_input_files([sent])
        expect(page.get_by_text("SK Tim Kerja").first).to_be_visible()
        expect(page.get_by_role("link", name="SK Tim Kerja").first).to_be_visible()
        self.album.keep("bukti")
        page.goto(self.live.address("periksa/"))
        expect(page.get_by_role("heading", name="Belum dapat diajukan")).to_be_visible()
        self.album.keep("belum-lengkap")
        row, answers = self.live.assessment, selectors.answers_of(self.live.assessment, Stage.UNIT)
        rest = [e for e in best_entries(row) if e.code not in answers]
        services.record_answers(assessment=row, entries=rest, by=self.people["operator"])
        by, at = self.people["operator"], timezone.now()
        for condition in ProposalCondition.objects.filter(predicate="WBK"):
            ConditionAnswer.objects.create(assessment=row, condition=condition, met="ya", changed_by=by, changed_at=at)
        page.reload()
        expect(page.get_by_role("heading", name="Boleh diajukan")).to_be_visible()
        page.goto(self.live.address("ajukan/"))
        expect(page.get_by_role("button", name="Ajukan penilaian mandiri")).to_have_count(0)

    def submit(self, button: str) -> None:
        page = self.as_("kepala", "ajukan/")
        page.get_by_label("Saya menyatakan").check()
        self.album.keep("pernyataan")
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", name="Diperiksa sekarang: utuh")).to_be_visible()
        self.album.keep("bukti-terima")

    def preliminary(self) -> None:
        page = self.as_("pendahuluan")
        self.step("start_prelim", "Mulai penilaian pendahuluan")
        page.goto(self.live.address("nilai/lembar/A.I.1/"))
        page.get_by_role("link", name="Setujui semua yang belum dinilai").first.click()
        page.get_by_role("button", name="Setujui yang dicentang").click()
        expect(page.get_by_role("heading", name="Disetujui")).to_be_visible()
        self.album.keep("pendahuluan-disetujui")
        page.get_by_role("button", name="Batalkan semua ini").click()
        expect(page.get_by_text("persetujuan dibatalkan.")).to_be_visible()
        assert not selectors.answers_of(self.live.assessment, Stage.PRELIM)[CODE].choice
        agreed(self.live.assessment, self.people["pendahuluan"], stage=Stage.PRELIM)
        self.step("declare_fit", "Nyatakan layak dinilai TPI", Simpulan="Layak dinilai TPI.")
        assert self.state() == State.REVIEW

    def review(self) -> None:
        page = self.as_("anggota")
        page.goto(f"{self.live.url}/tugas/")
        self.album.keep("tugas")
        page.get_by_role("link", name="Dinas Pelayanan").first.click()
        page.goto(self.live.address("nilai/lembar/A.I.1/"))
        here = card(page, CODE)
        here.get_by_role("link", name="SK Tim Kerja", exact=True).click()
        expect(card(page, CODE).get_by_role("img", name="Halaman 1 dari 3")).to_be_visible()
        here = card(page, CODE)
        here.get_by_label("Kurang", exact=True).check()
        here.get_by_label("Alasan untuk SK Tim Kerja").fill("Belum ada uraian tugas.")
        here.get_by_role("button", name="Simpan hasil pemeriksaan").click()
        expect(page.get_by_text("Hasil pemeriksaan bukti tersimpan.")).to_be_visible()
        field(page, CODE, "note").fill(NOTE)
        choose(page, CODE, "T")
        expect(page.locator("#state-A-I-1-i-a")).to_contain_text("berbeda dari unit")
        self.album.keep("menilai")
        page.reload()
        here = card(page, CODE)
        here.get_by_text("Perlu diperbaiki unit").click()
        here.get_by_label("Alasan pengembalian").fill("Lengkapi uraian tugas anggota tim.")
        here.get_by_role("button", name="Masukkan ke daftar perbaikan").click()
        expect(card(page, CODE).get_by_text("Masuk daftar perbaikan")).to_be_visible()
        page.goto(self.live.address(f"catatan/?kriteria={OTHER}#tulis"))
        page.get_by_label("Rekomendasi").check()
        page.get_by_label("Isi", exact=True).fill("Tetapkan mekanisme pemilihan anggota tim kerja.")
        page.get_by_role("button", name="Simpan dan kirim ke unit").click()
        expect(page.get_by_text("Tetapkan mekanisme pemilihan").first).to_be_visible()
        self.album.keep("catatan")
        agreed_but(self.live, self.people["anggota"], CODE)

    def send_back(self) -> None:
        page = self.as_("ketua", "perbaikan/")
        page.get_by_label("Batas waktu perbaikan").fill((timezone.localdate() + timedelta(days=5)).isoformat())
        page.get_by_label("Pesan kepada unit").fill("Mohon dilengkapi.")
        self.album.keep("daftar-perbaikan")
        page.get_by_role("button", name="Kembalikan kepada unit").click()
        expect(page.get_by_role("heading", name="Putaran 1")).to_be_visible()
        assert self.state() == State.RETURNED

    def correct(self) -> None:
        page = self.as_("operator")
        expect(page.get_by_role("heading", name="Dikembalikan oleh TPI (putaran 1): 1 kriteria")).to_be_visible()
        self.album.keep("dikembalikan")
        page.goto(self.live.address("lembar/A.I.1/"))
        expect(field(page, OTHER, "note")).to_be_disabled()
        field(page, CODE, "note").fill("SK Nomor 15 Tahun 2026 memuat uraian tugas.")
        field(page, CODE, "note").blur()
        expect(page.locator("#state-A-I-1-i-a .save-state")).to_contain_text("Tersimpan.")
        page.goto(self.live.address("catatan/"))
        page.get_by_role("link", name=OTHER).first.click()
        page.get_by_label("Uraian tindak lanjut").fill("Mekanisme ditetapkan dengan keputusan kepala dinas.")
        page.get_by_role("button", name="Kirim tindak lanjut").click()
        expect(page.get_by_text("Mekanisme ditetapkan").first).to_be_visible()
        self.album.keep("tindak-lanjut")

    def review_again(self) -> None:
        page = self.as_("anggota", "nilai/lembar/A.I.1/?saring=berubah")
        here = card(page, CODE)
        expect(here.locator("ins")).to_contain_text("SK Nomor 15 Tahun 2026 memuat uraian tugas.")
        self.album.keep("berubah")
        here.get_by_role("button", name="Sudah saya periksa, setuju").click()
        expect(page.get_by_text(f"Setuju dengan unit pada {CODE}.")).to_be_visible()
        page.goto(self.live.address("catatan/"))
        page.get_by_role("link", name=OTHER).first.click()
        page.get_by_role("button", name="Nyatakan selesai").click()
        expect(page.get_by_role("button", name="Buka kembali")).to_be_visible()
        self.step("finish", "Serahkan kepada ketua tim")
        assert self.state() == State.LEAD_CHECK

    def decide(self) -> None:
        self.as_("ketua", "perbandingan/")
        self.album.keep("perbandingan")
        self.step("pass_on", "Teruskan kepada pengendali teknis")
        page = self.as_("pengendali", "perbandingan/")
        self.step("approve", "Setujui dan putuskan", Simpulan="Unit memenuhi seluruh ambang WBK.")
        expect(page.get_by_role("heading", name="Keputusan TPI: memenuhi")).to_be_visible()
        self.album.keep("keputusan")
        assert self.state() == State.FULFILS
        text = self.download("LHE PDF")
        assert "UnitmemenuhiseluruhambangWBK." in text

    def download(self, name: str) -> str:
        """Download a PDF from the page; return its text without blanks."""
        with self.page.expect_download() as caught:
            self.page.get_by_role("link", name=name).first.click()
        content = Path(caught.value.path()).read_bytes()
        return "".join("".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(content)).pages)

    def propose(self) -> None:
        page = self.as_("admin")
        page.goto(f"{self.live.url}/usulan/2026/")
        page.get_by_label("Dinas Pelayanan").check()
        for label, text in (
            ("Nomor surat", "700/12/2026"), ("Tempat", "Kota Contoh"), ("Jabatan penanda tangan", "Sekretaris Daerah"),
        ):  # fmt: skip
            page.get_by_label(label, exact=True).fill(text)
        self.album.keep("usulan")
        page.get_by_role("button", name="Buat surat").click()
        expect(page.get_by_text("Surat dibuat; 1 unit diusulkan kepada TPN.")).to_be_visible()
        page.goto(self.live.address("hasil-tpn/"))
        page.get_by_label("Predikat diberikan").check()
        page.get_by_label("Nilai TPN").fill("81,25")
        page.get_by_label("Nomor keputusan").fill("1503/2026")
        page.get_by_label("Tanggal keputusan").fill("2024-10-12")
        self.album.keep("hasil-tpn")
        page.get_by_role("button", name="Catat hasil TPN").click()
        expect(page.get_by_text("Hasil TPN dicatat.")).to_be_visible()
        page.context.clear_cookies()
        page.goto(f"{self.live.url}/publik/predikat/")
        expect(page.get_by_text("1503/2026")).to_be_visible()
        self.album.keep("publik")

    def afterwards(self) -> None:
        """What six people did is all there, in order and untouched."""
        row = refreshed(self.live.assessment)
        assert row.state == State.RESULT
        events = list(row.events.order_by("number"))
        assert history.problems(row.pk, events, row.event_count, row.event_head) == []
        moves = [event.data["to"] for event in events if event.kind == Event.Kind.MOVED]
        assert moves == [
            "submitted", "prelim", "review", "returned", "review", "lead_check", "approval", "fulfils", "proposed",
            "result",
        ]  # fmt: skip
        assert {e.actor for e in events if e.actor} == set(self.people.values())
        assert [s.kind for s in row.snapshots.order_by("at")] == [
            "submission",
            "prelim",
            "submission",
            "decision",
            "result",
        ]
        assert all(is_intact(s) for s in row.snapshots.all())
        assert Finding.objects.get().state == Finding.State.CLOSED
        told = set(Notification.objects.values_list("recipient__username", flat=True))
        assert told >= {"operator", "kepala", "anggota", "ketua", "pengendali", "admin"}
        page = self.as_("operator", f"riwayat/?kriteria={CODE}")
        expect(page.get_by_text("Lengkapi uraian tugas anggota tim.").first).to_be_visible()
        expect(page.get_by_text(NOTE).first).to_be_visible()
        self.album.keep("riwayat")


def agreed_but(live: Live, by: User, code: str) -> None:
    """Agree with the unit on everything that is not answered yet; what was judged by hand stays."""
    row = live.assessment
    worksheet, there = selectors.worksheet_of(row.period.instrument), selectors.answers_of(row, Stage.TPI)
    units = selectors.answers_of(row, Stage.UNIT)
    entries = [
        services.Entry(c, selectors.given_of(worksheet, units[c]), "", 0) for c in worksheet.criteria if c not in there
    ]
    assert code in there
    services.record_answers(assessment=row, entries=entries, by=by, stage=Stage.TPI)


@PHONE_AND_DESK
def test_from_the_first_answer_to_the_predicate(page: Page, live: Live, people: dict[str, User], album: Album) -> None:
    story = Story(page, live, people, album)
    story.fill()
    story.submit("Ajukan penilaian mandiri")
    story.preliminary()
    story.review()
    story.send_back()
    story.correct()
    story.submit("Ajukan kembali")
    story.review_again()
    story.decide()
    story.propose()
    story.afterwards()
