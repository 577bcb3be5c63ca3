"""Long work in the browser: asked for on the recap, seen growing, downloaded; at three widths and without scripts."""

import zipfile
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment.tests.factories import opened
from reports import workbook
from reports.jobs import services
from reports.jobs.models import Job
from reports.jobs.worker import JobWorker
from review.tests.factories import UnitFactory

from .conftest import Live, sign_in
from .test_every_page import SIZES, check

NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])


@pytest.fixture
def live(live_server: Any, instrument: Any) -> Live:
    """Return a running portal with an agency of three units, its admin as `user`."""
    top = UnitFactory(code="PEMDA", name="Pemerintah Daerah Contoh")
    admin = UserFactory(username="admin", first_name="Admin", password=PASSWORD)
    MembershipFactory(user=admin, unit=top, role=Role.ADMIN)
    rows = [opened(UnitFactory(code=f"OPD-{n}", name=f"Dinas Nomor {n}", parent=top)) for n in (1, 2, 3)]
    return Live(live_server.url, admin, rows[0])


def asked_for(page: Page, live: Live) -> Job:
    """Tick two units on the recap and ask for their LKE."""
    page.goto(f"{live.url}/rekap/2026/")
    page.get_by_text("Unduh LKE banyak unit sekaligus").click()
    page.get_by_label("Hanya yang dicentang pada tabel").check()
    for name in ("Dinas Nomor 1", "Dinas Nomor 3"):
        page.get_by_label(f"Pilih {name} untuk LKE banyak unit").check()
    page.get_by_role("button", name="Siapkan ZIP").click()
    expect(page.get_by_role("heading", name="LKE 2 unit, 2026 (Excel)")).to_be_visible()
    return Job.objects.get()


def test_a_bulk_is_asked_for_seen_growing_and_downloaded(page: Page, live: Live) -> None:
    sign_in(page, live)
    job = asked_for(page, live)
    card = page.locator("#unduhan")
    expect(card).to_contain_text("Menunggu giliran")
    claimed = services.claim_job(job.pk)
    assert claimed is not None
    services.report(claimed, done=1, total=2, step="2 dari 2 unit: OPD-3")
    expect(card).to_contain_text("2 dari 2 unit: OPD-3 50%")
    expect(page.locator("#kabar")).to_have_text("Sedang disiapkan")
    services.give_back(claimed)
    with patch.object(workbook, "build", lambda lke: lke.unit_code.encode()):
        JobWorker(interval=0.05).work_off()
    with page.expect_download() as download:
        card.get_by_role("link", name="Unduh LKE 2 unit").click()
    assert download.value.suggested_filename == "LKE-2026-2-unit.zip"
    with zipfile.ZipFile(download.value.path()) as made:
        assert [n for n in made.namelist() if "/" in n] == ["Excel/LKE-2026-OPD-1.xlsx", "Excel/LKE-2026-OPD-3.xlsx"]


@NO_SCRIPT
def test_without_scripts_the_page_is_refreshed_by_hand(page: Page, live: Live) -> None:
    sign_in(page, live)
    job = asked_for(page, live)
    services.fail_job(services.claim_job(job.pk) or job, "Ruang penyimpanan portal penuh.")
    page.get_by_role("link", name="Segarkan").click()
    expect(page.get_by_text("Ruang penyimpanan portal penuh.")).to_be_visible()
    page.get_by_role("button", name="Minta lagi").click()
    page.get_by_role("button", name="Batalkan").click()
    expect(page.get_by_text("Permintaan dibatalkan.")).to_be_visible()


@SIZES
def test_every_page_of_long_work(page: Page, live: Live) -> None:
    sign_in(page, live)
    job = asked_for(page, live)
    check(page)
    page.goto(f"{live.url}/unduhan/")
    check(page)
    services.fail_job(services.claim_job(job.pk) or job, "Terjadi kesalahan yang tidak terduga.")
    page.goto(f"{live.url}{job.get_absolute_url()}")
    check(page)
    page.goto(f"{live.url}/rekap/2026/?q=nomor")
    page.get_by_text("Unduh LKE banyak unit sekaligus").click()
    check(page)
    page.get_by_label("Hanya yang dicentang pada tabel").check()
    page.get_by_role("button", name="Siapkan ZIP").click()
    expect(page.get_by_text("Centang sekurang-kurangnya satu unit")).to_be_visible()
    check(page)
