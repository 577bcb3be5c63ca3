"""The pages of long work: asking, seeing, cancelling, having it; alone for whoever asked."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role
from assessment.models import Assessment
from assessment.tests.factories import UserFactory, member, opened, person
from assessment.tests.test_access import MATRIX
from evidence.tests.factories import attachment
from reports import pdf, workbook
from reports.jobs import files, pages, services, sizes
from reports.jobs.models import Job
from reports.recap import pdf as recap_pdf
from reports.recap import views as recap_views

from .jobs import agency, fresh, lke_job, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]
State = Job.State
LKE = reverse("reports:job-lke", args=[2026])
RECAP = reverse("reports:job-recap", args=[2026])
ALL = {"cakupan": "semua", "bentuk": ["xlsx"]}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Draw nothing: what stands in the documents is tested elsewhere."""
    monkeypatch.setattr(workbook, "build", lambda lke: f"xlsx {lke.unit_code}".encode())
    monkeypatch.setattr(pdf, "render", lambda lke: f"pdf {lke.unit_code}".encode())
    monkeypatch.setattr(recap_pdf, "render", lambda shown: b"rekap")


@pytest.fixture
def asked(client):
    """Return what an admin with three units has asked for and got, signed in."""
    owner, rows = agency(3)
    client.force_login(owner)
    job = lke_job(owner, rows)
    work_off()
    return SimpleNamespace(owner=owner, rows=rows, job=job, file=reverse("reports:job-file", args=[job.pk]))


def page_of(job):
    return reverse("reports:job", args=[job.pk])


def test_all_units_of_the_filter_are_asked_for_and_the_same_again_is_the_same(client):
    owner, rows = agency(3)
    client.force_login(owner)
    first = client.post(LKE, {"cakupan": "semua", "bentuk": ["pdf", "xlsx"], "unit": "U1"}, follow=True)
    job = Job.objects.get()
    assert job.title == "LKE 3 unit, 2026 (Excel dan PDF)"
    assert job.params == {"year": 2026, "units": [[r.pk, r.unit.code] for r in rows], "forms": ["xlsx", "pdf"]}
    assert first.redirect_chain == [(page_of(job), 302)]
    assert "Permintaan diterima." in first.text
    second = client.post(LKE, {"cakupan": "semua", "bentuk": ["xlsx", "pdf"]}, follow=True)
    assert second.redirect_chain == [(page_of(job), 302)]
    assert "Permintaan yang sama sudah berjalan." in second.text
    client.post(f"{LKE}?q=U2", ALL)
    assert Job.objects.latest("asked_at").params["units"] == [[rows[1].pk, "U2"]]


def test_only_what_was_ticked_is_asked_for(client):
    owner, rows = agency(3)
    client.force_login(owner)
    client.post(LKE, {"cakupan": "dicentang", "bentuk": "pdf", "unit": ["U3", "U1"]})
    assert Job.objects.get().params["units"] == [[rows[0].pk, "U1"], [rows[2].pk, "U3"]]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, ["Pilih unit mana.", "Pilih Excel, PDF, atau keduanya."]),
        ({"cakupan": "semua"}, ["Pilih Excel, PDF, atau keduanya."]),
        ({"cakupan": "semua", "bentuk": ["xlsx", "docx"]}, ["Pilih Excel atau PDF."]),
        ({"cakupan": "\0", "bentuk": "xlsx"}, ["Pilih unit mana."]),
        ({"cakupan": "dicentang", "bentuk": "xlsx"}, ["Centang sekurang-kurangnya satu unit"]),
        ({"cakupan": "dicentang", "bentuk": "xlsx", "unit": ["U1", "X" * 4000]}, [f"rekap ini: {'X' * 30}."]),
        ({"cakupan": "dicentang", "bentuk": "xlsx", "unit": "<b>\0"}, ["rekap ini: &lt;b&gt;"]),
    ],
)
def test_an_incomplete_request_is_told_and_asks_for_nothing(client, data, told):
    owner, _ = agency(1)
    client.force_login(owner)
    response = client.post(f"{LKE}?urut=nama", data)
    assert response.status_code == 422
    assert [text for text in told if text not in response.text] == []
    assert f"{LKE}?urut=nama" in response.text
    assert not Job.objects.exists()


def test_units_of_others_cannot_be_ticked(client):
    owner, _ = agency(1)
    theirs = opened()
    client.force_login(owner)
    response = client.post(LKE, {"cakupan": "dicentang", "bentuk": "xlsx", "unit": theirs.unit.code})
    assert (response.status_code, Job.objects.count()) == (422, 0)


@pytest.mark.parametrize("url", [LKE, RECAP])
def test_who_sees_nothing_of_a_year_asks_for_nothing(client, url):
    agency(1)
    client.force_login(UserFactory())
    assert client.post(url, ALL).status_code == 404
    assert not Job.objects.exists()


@pytest.mark.parametrize("url", [LKE, RECAP])
def test_a_filter_that_is_not_offered_leads_back_to_the_recap(client, url):
    owner, _ = agency(1)
    client.force_login(owner)
    response = client.post(f"{url}?di=TIDAK-ADA", ALL)
    assert response.url == reverse("reports:recap", args=[2026])
    assert client.post(f"{LKE}?q=tidak-ada", ALL).url == reverse("reports:recap", args=[2026])
    assert not Job.objects.exists()


def test_too_many_at_once_are_told(client, settings):
    settings.JOB_QUOTA = 1
    owner, rows = agency(1)
    lke_job(owner, rows, "pdf")
    client.force_login(owner)
    response = client.post(LKE, ALL, follow=True)
    assert response.redirect_chain == [(reverse("reports:jobs"), 302)]
    assert "Anda sudah punya beberapa permintaan yang belum selesai." in response.text
    assert Job.objects.count() == 1


def test_the_page_shows_progress_and_its_fragment_says_what_is_new(client):
    owner, rows = agency(2)
    client.force_login(owner)
    job = lke_job(owner, rows)
    page = client.get(page_of(job))
    assert "Menunggu giliran" in page.text and "<html" in page.text and "Segarkan" in page.text
    assert f'hx-get="{page_of(job)}?dari=queued"' in page.text
    assert page.text.count('id="kabar"') == 1
    services.report(services.claim_job(job.pk), done=1, total=2, step="1 dari 2 unit: U1")
    part = client.get(f"{page_of(job)}?dari=queued", headers={"HX-Request": "true"})
    assert "HX-Request" in part["Vary"]
    assert "1 dari 2 unit: U1" in part.text and 'value="50"' in part.text and "<html" not in part.text
    assert 'hx-swap-oob="innerHTML">Sedang disiapkan<' in part.text
    same = client.get(f"{page_of(job)}?dari=running", headers={"HX-Request": "true"})
    assert "hx-swap-oob" not in same.text


def test_a_request_that_nobody_takes_up_says_whom_to_ask(client):
    owner, rows = agency(1)
    client.force_login(owner)
    job = lke_job(owner, rows)
    assert pages.LONG_WAIT not in client.get(page_of(job)).text
    Job.objects.update(queued_at=timezone.now() - pages.PATIENCE)
    assert pages.LONG_WAIT in client.get(page_of(job)).text


def test_a_finished_job_is_not_asked_about_again_and_offers_its_file(client, asked):
    for url in (page_of(asked.job), reverse("reports:jobs")):
        text = client.get(url, headers={"HX-Request": "true"}).text
        assert "hx-get" not in text and "Segarkan" not in text
        assert asked.file in text and "LKE-2026-3-unit.zip" in text and "Batalkan" not in text


def test_the_list_has_ones_own_alone_under_a_constant_number_of_queries(client, django_assert_num_queries):
    owner, rows = agency(3)
    lke_job(member(rows[0].unit), rows[:1])
    client.force_login(owner)
    lke_job(owner, rows[:1])
    client.get(reverse("reports:jobs"))
    for more in (rows[1:2], rows[2:]):
        with django_assert_num_queries(5):
            text = client.get(reverse("reports:jobs")).text
        assert text.count('class="box jb-card"') == Job.objects.filter(owner=owner).count()
        lke_job(owner, more)


def test_what_is_past_its_days_leaves_the_list(client, asked):
    Job.objects.update(finished_at=timezone.now() - timedelta(days=7, minutes=1))
    assert "Belum ada unduhan." in client.get(reverse("reports:jobs")).text
    assert not Job.objects.exists()
    assert list(files.folder().iterdir()) == []


def test_cancelling_takes_a_click_and_ends_it(client):
    owner, rows = agency(1)
    client.force_login(owner)
    job = lke_job(owner, rows)
    url = reverse("reports:job-cancel", args=[job.pk])
    assert client.get(url).status_code == 405
    assert "Permintaan dibatalkan." in client.post(url, follow=True).text
    assert fresh(job).state == State.CANCELLED
    assert "sudah selesai" in client.post(url, follow=True).text


def test_a_failure_is_shown_and_can_be_asked_for_again(client):
    owner, rows = agency(1)
    client.force_login(owner)
    job = lke_job(owner, rows)
    services.fail_job(services.claim_job(job.pk), "Ruang <penuh>.")
    page = client.get(page_of(job)).text
    assert "Ruang &lt;penuh&gt;." in page and "Minta lagi" in page
    client.post(reverse("reports:job-again", args=[job.pk]))
    again = Job.objects.exclude(pk=job.pk).get()
    assert (again.state, again.params, again.title, again.owner) == (State.QUEUED, job.params, job.title, owner)


def test_the_file_is_handed_out_as_evidence_is(client, asked):
    response = client.get(asked.file)
    content = b"".join(response.streaming_content)
    assert (len(content), content[:2]) == (fresh(asked.job).size, b"PK")
    wanted = {
        "Content-Type": "application/zip", "Content-Disposition": 'attachment; filename="LKE-2026-3-unit.zip"',
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache",
        "Cross-Origin-Resource-Policy": "same-origin", "Content-Length": str(len(content)),
    }  # fmt: skip
    assert {name: response[name] for name in wanted} == wanted
    head = client.head(asked.file)
    assert (head.content, head["Content-Length"]) == (b"", str(len(content)))


def test_a_download_that_broke_off_goes_on(client, asked):
    whole = b"".join(client.get(asked.file).streaming_content)
    etag = f'"{fresh(asked.job).sha256}"'
    part = client.get(asked.file, headers={"Range": "bytes=100-", "If-Range": etag})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 100-{len(whole) - 1}/{len(whole)}")
    assert b"".join(part.streaming_content) == whole[100:]
    other = client.get(asked.file, headers={"Range": "bytes=100-", "If-Range": '"lain"'})
    assert (other.status_code, b"".join(other.streaming_content)) == (200, whole)
    beyond = client.get(asked.file, headers={"Range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(whole)}")


def test_a_right_that_was_lost_meanwhile_closes_the_file(client, asked):
    Membership.objects.filter(user=asked.owner).update(unit=asked.rows[0].unit)
    response = client.get(asked.file)
    assert response.status_code == 403
    assert "tidak lagi boleh Anda lihat" in response.text
    assert client.get(asked.file, headers={"Range": "bytes=0-5"}).status_code == 403
    client.post(reverse("reports:job-again", args=[asked.job.pk]))
    work_off()
    again = Job.objects.exclude(pk=asked.job.pk).get()
    assert again.scope == {str(asked.rows[0].pk): ["prelim", "tpi", "tpn", "unit"]}
    response = client.get(reverse("reports:job-file", args=[again.pk]))
    assert b"".join(response.streaming_content)[:2] == b"PK"


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"PK")], ids=["gone", "half"])
def test_a_file_that_is_gone_is_told(client, asked, damage):
    damage(files.path_of(fresh(asked.job).stored_name))
    response = client.get(asked.file)
    assert response.status_code == 410
    assert "tidak ada lagi di server" in response.text


@pytest.mark.parametrize("state", sorted(set(State) - {State.DONE}))
def test_what_is_not_done_has_no_file(client, asked, state):
    Job.objects.update(state=state)
    assert client.get(asked.file).status_code == 404


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_else_sees_a_job_not_even_who_sees_the_units(client, asked, is_superuser):
    top = Membership.objects.get(user=asked.owner).unit
    other = member(top, Role.ADMIN)
    type(other).objects.filter(pk=other.pk).update(is_superuser=is_superuser)
    client.force_login(other)
    for name in ("job", "job-file"):
        assert client.get(reverse(f"reports:{name}", args=[asked.job.pk])).status_code == 404
    for name in ("job-cancel", "job-again"):
        assert client.post(reverse(f"reports:{name}", args=[asked.job.pk])).status_code == 404
    assert "LKE-2026" not in client.get(reverse("reports:jobs")).text
    assert Job.objects.count() == 1


@pytest.mark.parametrize(("role", "state"), MATRIX)
def test_whoever_sees_an_assessment_may_have_its_evidence_in_any_state(client, role, state):
    row = opened(state=state)
    client.force_login(person(row, role))
    response = client.post(reverse("reports:job-evidence", args=[2026, row.unit.code]))
    job = Job.objects.get()
    assert (response.status_code, response.url) == (302, page_of(job))
    assert job.params == {"assessment": row.pk}
    assert Assessment.objects.get(pk=row.pk).event_count == row.event_count


def test_small_evidence_is_sent_at_once_and_large_is_offered_in_the_background(client, monkeypatch):
    owner, rows = agency(1)
    client.force_login(owner)
    attachment(rows[0])
    url = reverse("reports:evidence-zip", args=[2026, "U1"])
    size = sizes.evidence_size(rows[0])
    assert size > 0
    assert client.get(url).url == reverse("evidence:export", args=[2026, "U1"])
    monkeypatch.setattr(sizes, "DIRECT_EVIDENCE", size - 1)
    page = client.get(url).text
    assert reverse("reports:job-evidence", args=[2026, "U1"]) in page
    assert reverse("evidence:export", args=[2026, "U1"]) in page
    assert not Job.objects.exists()


def test_a_large_recap_is_offered_in_the_background_and_then_served_from_disk(client, monkeypatch):
    owner, _ = agency(3)
    client.force_login(owner)
    url = reverse("reports:recap-pdf", args=[2026])
    monkeypatch.setattr(recap_views, "DIRECT_RECAP", 2)
    offer = client.get(f"{url}?urut=nama")
    assert offer.status_code == 200 and f"{RECAP}?urut=nama" in offer.text
    assert client.get(f"{url}?q=U1").content == b"rekap"  # small enough
    client.post(f"{RECAP}?urut=nama")
    work_off()
    assert fresh(Job.objects.get()).state == State.DONE
    assert client.get(f"{url}?urut=nama").content == b"rekap"


def test_the_recap_offers_the_bulk_for_what_it_shows(client):
    owner, _ = agency(2)
    client.force_login(owner)
    page = client.get(f"{reverse('reports:recap', args=[2026])}?q=U1").text
    assert f'action="{LKE}?q=U1"' in page
    assert page.count('form="lke-banyak"') == 1
    assert "Semua unit yang ditampilkan (1)" in page
