"""Answers of the period before: they score nothing until somebody confirms them."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from assessment import selectors
from assessment.models import Assessment, Event, Period
from assessment.tests.factories import PeriodFactory, UserFactory, answer, filled, member, opened, reviewer
from planning.models import Suggestion
from planning.services.carrying import carry_unit
from planning.services.suggestions import confirm, dismiss

from .factories import CODE, suggestion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def url(name, row, *more):
    return reverse(f"planning:{name}", args=[row.period.year, row.unit.code, *more])


def score_of(row):
    return selectors.scorecard_of(row, "unit").total, selectors.stage_result(row).total


def test_a_suggestion_scores_nothing_and_confirming_makes_it_an_answer(assessment):
    found, by = suggestion(assessment, CODE, "Y", note="Catatan lama"), member(assessment.unit)
    assert score_of(assessment) == (0, 0)
    done = confirm(assessment=assessment, versions={found.pk: 0}, by=by)
    assert (done.done, done.conflicts, done.refused) == ([CODE], [], [])
    stored = selectors.answers_of(assessment, "unit")[CODE]
    assert (stored.choice.key, stored.note, stored.version, stored.changed_by) == ("Y", "Catatan lama", 1, by)
    assert score_of(assessment)[1] > 0
    assert assessment.events.filter(kind=Event.Kind.ANSWERED).count() == 1
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("confirmed", by)
    assert confirm(assessment=assessment, versions={found.pk: 1}, by=by).done == []


def test_who_answered_meanwhile_is_not_overwritten(assessment):
    found = suggestion(assessment, CODE, "Y")
    answer(assessment, CODE, choice="T")
    done = confirm(assessment=assessment, versions={found.pk: 0}, by=UserFactory())
    assert (done.done, done.conflicts) == ([], [CODE])
    assert selectors.answers_of(assessment, "unit")[CODE].choice.key == "T"
    found.refresh_from_db()
    assert found.state == "open"


def test_dismissing_is_remembered_and_final(assessment):
    found, by = suggestion(assessment), member(assessment.unit)
    assert (dismiss(suggestion=found, by=by), dismiss(suggestion=found, by=by)) == (True, False)
    assert confirm(assessment=assessment, versions={found.pk: 0}, by=by).done == []
    (event,) = assessment.events.filter(kind=Event.Kind.CARRIED)
    assert (event.criterion, event.data["to"]) == (CODE, {"suggestion": "Diabaikan"})
    call_command("verify_history")


def test_nothing_is_confirmed_while_the_unit_may_not_write(assessment):
    found = suggestion(assessment)
    Assessment.objects.update(state="review")
    with pytest.raises(ValidationError):
        confirm(assessment=assessment, versions={found.pk: 0}, by=UserFactory())
    found.refresh_from_db()
    assert found.state == "open"


def test_counts_that_contradict_themselves_are_left_with_the_reason(assessment):
    bad = suggestion(assessment, "A.II.1.i.b", choice="", counts=[1, 5])
    good = suggestion(assessment, CODE, "Y")
    done = confirm(assessment=assessment, versions={bad.pk: 0, good.pk: 0}, by=UserFactory())
    assert done.done == [CODE]
    assert done.refused[0].startswith("A.II.1.i.b: ")


@given(st.integers(0, 10**6), st.floats(0.1, 1.0), st.integers(0, 12))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_years_answers_change_no_score_until_each_is_confirmed(instrument, seed, share, some):
    """Carried over, the new period scores 0; each confirmation gives what answering by hand would give."""
    old = opened(year=2024)
    filled(old, seed=seed, share=share)
    period = PeriodFactory(year=2025)
    carry_unit(source=old, period=period, by=UserFactory())
    row = Assessment.objects.for_page().get(period=period, unit=old.unit)
    assert score_of(row) == (0, 0)
    before = selectors.stage_result(old)
    chosen = random.Random(seed).sample(list(row.suggestions.all()), min(some, row.suggestions.count()))
    confirm(assessment=row, versions={s.pk: 0 for s in chosen}, by=UserFactory())
    answers = selectors.answers_of(row, "unit")
    worksheet = selectors.worksheet_of(period.instrument)
    assert set(answers) == {worksheet.code_of[s.criterion_id] for s in chosen}
    after = selectors.stage_result(row)
    assert all(after.values[c].value == before.values[c].value for c in answers)
    assert selectors.scorecard_of(row, "unit").answered == after.answered
    confirm(assessment=row, versions={s.pk: 0 for s in row.suggestions.all()}, by=UserFactory())
    assert selectors.stage_result(row).total == before.total


def test_one_is_confirmed_on_its_card_and_a_sub_area_after_seeing_it(client, assessment):
    for code in (CODE, "A.I.1.i.b", "A.I.1.ii.a"):
        suggestion(assessment, code, "A" if code == "A.I.1.i.b" else "Y")
    user = member(assessment.unit)
    client.force_login(user)
    sheet = reverse("assessment:page", args=[2026, assessment.unit.code, "A.I.1"])
    assert client.get(sheet).text.count("perlu dikonfirmasi") == 3
    found = Suggestion.objects.get(criterion__code=CODE)
    back = f"{sheet}#k-A-I-1-i-a"
    response = client.post(url("confirm", assessment), {"pilih": f"{found.pk}:0", "kembali": back})
    assert response.url == back
    assert client.get(sheet).text.count("perlu dikonfirmasi") == 2
    text = client.get(url("suggestions", assessment)).text
    assert text.count("Konfirmasi semua di sub-area ini") == 2
    rest = [f"{s.pk}:0" for s in Suggestion.objects.filter(state="open")]
    client.post(url("confirm", assessment), {"pilih": rest, "kembali": "https://evil.example"})
    assert len(selectors.answers_of(assessment, "unit")) == 3


def test_a_member_confirms_only_their_areas(client, assessment):
    found = suggestion(assessment)
    client.force_login(member(assessment.unit, areas=["2"]))
    client.post(url("confirm", assessment), {"pilih": f"{found.pk}:0"})
    assert client.post(url("dismiss", assessment, found.pk)).status_code == 403
    found.refresh_from_db()
    assert found.state == "open" and not assessment.answers.exists()


def test_a_suggestion_of_another_unit_is_not_taken(client, assessment):
    theirs = suggestion(opened())
    client.force_login(member(assessment.unit, Role.HEAD))
    client.post(url("confirm", assessment), {"pilih": f"{theirs.pk}:0"})
    assert client.post(url("dismiss", assessment, theirs.pk)).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "open"


@pytest.mark.parametrize("pick", ["", "x:0", "\0", f"{'9' * 36}:1", "00000000-0000-0000-0000-000000000000:0", "a:²"])
def test_nonsense_confirms_nothing(client, assessment, pick):
    client.force_login(member(assessment.unit))
    assert client.post(url("confirm", assessment), {"pilih": pick}, follow=True).status_code == 200
    assert not assessment.answers.exists()


def test_reviewers_see_no_suggestions_and_readers_of_the_team_no_buttons(client, assessment):
    suggestion(assessment)
    sheet = reverse("assessment:page", args=[2026, assessment.unit.code, "A.I.1"])
    client.force_login(reviewer(assessment))
    assert "perlu dikonfirmasi" not in client.get(sheet).text
    Period.objects.filter(year=2026).update(unit_closes=timezone.now() - timedelta(days=1))
    client.force_login(member(assessment.unit))
    text = client.get(sheet).text
    assert "perlu dikonfirmasi" in text and "/konfirmasi/" not in text


def test_an_index_is_carried_exactly(assessment):
    found = suggestion(assessment, "B.I.a", choice="", index=Decimal("3.60"))
    confirm(assessment=assessment, versions={found.pk: 0}, by=UserFactory())
    assert selectors.answers_of(assessment, "unit")["B.I.a"].index == Decimal("3.60")


def test_the_page_takes_the_same_queries_however_many(client, assessment, django_assert_num_queries):
    client.force_login(member(assessment.unit, Role.HEAD))
    for codes in ((CODE,), ("A.I.1.i.b", "A.I.1.ii.a", "A.I.2.i.a")):
        for code in codes:
            suggestion(assessment, code, "A")
        with django_assert_num_queries(7):  # session, user, assessment, memberships, answers, suggestions, carry
            client.get(url("suggestions", assessment))
