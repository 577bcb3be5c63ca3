"""Planning in a real browser: the board, a suggestion confirmed on its card, a discussion, three widths."""

from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Role
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from planning.models import ActionItem, Message
from planning.services.messages import say
from planning.tests.factories import CODE, action, suggestion

from .conftest import Live, card, field, saved, sign_in
from .test_every_page import SIZES, check


def test_an_action_moves_on_the_board_and_a_suggestion_becomes_the_answer(page: Page, live: Live) -> None:
    action(live.assessment, by=live.user)
    suggestion(live.assessment, CODE, "Y")
    sign_in(page, live)
    page.goto(live.address("rencana-aksi/?tampilan=papan"))
    page.get_by_role("button", name="Mulai").click()
    expect(page.get_by_role("status")).to_contain_text("sekarang berjalan")
    assert ActionItem.objects.get().status == "running"
    page.goto(live.address("lembar/A.I.1/"))
    expect(card(page, CODE)).to_contain_text("perlu dikonfirmasi")
    assert live.result().answered == 0
    card(page, CODE).get_by_role("button", name="Konfirmasi").click()
    expect(page.get_by_role("status")).to_contain_text("1 jawaban dikonfirmasi")
    expect(page.locator("#f-A-I-1-i-a-choice")).to_be_checked()
    assert live.result().answered == 1


def test_a_message_is_written_beside_the_card_and_saves_no_answer(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.I.1/"))
    beside = page.locator("#p-A-I-1-i-a")
    beside.locator("summary").click()
    beside.get_by_role("textbox").fill("SK sudah ada?")
    field(page, CODE, "note").fill("Catatan")
    field(page, CODE, "note").press("Tab")
    saved(page, CODE)
    beside.get_by_role("button", name="Kirim").click()
    expect(page.locator("#p-A-I-1-i-a")).to_contain_text("SK sudah ada?")
    assert (Message.objects.get().text, live.assessment.answers.get().note) == ("SK sudah ada?", "Catatan")


@SIZES
def test_pages_of_planning(page: Page, live: Live) -> None:
    head = UserFactory(username="kepala", password=PASSWORD)
    MembershipFactory(user=head, unit=live.assessment.unit, role=Role.HEAD)
    action(live.assessment, by=live.user, in_charge=head)
    suggestion(live.assessment, CODE, "Y", note="Catatan lama")
    say(assessment=live.assessment, code=CODE, text="@kepala tolong periksa", by=live.user)
    sign_in(page, live, head)
    for path in (
        "rencana-aksi/", "rencana-aksi/?tampilan=papan", "rencana-aksi/?tampilan=kalender", "rencana-aksi/baru/",
        "rencana-aksi/buat/", f"rencana-aksi/{ActionItem.objects.get().pk}/", "kriteria-saya/",
        "penanggung-jawab/?lembar=A.I.6", f"diskusi/{CODE}/", "diskusi/", "jawaban-lalu/",
        f"lembar/A.I.1/?diskusi={CODE}",
    ):  # fmt: skip
        page.goto(live.address(path))
        check(page)
    admin = UserFactory(username="admin", password=PASSWORD)
    MembershipFactory(user=admin, unit=live.assessment.unit, role=Role.ADMIN)
    page.context.clear_cookies()
    sign_in(page, live, admin)
    page.goto(live.url + reverse("planning:carry", args=[2026]))
    check(page)
    page.get_by_role("button", name="Lihat dulu").click()
    expect(page.get_by_role("heading", name="Yang dibawa")).to_be_visible()
    check(page)
