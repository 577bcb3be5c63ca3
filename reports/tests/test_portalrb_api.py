"""The ministry's three addresses: their shapes, and that nothing else ever leaves through them."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from assessment import services
from assessment.models import Assessment, Period, Snapshot, State
from assessment.selectors import answers_of
from assessment.tests.factories import PeriodFactory, opened
from reports.portalrb.access import find_token
from reports.portalrb.models import AccessEntry, ApiToken
from reports.portalrb.services import digest_of, revoke_token
from review.services.snapshots import make_snapshot
from review.services.steps import take_step
from review.tests.factories import UnitFactory, at_state, refreshed

from .portalrb import LINKED, NOTES, PCT, PLAIN, Sent, bearer, damage, decided, open_window, propose, sent, token_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

BASE = "/api/portalrb"
WBK, WBBM, ANSWERS = f"{BASE}/pengusulan/unit-wbk", f"{BASE}/pengusulan/unit-wbbm", f"{BASE}/lke/jawaban-unit"
KEYS = ["soal_id", "jawaban_unit", "jawaban_tpi", "catatan_unit", "bukti_dukung_unit", "catatan_tpi"]


def get(path: str, there: Sent | None = None, **headers: str):
    return Client().get(path, headers=(there.headers if there else {}) | headers)


def answers(there: Sent):
    return get(f"{ANSWERS}/{there.row.unit.code}", there)


def is_error(response, status: int, code: str) -> bool:
    body = response.json()
    return (
        response.status_code == status
        and response["Content-Type"] == "application/json"
        and list(body) == ["error", "code", "message"]
        and body["error"] is True
        and body["code"] == code
        and isinstance(body["message"], str)
        and bool(body["message"])
    )


def test_the_list_of_units_has_the_guides_shape():
    there = sent(name="RSUD Contoh", affirmative="hospital")
    response = get(WBK, there)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    unit = {"id": there.row.unit.code, "nama": "RSUD Contoh", "kategori": "WBK-AFIRMASI", "afirmasi": True}
    assert response.json() == {"tahun": 2026, "units": [unit]}
    assert get(WBBM, there).json() == {"tahun": 2026, "units": []}


def test_affirmation_is_for_local_governments_alone():
    there = sent(affirmative="hospital")
    Period.objects.update(agency_kind="central")
    assert [(u["kategori"], u["afirmasi"]) for u in get(WBK, there).json()["units"]] == [("WBK", False)]


def test_units_for_wbbm_have_their_own_list():
    there = sent()
    Assessment.objects.update(target="WBBM")
    unit = {"id": there.row.unit.code, "nama": there.row.unit.name, "kategori": "WBBM", "afirmasi": False}
    assert get(WBBM, there).json() == {"tahun": 2026, "units": [unit]}
    assert get(WBK, there).json() == {"tahun": 2026, "units": []}


def test_answers_have_the_guides_shape_for_all_127_rows_in_order(worksheet):
    there = sent()
    response = answers(there)
    assert response.status_code == 200
    body = response.json()
    assert list(body) == ["unit_id", "nama_unit", "tahun", "answers"]
    assert (body["unit_id"], body["nama_unit"], body["tahun"]) == (there.row.unit.code, there.row.unit.name, 2026)
    rows = body["answers"]
    assert [row["soal_id"] for row in rows] == list(range(1, 128))
    assert {tuple(row) for row in rows} == {tuple(KEYS)}
    assert all(type(row["soal_id"]) is int for row in rows)
    assert all(row[key] is None or (isinstance(row[key], str) and row[key]) for row in rows for key in KEYS[1:])
    assert all(row["jawaban_unit"] and row["jawaban_tpi"] for row in rows)
    ids = {worksheet.criteria[code].soal_id: code for code in worksheet.criteria}
    by_code = {ids[row["soal_id"]]: row for row in rows if row["soal_id"] in ids}
    assert by_code[PLAIN]["jawaban_unit"] == "Ya"
    assert by_code[LINKED]["jawaban_unit"] == "A"
    assert by_code["B.I.a"]["jawaban_unit"] == "4.00"
    assert by_code["B.I.a"]["catatan_unit"] == NOTES["B.I.a"]
    assert by_code["B.II.a"]["catatan_tpi"] == "Sesuai hasil survei."


def test_every_count_carries_notes_and_evidence_of_its_criterion(worksheet):
    there = sent()
    rows = {row["soal_id"]: row for row in answers(there).json()["answers"]}
    counts = [rows[quantity.soal_id] for quantity in worksheet.criteria[PCT].quantities]
    assert [(row["jawaban_unit"], row["jawaban_tpi"]) for row in counts] == [("10", "10"), ("10", "10")]
    assert {row["catatan_unit"] for row in counts} == {NOTES[PCT]}
    assert {row["catatan_tpi"] for row in counts} == {"Sesuai laporan."}
    links = {row["bukti_dukung_unit"] for row in counts}
    assert len(links) == 1
    assert next(iter(links)).startswith("http://testserver/bukti-dukung/")
    others = [row for row in rows.values() if row["bukti_dukung_unit"]]
    assert len(others) == 2 + len(counts)


def test_the_portals_own_address_stands_in_links_where_it_is_set(settings):
    settings.PORTAL_URL = "https://zi.example.go.id/"
    found = {row["bukti_dukung_unit"] for row in answers(sent()).json()["answers"]} - {None}
    assert all(url.startswith("https://zi.example.go.id/bukti-dukung/") for url in found)
    assert len(found) == 3


def test_what_was_decided_is_sent_whatever_is_answered_later():
    there = sent()
    before = answers(there).json()
    for stage in ("unit", "tpi"):
        stored = answers_of(there.row, stage)[PLAIN]
        stored.note, stored.choice = "diubah", stored.criterion.choices.get(key="T")
        stored.save()
    assert answers(there).json() == before


@pytest.mark.parametrize("days", [-100, 100], ids=["an earlier round", "after the decision"])
def test_the_submission_that_was_judged_is_sent_and_no_other(days):
    there = sent()
    before = answers(there).json()
    stored = answers_of(there.row, "unit")[PLAIN]
    stored.note, stored.choice = "lain", stored.criterion.choices.get(key="T")
    stored.save()
    at = timezone.now() + timedelta(days=days)
    make_snapshot(services.lock(there.row), kind="submission", stage="unit", by=None, at=at, extra={})
    assert answers(there).json() == before


def test_a_unit_in_any_other_state_is_not_there():
    there = sent()
    for state in sorted(set(State) - {State.PROPOSED}):
        at_state(there.row, state)
        assert get(WBK, there).json()["units"] == [], state
        assert is_error(answers(there), 404, "DATA_NOT_FOUND"), state
    at_state(there.row, State.PROPOSED)
    assert answers(there).status_code == 200


def test_a_unit_that_was_taken_off_the_letter_is_not_there():
    there = sent()
    take_step(assessment=there.row, name="unpropose", by=there.admin, reason="Tahun depan.")
    assert is_error(answers(there), 404, "DATA_NOT_FOUND")


def test_a_unit_without_a_decision_is_not_there():
    there = sent()
    bare = at_state(opened(UnitFactory(parent=there.agency)), State.PROPOSED)
    assert [unit["id"] for unit in get(WBK, there).json()["units"]] == [there.row.unit.code]
    assert is_error(get(f"{ANSWERS}/{bare.unit.code}", there), 404, "DATA_NOT_FOUND")


@pytest.mark.parametrize("kind", [Snapshot.Kind.DECISION, Snapshot.Kind.SUBMISSION])
def test_a_copy_that_is_not_what_was_decided_is_not_sent(kind, caplog):
    there = sent()
    damage(Snapshot.objects.get(assessment=there.row, kind=kind))
    assert is_error(answers(there), 500, "INTERNAL_ERROR")
    assert "fixed copies" in caplog.text


@pytest.mark.parametrize(
    "window",
    [
        {"is_proposing": False},
        {"proposal_closes": timezone.now() - timedelta(seconds=1)},
        {"proposal_opens": timezone.now() + timedelta(days=1)},
    ],
    ids=["not marked", "over", "not yet"],
)
def test_nothing_is_sent_outside_the_window(window):
    there = sent()
    Period.objects.update(**window)
    for path in (WBK, WBBM, f"{ANSWERS}/{there.row.unit.code}"):
        assert is_error(get(path, there), 404, "DATA_NOT_FOUND")


def test_units_of_another_period_are_not_sent():
    there = sent()
    Period.objects.update(is_proposing=False)
    PeriodFactory(year=2027)
    open_window(year=2027)
    assert get(WBK, there).json() == {"tahun": 2027, "units": []}
    assert is_error(answers(there), 404, "DATA_NOT_FOUND")


def test_the_year_can_be_named_but_not_chosen():
    there = sent()
    PeriodFactory(year=2025)
    assert get(f"{WBK}?tahun=2026", there).status_code == 200
    assert is_error(get(f"{WBK}?tahun=2025", there), 404, "DATA_NOT_FOUND")
    for year in ("20x6", "20266", "²⁰²⁶"):
        assert is_error(get(f"{WBK}?tahun={year}", there), 422, "VALIDATION_ERROR")


def test_a_token_reads_its_own_agency_alone():
    there = sent()
    _, other = token_for(UnitFactory())
    assert get(WBK, **bearer(other)).json()["units"] == []
    assert is_error(get(f"{ANSWERS}/{there.row.unit.code}", **bearer(other)), 404, "DATA_NOT_FOUND")


@pytest.mark.parametrize("unit_id", ["unit-01", "A'--", "%00", "1" * 31, "%E2%82%AC"])
def test_an_id_that_is_none_is_refused(unit_id):
    assert is_error(get(f"{ANSWERS}/{unit_id}", sent()), 422, "VALIDATION_ERROR")


NO_TOKENS = ["", "Bearer", "Bearer ", "Bearer salah", "Basic {}", "{}", "Bearer {}x", "Bearer x{}", "Bearer prb_é"]
NO_TOKENS += ["Bearer \0{}", "Bearer {} {}"]


def test_without_the_right_token_nothing_is_read():
    there = sent()
    headers = [{}] + [{"Authorization": text.replace("{}", there.secret)} for text in NO_TOKENS]
    for header in headers:
        for path in (WBK, WBBM, f"{ANSWERS}/{there.row.unit.code}", f"{ANSWERS}/tidak-ada"):
            response = get(path, **header)
            assert is_error(response, 401, "UNAUTHORIZED"), header
            assert response["WWW-Authenticate"] == "Bearer"
    assert ApiToken.objects.get().last_used_at is None


def test_a_revoked_token_is_worth_nothing():
    there = sent()
    assert revoke_token(there.token, by=there.admin) is True
    assert revoke_token(there.token, by=UserFactory()) is False
    assert ApiToken.objects.get().revoked_by == there.admin
    assert is_error(get(WBK, there), 401, "UNAUTHORIZED")


def test_a_token_is_stored_as_a_hash_and_found_by_its_beginning():
    there = sent()
    stored = ApiToken.objects.get()
    assert stored.digest == digest_of(there.secret)
    assert there.secret.startswith(stored.prefix)
    assert len(there.secret) >= len(stored.prefix) + 32
    assert there.secret not in str(ApiToken.objects.values().get())
    twin = ApiToken.objects.create(
        name="Kembar", agency=there.agency, prefix=stored.prefix, digest="0" * 64, made_by=there.admin,
        made_at=timezone.now(),
    )  # fmt: skip
    assert find_token(f"bearer {there.secret}") == stored
    assert find_token(f"Bearer {stored.prefix}") is None
    assert twin.digest != stored.digest


def test_hashes_are_compared_in_constant_time(monkeypatch):
    there, seen = sent(), []
    monkeypatch.setattr("reports.portalrb.access.hmac.compare_digest", lambda a, b: seen.append((a, b)) or True)
    token_for(there.agency, "Lain")
    guess = there.token.prefix + "x" * 35
    assert find_token(f"Bearer {guess}") == there.token
    assert seen == [(there.token.digest, digest_of(guess))]


def test_the_last_use_is_shown():
    there = sent()
    start = timezone.now()
    get(WBK, there)
    assert ApiToken.objects.get().last_used_at >= start


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_refused(method):
    there = sent()
    client = Client(enforce_csrf_checks=True)
    response = getattr(client, method)(WBK, headers=there.headers)
    assert is_error(response, 405, "METHOD_NOT_ALLOWED")
    assert response["Allow"] == "GET, HEAD"


def test_head_is_answered_like_get():
    there = sent()
    response = Client().head(WBK, headers=there.headers)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("path", [BASE, f"{BASE}/", f"{BASE}/tidak-ada", f"{WBK}/", f"{ANSWERS}/", f"{ANSWERS}/A/B"])
def test_unknown_addresses_are_told_in_the_same_form(path, settings):
    for settings.DEBUG in (False, True):
        assert is_error(Client().get(path), 404, "DATA_NOT_FOUND")


def test_pages_beside_the_api_are_left_alone(client):
    assert client.get("/api/portalrbx").status_code == 404
    assert "html" in client.get("/api/portalrbx")["Content-Type"]


def test_a_crash_is_told_in_the_same_form(monkeypatch):
    there = sent()
    monkeypatch.setattr("reports.portalrb.views.api.unit_entry", lambda row: 1 / 0)
    client = Client(raise_request_exception=False)
    response = client.get(WBK, headers=there.headers)
    assert is_error(response, 500, "INTERNAL_ERROR")
    assert "division" not in response.text


def test_what_other_middleware_refuses_is_told_in_the_same_form(settings):
    there = sent()
    assert is_error(Client().get(WBK, headers=there.headers | {"Host": "lain.example"}), 400, "BAD_REQUEST")
    settings.SECURE_SSL_REDIRECT = True
    assert is_error(Client().get(WBK, headers=there.headers), 403, "FORBIDDEN")


def test_the_api_sets_no_cookie():
    response = get(WBK, sent())
    assert response.cookies == {}
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_every_request_is_logged_without_secrets():
    there = sent()
    code = there.row.unit.code
    get(WBK, there, **{"User-Agent": "PortalRB/1.0"})
    answers(there)
    get(f"{WBBM}?kunci={there.secret}", Authorization="Bearer salah")
    get(f"{BASE}/{there.secret}")
    entries = list(AccessEntry.objects.order_by("pk"))
    assert [(e.what, e.status, e.token, e.assessment) for e in entries] == [
        ("units-wbk", 200, there.token, None), ("answers", 200, there.token, there.row),
        ("units-wbbm", 401, None, None), ("other", 404, None, None),
    ]  # fmt: skip
    assert (entries[0].agent, entries[0].address) == ("PortalRB/1.0", "127.0.0.1")
    assert there.secret not in str(list(AccessEntry.objects.values()))
    assert code == refreshed(there.row).unit.code


def test_what_a_caller_says_of_itself_is_cut_to_what_the_log_can_hold():
    get(WBK, **{"User-Agent": "\0" + "x" * 500})
    assert AccessEntry.objects.get().agent == "x" * 199


def test_an_answer_comes_even_if_it_cannot_be_logged(monkeypatch, caplog):
    there = sent()

    def fail(*args):
        raise DatabaseError

    monkeypatch.setattr("reports.portalrb.middleware.log_access", fail)
    assert get(WBK, there).status_code == 200
    assert "could not be logged" in caplog.text


def test_a_revoked_token_that_is_still_used_is_named_in_the_log():
    there = sent()
    revoke_token(there.token, by=there.admin)
    get(WBK, there)
    assert [(e.status, e.token) for e in AccessEntry.objects.all()] == [(401, there.token)]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_for_any_number_of_units(django_assert_num_queries, count):
    there = sent()
    rows = [decided(UnitFactory(parent=there.agency), evidence=False) for _ in range(count - 1)]
    if rows:
        propose(*rows, by=there.admin)
    get(WBK, there)
    # Address and token counted, the token, its last use, the period, the units, the log.
    with django_assert_num_queries(7):
        assert len(get(WBK, there).json()["units"]) == count


def test_answers_take_few_queries(django_assert_num_queries):
    there = sent()
    answers(there)
    # As for lists, and both copies: which, and what is in them.
    with django_assert_num_queries(9):
        answers(there)


def test_the_addresses_are_those_of_the_guide():
    assert reverse("reports:portalrb-units-wbk") == WBK
    assert reverse("reports:portalrb-units-wbbm") == WBBM
    assert reverse("reports:portalrb-answers", args=["UNIT-01"]) == f"{ANSWERS}/UNIT-01"
