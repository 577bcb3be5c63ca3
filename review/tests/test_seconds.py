"""Blind second scoring: who is chosen, what is drawn, what stays hidden, and how differences are settled."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Notification, Role
from assessment import history, selectors
from assessment.access import may as answers_may
from assessment.models import Answer, Event, SecondScoring, Stage, State
from assessment.scoring import Given
from assessment.services import Entry
from assessment.tests.factories import answer, judge
from evidence.models import Attachment
from evidence.tests.factories import attachment
from review import sampling
from review.obstacles import obstacles_of
from review.services import seconds as services
from review.services.conflicts import declare_conflict
from review.services.seconds import Decision, assign_second, finish_second, settle
from review.services.steps import take_step
from review.workflow import STEPS

from .factories import UserFactory, agreed, at_state, in_review, member, opened, refreshed, reviewer, second_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

NOTE = "Notulen tidak memuat tindak lanjut."


def url(name, row, *args):
    return reverse(f"review:{name}", args=[row.period.year, row.unit.code, *args])


def written():
    return (
        Event.objects.count(), Notification.objects.count(), Answer.objects.count(),
        sorted(SecondScoring.objects.values_list("pk", "user", "finished_at")),
        list(SecondScoring.objects.values_list("settled", flat=True)),
    )  # fmt: skip


class Review:
    """A unit in review: lead, controller, a first and a second reviewer."""

    def __init__(self, share=20):
        self.row = in_review(second_share=share)
        self.lead = self.row.events.latest("number").actor
        self.controller = reviewer(self.row, Role.TPI_CONTROLLER)
        self.first = reviewer(self.row, user=UserFactory(first_name="Penilai Satu"))
        self.other = reviewer(self.row, user=UserFactory(first_name="Penilai Dua"))

    def assigned(self):
        return assign_second(assessment=self.row, user=self.other, by=self.lead)

    def scored(self, differs=()):
        """Score the sample as the unit did, but for some criteria."""
        second = sampling.second_of(self.row) or self.assigned()
        worksheet = selectors.worksheet_of(self.row.period.instrument)
        units = selectors.answers_of(self.row, Stage.UNIT)
        entries = [
            unlike(self.row, code) if code in differs
            else Entry(code, selectors.given_of(worksheet, units[code]), "", 0) for code in second.codes
        ]  # fmt: skip
        judge(self.row, Stage.SECOND, *entries, by=self.other)
        return second

    def finished(self, count=2):
        """Return the criteria that differ after both have scored: `count` letters of the sample."""
        agreed(self.row, self.first)
        second = self.assigned()
        codes = lettered(self.row, second.codes)[:count]
        self.scored(codes)
        finish_second(assessment=self.row, by=self.other)
        return codes

    def problems(self):
        row = refreshed(self.row)
        return history.problems(row.pk, row.events.order_by("number"), row.event_count, row.event_head)


def lettered(row, codes):
    worksheet = selectors.worksheet_of(row.period.instrument)
    return [code for code in codes if worksheet.criteria[code].choices]


def unlike(row, code, version=0):
    """Return an answer with another letter than the unit's."""
    worksheet = selectors.worksheet_of(row.period.instrument)
    own = selectors.given_of(worksheet, selectors.answers_of(row, Stage.UNIT)[code])
    key = next(c.key for c in worksheet.criteria[code].choices if c.key != own.choice)
    return Entry(code, Given(choice=key), NOTE, version)


def settle_form(code, **data):
    prefix = code.replace(".", "-")
    values = {"choice": "second", "reason": "Bukti penilai kedua lebih lengkap.", "first": 1, "second": 1} | data
    return {f"{prefix}-{key}": value for key, value in values.items()}


@pytest.fixture
def review():
    return Review()


# Drawing


@pytest.mark.parametrize(("share", "size"), [(1, 14), (10, 14), (20, 23), (50, 57), (100, 113)])
def test_the_sample_has_its_share_and_something_of_every_page(worksheet, share, size):
    codes = sampling.draw(worksheet, share, random.Random(1))
    assert len(codes) == len(set(codes)) == max(size, len(worksheet.pages))
    assert {worksheet.page_of[code] for code in codes} == set(worksheet.pages)
    assert codes == [code for code in worksheet.criteria if code in set(codes)]


def test_samples_differ_from_draw_to_draw_and_reach_every_criterion(worksheet):
    source = random.Random(2)
    samples = [sampling.draw(worksheet, 20, source) for _ in range(60)]
    assert len({tuple(codes) for codes in samples}) == 60
    assert {code for codes in samples for code in codes} == set(worksheet.criteria)


# Choosing


def test_the_lead_chooses_and_the_second_is_told(client, review):
    client.force_login(review.lead)
    assert "Penilai Dua" in client.get(url("second", review.row)).text
    response = client.post(url("second-assign", review.row), {"user": review.other.pk})
    assert response.url == url("second", review.row)
    second = SecondScoring.objects.get()
    assert (second.user, second.assigned_by, len(second.codes)) == (review.other, review.lead, 23)
    event = review.row.events.latest("number")
    assert event.kind == Event.Kind.SECOND
    assert event.data == {"from": {"state": ""}, "to": {"state": "Penilai kedua: Penilai Dua"}, "size": 23}
    told = Notification.objects.filter(kind="assignment").latest("pk")
    assert (told.recipient, told.url) == (review.other, url("second", review.row))


def test_who_has_judged_is_led_away_or_has_a_past_there_is_not_chosen(client, review):
    tied, away = reviewer(review.row), reviewer(review.row)
    answer_of_the_past(review, tied)
    declare_conflict(assessment=review.row, reason="Saudara.", by=away)
    judge(review.row, Stage.TPI, unlike(review.row, "A.I.1.i.a"), by=review.first)
    assert sampling.seconds_to_choose(review.row) == [review.other]
    client.force_login(review.lead)
    before = written()
    for user in (tied, away, review.first, review.lead, review.controller, UserFactory()):
        response = client.post(url("second-assign", review.row), {"user": user.pk})
        assert response.status_code == 422
        assert "Pilih anggota tim yang belum menilai unit ini." in response.text
        with pytest.raises(ValidationError, match=services.NOT_FREE):
            assign_second(assessment=review.row, user=user, by=review.lead)
    assert written() == before


def answer_of_the_past(review, user):
    answer(opened(review.row.unit, year=2025), "A.I.1.i.a", by=user, choice="Y")


def test_a_period_without_second_scoring_says_so(client):
    review = Review(share=0)
    client.force_login(review.lead)
    assert "tidak memakai penilaian kedua" in client.get(url("second", review.row)).text
    with pytest.raises(ValidationError, match=services.UNUSED):
        review.assigned()


@pytest.mark.parametrize("state", ["lead_check", "approval", "returned", "fulfils"])
def test_nobody_is_chosen_once_the_review_was_handed_over(review, state):
    at_state(review.row, state)
    with pytest.raises(ValidationError, match=services.NOT_NOW):
        review.assigned()


def test_another_second_starts_anew_with_the_same_sample(review):
    old = review.scored()
    third = reviewer(review.row)
    made = assign_second(assessment=review.row, user=third, by=review.lead)
    assert (made.user, made.codes) == (third, old.codes)
    assert services.unanswered_of(review.row, made) == tuple(old.codes)
    # What the one before answered stays in the history.
    assert review.row.events.filter(stage="second", kind="answered", actor=review.other).count() == 23
    assert review.problems() == []
    assert answers_may(review.other, review.row).sample == frozenset()


# Scoring without seeing the first


def test_a_second_reviewer_sees_the_sample_and_nothing_of_the_first(client, review):
    judge(review.row, Stage.TPI, unlike(review.row, "A.I.1.i.a"), by=review.first)
    second = review.assigned()
    client.force_login(review.other)
    page = client.get(url("second", review.row)).text
    assert "0 dari 23 kriteria dinilai" in page
    for code in second.codes:
        assert f"#k-{code.replace('.', '-')}" in page
    assert NOTE not in page and "Kesepakatan" not in page and "Penilai Satu" not in page
    desk = client.get(reverse("review:desk")).text
    assert "0 dari 23 kriteria sampel dinilai" in desk


def test_the_first_reviewers_see_nothing_of_the_second_before_it_is_finished(client, review):
    agreed(review.row, review.first)
    second = review.assigned()
    code = lettered(review.row, second.codes)[0]
    review.scored([code])
    for user in (review.first, review.lead, review.controller):
        client.force_login(user)
        page = client.get(url("second", review.row)).text
        assert "Belum selesai" in page
        assert NOTE not in page and "Kesepakatan" not in page and code not in page
        assert NOTE not in client.get(reverse("assessment:history", args=[2026, review.row.unit.code])).text
    finish_second(assessment=review.row, by=review.other)
    client.force_login(review.lead)
    page = client.get(url("second", review.row)).text
    assert NOTE in page and "Kesepakatan" in page
    client.force_login(review.first)
    page = client.get(url("second", review.row)).text
    assert "Selesai" in page and NOTE not in page


def test_the_second_finishes_when_all_of_the_sample_is_answered(client, review):
    second = review.assigned()
    client.force_login(review.other)
    before = written()
    response = client.post(url("second-finish", review.row))
    assert response.status_code == 422 and "23 kriteria sampel belum dinilai." in response.text
    assert written() == before
    review.scored()
    assert client.post(url("second-finish", review.row)).url == url("second", review.row)
    second.refresh_from_db()
    assert second.finished_at is not None
    assert Notification.objects.filter(recipient=review.lead, subject__contains="penilaian kedua selesai").exists()
    # It ends once, and it ends the blindness.
    assert client.post(url("second-finish", review.row)).status_code == 403
    assert answers_may(review.other, review.row).sample == frozenset()
    with pytest.raises(ValidationError, match=services.FINISHED):
        assign_second(assessment=review.row, user=reviewer(review.row), by=review.lead)


# Agreement and settling


def test_agreement_is_counted_per_page(review):
    codes = review.finished(2)
    second = sampling.second_of(review.row)
    worksheet = selectors.worksheet_of(review.row.period.instrument)
    pairs = sampling.pairs_of(review.row, second)
    assert [p.code for p in pairs if p.differs] == [c for c in second.codes if c in codes]
    found = {a.page: a for a in sampling.agreements(worksheet, pairs)}
    for page, agreement in found.items():
        here = [c for c in second.codes if worksheet.page_of[c] == page]
        apart = [p for p in pairs if p.code in codes and p.code in here]
        assert (agreement.total, agreement.same) == (len(here), len(here) - len(apart))
        assert agreement.gap == sum((p.gap for p in apart), start=Fraction(0)) / len(here)
    assert sum(a.total - a.same for a in found.values()) == 2
    assert all(p.gap > 0 for p in pairs if p.differs)


def test_figures_are_shown_with_two_decimals(client, review):
    review.finished(1)
    client.force_login(review.lead)
    page = client.get(url("second", review.row)).text
    assert "95,65%" in page  # 22 of 23
    assert "1 perbedaan menunggu keputusan ketua tim." in page


def test_taking_the_second_answer_writes_it_as_tpis(client, review):
    code, other = review.finished(2)
    client.force_login(review.lead)
    response = client.post(url("second-settle", review.row, code), settle_form(code))
    assert response.url == url("second", review.row)
    stored = selectors.answers_of(review.row, Stage.TPI)[code]
    worksheet = selectors.worksheet_of(review.row.period.instrument)
    assert selectors.given_of(worksheet, stored) == unlike(review.row, code).given
    assert stored.note == f"{NOTE}\n\nBukti penilai kedua lebih lengkap."
    assert (stored.changed_by, stored.version) == (review.lead, 2)
    event = review.row.events.latest("number")
    assert (event.kind, event.criterion) == (Event.Kind.SECOND, code)
    assert event.data["to"] == {"state": "Memakai jawaban penilai kedua"}
    assert review.problems() == []
    # It still counts as a difference between the two, and is not asked again.
    second = sampling.second_of(review.row)
    pairs = {p.code: p for p in sampling.pairs_of(review.row, second)}
    assert pairs[code].differs and pairs[code].gap > 0 and not pairs[code].is_open
    assert pairs[other].is_open
    # What the first reviewer had answered is still shown as theirs.
    page = client.get(url("second", review.row)).text
    assert page.count('Penilai pertama <span class="muted">(Penilai Satu)</span>') == 2
    before = written()
    assert client.post(url("second-settle", review.row, code), settle_form(code, first=2)).status_code == 302
    assert written() == before


def test_keeping_the_first_answer_changes_no_answer(client, review):
    (code,) = review.finished(1)
    before = Answer.objects.get(stage=Stage.TPI, criterion__code=code)
    client.force_login(review.lead)
    client.post(url("second-settle", review.row, code), settle_form(code, choice="first", reason="Lebih tepat."))
    after = Answer.objects.get(pk=before.pk)
    assert (after.version, after.choice_id, after.note) == (before.version, before.choice_id, before.note)
    settled = SecondScoring.objects.get().settled[code]
    assert (settled["choice"], settled["by"], settled["reason"]) == ("first", review.lead.username, "Lebih tepat.")


def test_the_way_to_the_controller_opens_when_all_is_settled(review):
    codes = review.finished(2)
    row = take_step(assessment=review.row, name="finish", by=review.lead)
    for code in codes:
        assert [o.codes for o in obstacles_of(refreshed(row), STEPS["pass_on"])] != []
        settle(assessment=row, code=code, decision=Decision(False, "Lebih tepat.", (1, 1)), by=review.lead)
    assert obstacles_of(refreshed(row), STEPS["pass_on"]) == []
    assert take_step(assessment=row, name="pass_on", by=review.lead).state == State.APPROVAL


def test_an_answer_that_changed_meanwhile_is_not_overwritten(client, review):
    (code,) = review.finished(1)
    other = replace(unlike(review.row, code, version=1), note="Dinilai ulang.")
    worksheet = selectors.worksheet_of(review.row.period.instrument)
    keys = [c.key for c in worksheet.criteria[code].choices]
    unit = selectors.given_of(worksheet, selectors.answers_of(review.row, Stage.UNIT)[code]).choice
    third = next((k for k in keys if k not in (unit, other.given.choice)), None)
    given = Given(choice=third) if third else Given(choice=unit)
    judge(review.row, Stage.TPI, replace(other, given=given), by=review.first)
    client.force_login(review.lead)
    before = written()
    response = client.post(url("second-settle", review.row, code), settle_form(code), follow=True)
    assert services.CHANGED in response.text
    assert written() == before
    assert selectors.answers_of(review.row, Stage.TPI)[code].note == "Dinilai ulang."


@pytest.mark.parametrize("data", [{"choice": ""}, {"choice": "third"}, {"reason": ""}, {"first": "x"}, {"second": ""}])
def test_bad_input_settles_nothing(client, review, data):
    (code,) = review.finished(1)
    client.force_login(review.lead)
    before = written()
    response = client.post(url("second-settle", review.row, code), settle_form(code, **data))
    assert response.status_code == 422
    assert "field-error" in response.text
    assert written() == before


def test_only_differences_of_the_sample_are_settled(client, review):
    (code,) = review.finished(1)
    second = SecondScoring.objects.get()
    same = next(c for c in second.codes if c != code)
    outside = next(c for c in selectors.worksheet_of(review.row.period.instrument).criteria if c not in second.codes)
    client.force_login(review.lead)
    before = written()
    assert client.post(url("second-settle", review.row, outside), settle_form(outside)).status_code == 404
    response = client.post(url("second-settle", review.row, same), settle_form(same), follow=True)
    assert services.SETTLED in response.text
    assert written() == before


def test_nobody_but_the_lead_chooses_and_settles(client, review):
    (code,) = review.finished(1)
    people = [
        review.first, review.other, review.controller,
        *(member(review.row.unit, role) for role in (Role.HEAD, Role.ADMIN, Role.OBSERVER, Role.PRELIM)),
    ]  # fmt: skip
    before = written()
    for user in people:
        client.force_login(user)
        assert client.post(url("second-assign", review.row), {"user": review.other.pk}).status_code == 403
        assert client.post(url("second-settle", review.row, code), settle_form(code)).status_code == 403
        assert client.post(url("second-finish", review.row)).status_code == 403
        with pytest.raises(ValidationError):
            settle(assessment=review.row, code=code, decision=Decision(True, "x", (1, 1)), by=user)
    for role in (Role.HEAD, Role.MEMBER, Role.PRELIM):
        client.force_login(member(review.row.unit, role))
        assert client.get(url("second", review.row)).status_code == 403
    client.force_login(UserFactory())
    assert client.get(url("second", review.row)).status_code == 404
    assert written() == before


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_costs_the_same_however_much_differs(client, review, count, django_assert_num_queries):
    review.finished(count)
    client.force_login(review.lead)
    with django_assert_num_queries(10):
        assert client.get(url("second", review.row)).status_code == 200


def test_a_second_reviewer_reads_no_published_verdict_anywhere(client):
    row = opened()
    attached = attachment(row)
    row = at_state(row, State.REVIEW)
    first, second = reviewer(row), reviewer(row)
    second_of(row, second, [attached.criterion.code])
    Attachment.objects.filter(pk=attached.pk).update(verdict=Attachment.Verdict.UNFIT)
    where = [2026, row.unit.code]
    pages = [
        reverse("evidence:criterion", args=[*where, "A.I.1.i.a"]), reverse("assessment:page", args=[*where, "A.I.1"]),
        attached.document.get_absolute_url(), reverse("review:judge-page", args=[*where, "A.I.1"]),
    ]  # fmt: skip
    for user, tag in ((first, True), (second, False)):
        client.force_login(user)
        shown = [client.get(page).text.count("Tidak relevan</span>") > 0 for page in pages[:3]]
        assert shown == [tag] * 3
    assert "Tidak relevan</span>" not in client.get(pages[3]).text
