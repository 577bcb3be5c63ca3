"""The pre-flight check: its pages, its command, and what it finds."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Unit
from accounts.tests.factories import MembershipFactory
from assessment.models import Assessment, Period, Snapshot, State
from evidence import storage
from evidence.models import Blob, DocumentVersion
from evidence.storage import name_of
from evidence.storage.content import content_storage
from reports.portalrb import check
from reports.portalrb.access import agencies_of
from reports.portalrb.check import Lack, Report, report_of
from reports.portalrb.models import ApiToken, EvidenceGrant
from reports.portalrb.services import revoke_links, revoke_token
from review.tests.factories import UnitFactory, at_state, member

from .portalrb import LINKED, PCT, PLAIN, Sent, damage, decided, propose, resealed, sent, token_for
from .test_portalrb_api import answers as answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

ORIGIN = "https://zi.example.go.id"


def checked() -> Report:
    return report_of(Assessment.objects.all(), Unit.objects.all(), ORIGIN)


def lacks_of(report: Report) -> dict[str, tuple[Lack, ...]]:
    return {row.row.shown_code: row.lacks for row in report.units[0].lacking}


def page(client, there: Sent, name: str = "portalrb-unit", method: str = "get"):
    client.force_login(there.admin)
    args = [] if name == "portalrb" else [there.row.unit.code]
    return getattr(client, method)(reverse(f"reports:{name}", args=args))


def test_a_unit_is_ready_when_everything_opens_and_is_judged():
    sent()
    report = checked()
    assert (report.is_ready, report.problems) == (True, ())
    assert len(report.units[0].rows) == 127
    # Three criteria have evidence, one of them with two counts.
    assert report.units[0].counts == {
        Lack.SOAL_ID: 0, Lack.UNIT: 0, Lack.TPI: 0, Lack.EVIDENCE: 123, Lack.UNREACHABLE: 0,
    }  # fmt: skip
    assert {PLAIN, LINKED, f"{PCT}.1", f"{PCT}.2"}.isdisjoint(lacks_of(report))


def test_what_would_be_sent_is_what_is_sent(settings):
    settings.PORTAL_URL = ORIGIN
    there = sent()
    data = check.report_json(checked())
    assert data["units"][0]["sent"] == answered(there).json()
    assert {key: data["units"][0][key] for key in ("id", "kategori", "afirmasi")} == {
        "id": there.row.unit.code, "kategori": "WBK", "afirmasi": False,
    }  # fmt: skip


def test_answers_that_tpi_or_the_unit_did_not_give_are_named():
    there = sent()
    for kind, code in (("decision", PLAIN), ("decision", PCT), ("submission", LINKED)):
        copy = Snapshot.objects.get(assessment=there.row, kind=kind)
        del copy.data["answers"][code]
        resealed(copy)
    report = checked()
    found = lacks_of(report)
    assert (found[PLAIN], found[f"{PCT}.1"], found[f"{PCT}.2"]) == ((Lack.TPI,),) * 3
    assert found[LINKED] == (Lack.UNIT,)
    assert not report.is_ready


def test_questions_without_an_id_are_named_and_not_sent(instrument, monkeypatch):
    there = sent()
    from dataclasses import replace

    from reports.portalrb import proposals

    worksheet = proposals.worksheet_of(instrument)
    bare = replace(worksheet.criteria[PLAIN], soal_id=None)
    monkeypatch.setitem(worksheet.criteria, PLAIN, bare)
    report = checked()
    assert lacks_of(report)[PLAIN] == (Lack.SOAL_ID,)
    assert not report.is_ready
    assert len(answered(there).json()["answers"]) == 126
    assert check.report_json(report)["units"][0]["lacking"][0] == {
        "code": PLAIN, "soal_id": None, "lacks": ["soal_id"], "unreachable": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda: content_storage().delete(name_of(blob_of(PLAIN))), PLAIN),
        (lambda: Blob.objects.filter(pk=blob_of(PLAIN)).update(size=1), PLAIN),
        (lambda: Blob.objects.filter(pk=blob_of(PLAIN)).update(scan=Blob.Scan.INFECTED), PLAIN),
        (lambda: DocumentVersion.objects.filter(blob=None).update(link_ok=False), LINKED),
        (lambda: DocumentVersion.objects.filter(blob=None).update(url="https://lain.example/"), LINKED),
    ],
    ids=["gone from the storage", "another size", "infected", "link found dead", "not the decided version"],
)
def test_evidence_that_does_not_open_is_named(spoil, code):
    sent()
    spoil()
    report = checked()
    assert lacks_of(report)[code] == (Lack.UNREACHABLE,)
    row = next(row for row in report.units[0].lacking if row.row.code == code)
    assert row.unreachable == ({PLAIN: "SK Tim Kerja", LINKED: "Notulen rapat"}[code],)
    assert not report.is_ready


def blob_of(code: str) -> str:
    return DocumentVersion.objects.get(document__attachments__criterion__code=code).blob_id


def test_a_link_that_was_tried_and_opened_is_reachable():
    sent()
    DocumentVersion.objects.filter(blob=None).update(link_ok=True)
    assert LINKED not in lacks_of(checked())


@pytest.mark.parametrize("kind", ["decision", "submission"])
def test_a_damaged_copy_is_told_and_nothing_of_it(kind, client):
    there = sent()
    damage(Snapshot.objects.get(assessment=there.row, kind=kind))
    report = checked()
    assert report.units[0].notes == [check.DAMAGED]
    assert not report.is_ready
    assert check.report_json(report)["units"][0]["sent"] is None
    assert check.DAMAGED in page(client, there).text
    for name in ("portalrb-unit-json", "portalrb-unit-xlsx"):
        assert page(client, there, name).status_code == 404
        assert reverse(f"reports:{name}", args=[there.row.unit.code]) not in page(client, there).text


@pytest.mark.parametrize(
    ("window", "text"),
    [
        ({"is_proposing": False}, check.NO_PERIOD),
        ({"proposal_opens": timezone.now() + timedelta(days=1)}, check.NOT_YET),
        ({"proposal_closes": timezone.now() - timedelta(days=1)}, check.OVER),
    ],
    ids=["not marked", "not yet", "over"],
)
def test_a_window_that_is_not_open_is_told(client, window, text):
    there = sent()
    Period.objects.update(**window)
    assert checked().problems == (text,)
    assert text in page(client, there, "portalrb").text


def test_units_and_tokens_that_are_missing_are_told():
    there = sent()
    at_state(there.row, State.FULFILS)
    revoke_token(there.token, by=there.admin)
    assert checked().problems == (check.NO_TOKEN, check.NO_UNITS)


def test_an_admin_sees_the_own_agency_alone(client):
    there = sent()
    other = member(UnitFactory(), Role.ADMIN)
    client.force_login(other)
    text = client.get(reverse("reports:portalrb")).text
    assert there.row.unit.name not in text
    assert check.NO_TOKEN in text
    for name in ("portalrb-unit", "portalrb-unit-json", "portalrb-unit-xlsx"):
        assert client.get(reverse(f"reports:{name}", args=[there.row.unit.code])).status_code == 404
    for name in ("portalrb-links-revoke", "portalrb-links-renew"):
        assert client.post(reverse(f"reports:{name}", args=[there.row.unit.code])).status_code == 404
    assert not EvidenceGrant.objects.exists()


def test_a_unit_that_is_not_proposed_has_no_page(client):
    there = sent()
    at_state(there.row, State.RESULT)
    assert page(client, there).status_code == 404
    assert page(client, there, "portalrb-links-revoke", "post").status_code == 404


def test_the_pages_say_what_would_be_sent(client):
    there = sent(name="Dinas Contoh")
    text = page(client, there, "portalrb").text
    assert "Semua siap dikirim." in text
    assert "Dinas Contoh" in text
    assert "123 tanpa bukti dukung" in text
    assert "http://testserver/api/portalrb" in text
    text = page(client, there).text
    assert text.count('<td data-label="soal_id">') == 127 + 123
    assert text.count(">Buka<") == 4


def test_the_downloads_are_what_the_api_sends(client):
    there = sent()
    response = page(client, there, "portalrb-unit-json")
    assert response.json() == answered(there).json()
    assert response["Content-Disposition"].endswith(f'PortalRB-2026-{there.row.unit.code}.json"')
    assert response["Cache-Control"] == "private, no-store"


def test_links_are_revoked_and_given_out_anew_from_the_page(client):
    there = sent()
    response = page(client, there, "portalrb-links-revoke", "post")
    assert response.url == reverse("reports:portalrb-unit", args=[there.row.unit.code])
    grant = EvidenceGrant.objects.get()
    assert (grant.assessment, grant.changed_by, grant.generation) == (there.row, there.admin, 2)
    assert checked().units[0].notes == [check.REVOKED]
    text = page(client, there).text
    assert check.REVOKED in text
    assert f"oleh {there.admin}" in text
    page(client, there, "portalrb-links-renew", "post")
    grant = EvidenceGrant.objects.get()
    assert (grant.revoked_at, grant.generation) == (None, 2)
    assert checked().is_ready


def test_a_unit_whose_links_are_revoked_is_not_ready():
    there = sent()
    revoke_links(there.row, by=there.admin)
    assert not checked().is_ready


def test_who_opened_what_is_shown(client):
    there = sent()
    answered(there)
    text = page(client, there).text
    assert "PortalRB, 127.0.0.1" in text
    assert "Jawaban unit" in text


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_queries_for_any_number_of_units(client, django_assert_num_queries, count):
    there = sent()
    rows = [decided(UnitFactory(parent=there.agency)) for _ in range(count - 1)]
    if rows:
        propose(*rows, by=there.admin)
    page(client, there, "portalrb")
    # Session, user, right, period, units, which copies, what is in them, versions, tokens.
    with django_assert_num_queries(9):
        assert client.get(reverse("reports:portalrb")).text.count("Siap dikirim") == count
    # Session, user, right, period, unit, which copies, what is in them, versions, who opened what.
    with django_assert_num_queries(9):
        client.get(reverse("reports:portalrb-unit", args=[there.row.unit.code]))


def test_only_the_agencies_that_somebody_administers_count():
    top, other = UnitFactory(), UnitFactory()
    admin = member(top, Role.ADMIN)
    MembershipFactory(user=admin, unit=other, role=Role.OBSERVER)
    MembershipFactory(user=admin, unit=UnitFactory(parent=other), role=Role.ADMIN)
    assert list(agencies_of(admin)) == [top]


def run(*args: str) -> tuple[str, bool]:
    """Run the command; return what it printed, and whether it ended well."""
    out = StringIO()
    try:
        call_command("portalrb_check", *args, stdout=out)
    except CommandError:
        return out.getvalue(), False
    return out.getvalue(), True


def test_the_command_tells_the_same():
    there = sent(name="Dinas Contoh")
    text, is_well = run()
    assert is_well
    assert f"{there.row.unit.code} Dinas Contoh: 127 jawaban; 123 tanpa bukti dukung" in text
    assert "A.I.6.i.a: tanpa bukti dukung" in text
    data, _ = run("--json")
    assert json.loads(data)["ready"] is True
    assert len(json.loads(data)["units"][0]["sent"]["answers"]) == 127
    ApiToken.objects.all().delete()
    text, is_well = run()
    assert not is_well
    assert f"- {check.NO_TOKEN}" in text


def test_the_command_says_when_no_period_is_marked():
    text, is_well = run("--json")
    assert not is_well
    assert json.loads(text) == {
        "ready": False,
        "year": None,
        "closes": None,
        "problems": [check.NO_PERIOD],
        "units": [],
    }


def test_the_command_writes_nothing(django_assert_num_queries):
    sent()
    storage_before = sorted(storage.all_names())
    with django_assert_num_queries(6) as queries:
        run()
    assert not [q for q in queries.captured_queries if not q["sql"].startswith("SELECT")]
    assert sorted(storage.all_names()) == storage_before


def test_tokens_of_other_agencies_do_not_help():
    there = sent()
    revoke_token(there.token, by=there.admin)
    token_for(UnitFactory())
    report = report_of(Assessment.objects.all(), Unit.objects.filter(pk=there.agency.pk), ORIGIN)
    assert report.problems == (check.NO_TOKEN,)
