import json
from datetime import date
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.groups import ADMIN_GROUP
from accounts.models import Unit
from assessment import instruments, selectors, services
from assessment.instruments import digest_of, rows_of
from assessment.models import Assessment, Award, Criterion, Event, Instrument, Node, Period, Scorecard, Threshold

from .factories import PeriodFactory, UnitFactory, UserFactory, filled, opened

pytestmark = pytest.mark.django_db
MODELS = ["instrument", "node", "criterion", "period", "assessment", "award"]


@pytest.fixture(autouse=True)
def no_worksheets_of_other_tests():
    """Forget them: some are kept for tests that do not edit, under ids that are in use here."""
    selectors.forget_worksheets()


@pytest.fixture
def person(db):
    user = UserFactory(username="pengelola", is_staff=True)
    user.groups.add(Group.objects.get(name=ADMIN_GROUP))
    return user


@pytest.fixture
def admin(client, person, instrument):
    client.force_login(person)
    return client


def url(model, page="changelist", *args):
    return reverse(f"admin:assessment_{model}_{page}", args=args)


def change(admin, model, row, **values):
    """Post the form of a row as a browser would, with `values` changed."""
    address = url(model, "change", row.pk)
    return admin.post(address, posted(admin.get(address)) | values)


class Fields(HTMLParser):
    """Collects what a browser would send of the page's main form."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.inside, self.select, self.area = {}, False, "", ""

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = attrs.get("id", "").endswith("_form")
        name = attrs.get("name", "")
        if tag == "select":
            self.select = "" if "__prefix__" in name else name
        if not self.inside or (tag in {"input", "select", "textarea"} and (not name or "__prefix__" in name)):
            return
        if tag == "input" and (attrs["type"] not in {"submit", "checkbox"} or "checked" in attrs):
            self.found[name] = attrs.get("value", "on" if attrs["type"] == "checkbox" else "")
        if tag == "option" and "selected" in attrs and self.select:
            self.found[self.select] = attrs["value"]
        if tag == "textarea":
            self.area, self.found[name] = name, ""

    def handle_endtag(self, tag):
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data):
        if self.area:
            # A browser drops the line break that opens a text area.
            self.found[self.area] += data.removeprefix("\r\n") if not self.found[self.area] else data


def posted(response):
    parser = Fields()
    parser.feed(response.content.decode())
    return parser.found


def errors(response):
    return " ".join(str(found) for found in response.context["errors"])


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def run(admin, model, action, *rows):
    return admin.post(url(model), {"action": action, "_selected_action": [row.pk for row in rows]})


# Pages


@pytest.mark.parametrize("model", MODELS)
def test_lists_open_for_the_group_and_search(admin, model):
    opened()
    assert admin.get(url(model)).status_code == 200
    assert admin.get(url(model), {"q": "a"}).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_lists_are_closed_to_others(client, model, instrument):
    client.force_login(UserFactory())
    assert client.get(url(model), follow=True).status_code == 403
    client.force_login(UserFactory(is_staff=True))
    assert client.get(url(model)).status_code == 403


def grow():
    number = Period.objects.count()
    assessment = opened(year=2030 + number, instrument=instruments.new_version(Instrument.objects.first()))
    Award.objects.create(unit=assessment.unit, predicate="WBK", decree_number=str(number), decree_date=date(2025, 1, 1))


@pytest.mark.parametrize("model", MODELS)
def test_lists_take_the_same_queries_at_any_length(admin, model):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert admin.get(url(model)).status_code == 200
        return len(caught)

    grow()
    queries()  # content types and the like are cached by the first
    few = queries()
    grow()
    grow()
    assert queries() == few


# Instruments


def test_instrument_list_shows_state_and_size(admin, instrument):
    response = admin.get(url("instrument"))
    assert "113" in response.content.decode()
    (row,) = response.context["cl"].result_list
    assert (row.criteria_found, row.frozen) == (113, False)


def test_instrument_page_says_whether_it_can_be_used(admin, instrument):
    address = url("instrument", "change", instrument.pk)
    assert "Lengkap: bobot sesuai" in admin.get(address).content.decode()
    Node.objects.filter(code="B.I").update(weight="22")
    text = admin.get(address).content.decode()
    assert "Belum dapat dipakai sebuah periode" in text
    assert "B: bobotnya 40, tetapi bobot isinya 39,5" in text


def test_instrument_edit_is_saved_and_leaves_nothing_stale(admin, instrument):
    before = selectors.worksheet_of(instrument)
    threshold = instrument.thresholds.get(predicate="WBK", measure="total")
    page = posted(admin.get(url("instrument", "change", instrument.pk)))
    name = next(
        k.removesuffix("-id")
        for k, v in page.items()
        if k.startswith("thresholds-") and v == str(threshold.pk) and k.endswith("-id")
    )
    response = admin.post(
        url("instrument", "change", instrument.pk), page | {"name": "LKE disunting", f"{name}-minimum": "76"}
    )
    assert response.status_code == 302
    found = Instrument.objects.get(pk=instrument.pk)
    assert (found.name, found.source_digest) == ("LKE disunting", "")
    after = selectors.worksheet_of(found)
    assert after.content_hash != before.content_hash
    assert [str(t.minimum) for t in after.thresholds if t.predicate == "WBK" and t.measure == "total"] == ["76.00"]
    assert [result.outcome for result in instruments.load_fixtures()] == ["kept"]


def test_instrument_saved_without_a_change_keeps_its_digest(admin, instrument):
    assert change(admin, "instrument", instrument).status_code == 302
    assert Instrument.objects.get(pk=instrument.pk).source_digest == instrument.source_digest != ""


def test_criterion_edit_is_saved_and_leaves_nothing_stale(admin, instrument):
    criterion = instrument.criteria.get(code="A.I.1.i.b")
    before = selectors.worksheet_of(instrument).content_hash
    response = change(admin, "criterion", criterion, title="Judul baru", **{"choices-0-text": "Rubrik baru"})
    assert response.status_code == 302
    found = Instrument.objects.get(pk=instrument.pk)
    assert found.source_digest == ""
    worksheet = selectors.worksheet_of(found)
    assert worksheet.criteria["A.I.1.i.b"].title == "Judul baru"
    assert worksheet.criteria["A.I.1.i.b"].choices[0].text == "Rubrik baru"
    assert worksheet.content_hash != before


def test_criterion_deleted_here_stays_deleted(admin, instrument):
    criterion = instrument.criteria.get(code="A.I.1.i.b")
    assert admin.post(url("criterion", "delete", criterion.pk), {"post": "yes"}).status_code == 302
    assert not Criterion.objects.filter(pk=criterion.pk).exists()
    assert [result.outcome for result in instruments.load_fixtures()] == ["kept"]
    assert not Criterion.objects.filter(code="A.I.1.i.b").exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"formula": "n2:n1"}, "Rumus hanya boleh berisi"),
        ({"formula": "__import__('os')"}, "Rumus hanya boleh berisi"),
        ({"limits": '[{"rule": "n2<=n1"}]'}, "Batas berupa daftar"),
        ({"limits": '[{"rule": "n2>n1", "message": "x", "blocks": true}]'}, "Batas berupa daftar"),
        ({"limits": '[{"rule": "n2<=n1", "message": "x", "blocks": 1}]'}, "Batas berupa daftar"),
        ({"limits": '{"rule": 1}'}, "Batas berupa daftar"),
        ({"code": "A.II.1.i.b"}, "Kode ini sudah dipakai"),
        ({"title": ""}, "Bidang ini tidak boleh kosong"),
    ],
)
def test_criterion_form_refuses_what_would_break_the_worksheet(admin, instrument, values, message):
    criterion = instrument.criteria.get(code="A.II.1.i.a")
    before = digest_of(rows_of(instrument))
    response = change(admin, "criterion", criterion, **values)
    assert response.status_code == 200
    assert message in errors(response)
    assert digest_of(rows_of(instrument)) == before


def test_criterion_cannot_move_to_another_instrument(admin, instrument):
    other = instruments.new_version(instrument)
    criterion = instrument.criteria.get(code="A.I.1.i.a")
    response = change(admin, "criterion", criterion, node=other.nodes.get(code="A.I.1.i").pk)
    assert "Simpul ini milik instrumen lain." in errors(response)


def fresh(admin, model, **values):
    return admin.post(url(model, "add"), posted(admin.get(url(model, "add"))) | values)


def test_criterion_is_added_to_the_instrument_of_its_node(admin, instrument):
    node = instrument.nodes.get(code="A.I.1.i")
    response = fresh(
        admin, "criterion", node=node.pk, code="A.I.1.i.c", title="Baru", answer_type="INDEX04", order=114, limits="[]"
    )
    assert response.status_code == 302
    assert Criterion.objects.get(code="A.I.1.i.c").instrument == instrument
    assert Instrument.objects.get(pk=instrument.pk).source_digest == ""


def test_node_is_added_below_its_parent(admin, instrument):
    parent = instrument.nodes.get(code="A.I.1")
    response = fresh(
        admin, "node", parent=parent.pk, code="A.I.1.v", title="Baru", level="subarea", weight="0.5", order=63
    )
    assert response.status_code == 302
    assert Node.objects.get(code="A.I.1.v").instrument == instrument


def test_node_needs_a_parent_or_an_instrument(admin, instrument):
    values = {"code": "C", "title": "Baru", "level": "component", "weight": "1", "order": 63}
    assert "Pilih simpul atasan" in errors(fresh(admin, "node", **values))
    assert fresh(admin, "node", top_of=instrument.pk, **values).status_code == 302
    assert Node.objects.get(code="C").parent is None


def test_node_cannot_stand_below_itself(admin, instrument):
    node = instrument.nodes.get(code="A.I.1")
    below = instrument.nodes.get(code="A.I.1.i")
    response = change(admin, "node", node, parent=below.pk)
    assert "Simpul tidak boleh berada di bawah dirinya sendiri." in errors(response)


def test_frozen_instrument_can_be_read_but_not_changed(admin, instrument):
    PeriodFactory(instrument=instrument)
    criterion, node = instrument.criteria.get(code="A.I.1.i.a"), instrument.nodes.get(code="A.I.1.i")
    before = digest_of(rows_of(instrument))
    for model, row in (("instrument", instrument), ("criterion", criterion), ("node", node)):
        page = admin.get(url(model, "change", row.pk))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert admin.post(url(model, "change", row.pk), {"title": "x", "name": "x"}).status_code == 403
        assert admin.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert digest_of(rows_of(instrument)) == before


@pytest.mark.parametrize("model", ["criterion", "node"])
def test_nothing_is_added_to_a_frozen_instrument(admin, instrument, model):
    PeriodFactory(instrument=instrument)
    node = instrument.nodes.get(code="A.I.1.i")
    shared = {"code": "A.I.1.i.z", "title": "Baru", "order": 200}
    values = {
        "criterion": {"node": node.pk, "answer_type": "INDEX04", "limits": "[]"},
        "node": {"parent": node.pk, "level": "subarea", "weight": "1"},
    }
    response = fresh(admin, model, **shared, **values[model])
    assert "sudah dipakai sebuah periode" in errors(response)
    assert not Criterion.objects.filter(code="A.I.1.i.z").exists()
    assert not Node.objects.filter(code="A.I.1.i.z").exists()


def test_lists_of_parts_do_not_offer_to_delete_many(admin, instrument):
    for model in ("instrument", "criterion", "node"):
        assert b'value="delete_selected"' not in admin.get(url(model)).content


def test_new_version_is_made_from_the_list(admin, instrument, person):
    PeriodFactory(instrument=instrument)
    response = run(admin, "instrument", "make_new_version", instrument)
    assert "LKE Zona Integritas (versi 2) dibuat dan dapat diubah." in told(response)
    copied = Instrument.objects.get(version=2)
    assert (copied.frozen, copied.criteria.count()) == (False, 113)


def test_unused_instrument_can_be_deleted_with_everything_in_it(admin, instrument):
    copied = instruments.new_version(instrument)
    page = admin.get(url("instrument", "delete", copied.pk))
    assert page.status_code == 200
    assert admin.post(url("instrument", "delete", copied.pk), {"post": "yes"}).status_code == 302
    assert list(Instrument.objects.all()) == [instrument]
    assert Criterion.objects.count() == 113


# Periods

WINDOW = {
    "unit_opens_0": "2027-01-01", "unit_opens_1": "08:00", "unit_closes_0": "2027-03-01", "unit_closes_1": "17:00",
}  # fmt: skip


def test_period_freezes_its_instrument(admin, instrument):
    response = fresh(
        admin, "period", year=2027, name="Penilaian 2027", instrument=instrument.pk, area_reading="together", **WINDOW
    )
    assert response.status_code == 302
    assert Instrument.objects.get(pk=instrument.pk).frozen is True


def test_period_refuses_an_instrument_that_does_not_add_up(admin, instrument):
    Node.objects.filter(code="B.I").update(weight="22")
    response = fresh(
        admin, "period", year=2027, name="Penilaian 2027", instrument=instrument.pk, area_reading="together", **WINDOW
    )
    assert "Instrumen ini belum dapat dipakai (2 masalah): B: bobotnya 40, tetapi bobot isinya 39,5" in errors(response)
    assert not Period.objects.exists()
    assert Instrument.objects.get(pk=instrument.pk).frozen is False


def test_period_opens_assessments_for_all_active_units(admin, instrument, person):
    period = PeriodFactory(instrument=instrument)
    units = [UnitFactory(), UnitFactory()]
    UnitFactory(is_active=False)
    UnitFactory(kind=Unit.Kind.AGENCY)
    services.open_assessments(period=period, units=units[:1], by=None)
    assert f"{period.name}: 1 penilaian dibuka." in told(run(admin, "period", "open_for_all_units", period))
    assert list(Assessment.objects.order_by("pk").values_list("unit", flat=True)) == [u.pk for u in units]
    assert Event.objects.get(assessment__unit=units[1]).actor == person
    again = told(run(admin, "period", "open_for_all_units", period))
    assert "semua unit aktif sudah mempunyai penilaian" in again
    assert Assessment.objects.count() == 2


def test_another_area_reading_rewrites_the_scorecards(admin, instrument):
    assessment = opened()
    filled(assessment, seed=4)
    reading = {c["decides"] for c in Scorecard.objects.get().checks if c["measure"] == "area" and "(" not in c["name"]}
    assert reading == {True}
    assert change(admin, "period", assessment.period, area_reading="separate").status_code == 302
    reading = {c["decides"] for c in Scorecard.objects.get().checks if c["measure"] == "area" and "(" not in c["name"]}
    assert reading == {False}


# Assessments and awards


def test_only_the_target_of_an_assessment_can_be_set(admin, person):
    assessment = opened()
    page = admin.get(url("assessment", "change", assessment.pk))
    assert list(page.context["adminform"].form.fields) == ["target"]
    values = {"target": "WBBM", "state": "decided", "unit": UnitFactory().pk}
    assert admin.post(url("assessment", "change", assessment.pk), values).status_code == 302
    found = Assessment.objects.get()
    assert (found.target, found.state, found.unit) == ("WBBM", "draft", assessment.unit)
    event = Event.objects.get(kind=Event.Kind.TARGET_CHANGED)
    assert (event.actor, event.data) == (person, {"from": "WBK", "to": "WBBM"})


def test_assessments_are_neither_added_nor_deleted_here(admin):
    assessment = opened()
    assert admin.get(url("assessment", "add")).status_code == 403
    assert admin.post(url("assessment", "delete", assessment.pk), {"post": "yes"}).status_code == 403
    assert Assessment.objects.count() == 1


def holds_wbk():
    checks = Scorecard.objects.get().checks
    return next(check["value"] for check in checks if check["measure"] == "award")


def test_award_scores_the_unit_anew(admin):
    assessment = opened()
    assert holds_wbk() == "0.00"
    award = {"unit": assessment.unit.pk, "predicate": "WBK", "decree_number": "1/2025", "decree_date": "2025-12-10"}
    assert fresh(admin, "award", **award).status_code == 302
    assert holds_wbk() == "1.00"
    row = Award.objects.get()
    withdrawn = {"withdrawn_on": "2026-01-01", "withdrawn_reason": "Tidak lagi memenuhi."}
    assert change(admin, "award", row, **withdrawn).status_code == 302
    assert holds_wbk() == "0.00"


@pytest.mark.parametrize("many", [True, False])
def test_deleted_award_scores_the_unit_anew(admin, many):
    assessment = opened()
    row = Award.objects.create(unit=assessment.unit, predicate="WBK", decree_number="1", decree_date=date(2025, 1, 1))
    services.rescore(assessment=assessment)
    assert holds_wbk() == "1.00"
    if many:
        data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        admin.post(url("award"), data)
    else:
        admin.post(url("award", "delete", row.pk), {"post": "yes"})
    assert not Award.objects.exists()
    assert holds_wbk() == "0.00"


def test_award_withdrawn_without_a_reason_is_refused(admin):
    unit = UnitFactory()
    row = Award.objects.create(unit=unit, predicate="WBK", decree_number="1", decree_date=date(2025, 1, 1))
    response = change(admin, "award", row, withdrawn_on="2026-01-01")
    assert "Pencabutan predikat harus disertai alasan." in errors(response)


def test_limits_round_trip_through_the_form(admin, instrument):
    criterion = instrument.criteria.get(code="A.II.1.i.b")
    assert change(admin, "criterion", criterion, help="Petunjuk baru").status_code == 302
    found = Criterion.objects.get(pk=criterion.pk)
    assert (found.limits, found.help) == (criterion.limits, "Petunjuk baru")
    assert json.dumps(found.limits).count("n2<=n1") == 1
    assert Threshold.objects.filter(instrument=instrument).count() == 25
