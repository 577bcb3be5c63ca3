"""Opening a period from the one before."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Role
from assessment import selectors
from assessment.models import Assessment, Period
from assessment.tests.factories import PeriodFactory, UnitFactory, UserFactory, answer, filled, member, opened
from evidence.tests.factories import attachment
from planning.matching import GONE, OTHER_CHOICES, OTHER_COUNTS, OTHER_TYPE, unmatched, why_not
from planning.models import ActionItem, Carry
from planning.services.actions import change_action, set_status
from planning.services.carrying import carry_unit

from .factories import CODE, action, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def admin(client, instrument):
    user = member(UnitFactory(), Role.ADMIN)
    client.force_login(user)
    return user


def carried(old, year=2027):
    period = PeriodFactory(year=year)
    found = carry_unit(source=old, period=period, by=UserFactory())
    return found, Assessment.objects.for_page().get(period=period, unit=old.unit)


def test_answers_documents_and_unfinished_actions_come_along_once(assessment):
    answer(assessment, CODE, choice="Y", note="Lama")
    held = attachment(assessment, CODE, expected=2, page_ref="3")
    person, gone = member(assessment.unit), member(assessment.unit)
    kept = action(assessment, in_charge=person)
    left = action(assessment, in_charge=gone)
    set_status(action=action(assessment), status="done", revision=1, by=person)
    gone.memberships.all().delete()
    found, row = carried(assessment)
    assert {k: found.summary[k] for k in ("suggestions", "documents", "actions", "left")} == {
        "suggestions": 1, "documents": 1, "actions": 2, "left": [],
    }  # fmt: skip
    (new,) = row.attachments.live().for_page()
    assert (new.document_id, new.expected_place, new.page_ref) == (held.document_id, 2, "3")
    assert {a.carried_from_id: a.in_charge for a in row.actions.all()} == {kept.pk: person, left.pk: None}
    assert not row.answers.exists() and selectors.scorecard_of(row, "unit").answered == 0
    row.attachments.update(detached_at=found.at, detached_by=found.by)
    assert carried(assessment)[0] is None
    assert (row.suggestions.count(), row.actions.count(), row.attachments.live().count()) == (1, 2, 0)
    call_command("verify_history")


def test_an_action_that_goes_on_is_fixed_in_the_old_period(assessment):
    made = action(assessment)
    carried(assessment)
    with pytest.raises(Exception, match="dilanjutkan pada periode berikutnya"):
        change_action(action=made, plan=plan(activity="x"), revision=1, by=UserFactory())
    old = ActionItem.objects.for_list().get(pk=made.pk)
    assert (old.is_continued, old.is_overdue(old.last_day.replace(year=2099))) == (True, False)


def test_documents_come_along_before_the_period_opens_and_carry_the_mark_of_another_year(client, assessment):
    attachment(assessment, CODE)
    period = PeriodFactory(year=2027)
    Period.objects.filter(pk=period.pk).update(unit_opens=period.unit_closes.replace(year=2098),
                                               unit_closes=period.unit_closes.replace(year=2099))  # fmt: skip
    period.refresh_from_db()
    assert carry_unit(source=assessment, period=period, by=UserFactory()).summary["documents"] == 1
    client.force_login(member(assessment.unit))
    text = client.get(reverse("assessment:page", args=[2027, assessment.unit.code, "A.I.1"])).text
    assert "tahun berbeda" in text.lower() or "Tahun 2026" in text


def test_which_criteria_are_the_same_question(worksheet):
    letters = next(c for c in worksheet.criteria.values() if len(c.choices) == 3)
    counts = next(c for c in worksheet.criteria.values() if len(c.quantities) == 2)
    assert unmatched(worksheet, worksheet) == {}
    assert why_not(letters, None) == GONE
    assert why_not(letters, counts) == OTHER_TYPE
    assert why_not(letters, replace(letters, choices=letters.choices[:2])) == OTHER_CHOICES
    assert why_not(counts, replace(counts, quantities=counts.quantities[:1])) == OTHER_COUNTS
    assert why_not(letters, replace(letters, title="Judul lain")) == ""


def asked(*codes, **changes):
    values = {
        "year": "2027", "name": "Penilaian ZI 2027", "instrument": str(Period.objects.get(year=2026).instrument_id),
        "unit_opens": "2027-01-01T00:00", "unit_closes": "31/05/2027 23.59", "unit": list(codes),
    }  # fmt: skip
    return values | changes


def test_the_page_shows_first_and_then_opens_the_period_and_repeats_harmlessly(client, admin):
    rows = [opened(), opened()]
    filled(rows[0], share=0.2)
    data = asked(*(r.unit.code for r in rows))
    Period.objects.filter(year=2026).update(needs_prelim=True)
    admin_unit = admin.memberships.get().unit
    for row in rows:
        row.unit.parent = admin_unit
        row.unit.save()
    assert rows[0].unit.name in client.get(reverse("planning:carry", args=[2026])).text
    text = client.post(reverse("planning:carry-preview", args=[2026]), data).text
    assert "Buka periode dan lanjutkan 2 unit" in text and not Period.objects.filter(year=2027).exists()
    for _ in range(2):
        assert client.post(reverse("planning:carry-apply", args=[2026]), data).status_code == 302
    made = Period.objects.get(year=2027)
    assert (made.needs_prelim, made.is_proposing, made.unit_closes.isoformat()) == (
        True, False, "2027-05-31T16:59:00+00:00",
    )  # fmt: skip
    assert (Carry.objects.count(), Assessment.objects.filter(period=made).count()) == (2, 2)
    assert "sudah dilanjutkan" in client.post(reverse("planning:carry-preview", args=[2026]), data).text


@pytest.mark.parametrize("bad", [
    {"year": "2026"}, {"year": "x"}, {"year": "9" * 40}, {"name": ""}, {"name": "a\0"}, {"instrument": "0"},
    {"unit_opens": ""}, {"unit_closes": "2026-12-31T00:00"}, {"tpi_opens": "kapan"}, {"unit": []},
    {"unit": ["TIDAK-ADA"]}, {"tpi_opens": "2027-02-01T00:00", "tpi_closes": "2027-01-01T00:00"},
])  # fmt: skip
def test_nonsense_opens_nothing(client, admin, bad):
    row = opened(UnitFactory(parent=admin.memberships.get().unit))
    for name in ("carry-preview", "carry-apply"):
        response = client.post(reverse(f"planning:{name}", args=[2026]), asked(row.unit.code, **bad))
        assert response.status_code == 422, name
    assert Period.objects.count() == 1


def test_the_preview_takes_the_same_queries_however_many_units(client, admin, django_assert_num_queries):
    codes = []
    for _ in range(3):
        row = opened(UnitFactory(parent=admin.memberships.get().unit))
        filled(row, share=0.1)
        codes.append(row.unit.code)
        client.post(reverse("planning:carry-preview", args=[2026]), asked(*codes))
        with django_assert_num_queries(13):
            client.post(reverse("planning:carry-preview", args=[2026]), asked(*codes))
