"""Whatever people do in whatever order, what was fixed stays fixed and every figure follows from the answers."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Role
from assessment import history, selectors, services
from assessment.models import Answer, Event, ProposalCondition, Scorecard, Snapshot, Stage, State
from assessment.scoring import Given
from assessment.services import Entry
from assessment.tests.factories import best_entries
from evidence.models import Attachment
from evidence.services.attachments import Link, attach, detach
from evidence.tests.factories import document
from review.models import ConditionAnswer
from review.services import returns, verdicts
from review.services.snapshots import is_intact
from review.services.steps import take_step
from review.workflow import STEPS

from .factories import UserFactory, agreed, member, opened, refreshed, reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]
WRITABLE = {State.DRAFT, State.RETURNED}
DECIDED = {State.FULFILS, State.NOT_YET, State.PROPOSED, State.RESULT}
FORWARD = {"submit", "start_review", "declare_fit", "finish", "pass_on", "approve", "propose", "resubmit"}
CODES = ["A.I.1.i.a", "A.I.1.ii.a", "A.I.5.i.a", "B.I.a"]


class Story:
    """One assessment, its people, and everything that they could do."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.row = opened(needs_prelim=seed % 2 == 0)
        unit = self.row.unit
        tpi = (Role.TPI_MEMBER, Role.TPI_LEAD, Role.TPI_CONTROLLER)
        self.people = {r: reviewer(self.row, r) if r in tpi else member(unit, r) for r in Role}
        services.record_answers(assessment=self.row, entries=best_entries(self.row), by=self.people[Role.MEMBER])
        for condition in ProposalCondition.objects.filter(predicate="WBK"):
            ConditionAnswer.objects.create(
                assessment=self.row, condition=condition, met="ya", changed_by=UserFactory(), changed_at=timezone.now()
            )
        self.document = document(unit)

    def act(self) -> bool:
        """Let somebody do something; tell whether it was allowed."""
        doings: list[Callable[[], object]] = [
            self.step, self.step, self.step, self.answer, self.judge, self.judge_all, self.evidence, self.verdict,
            self.list_return,
        ]  # fmt: skip
        try:
            self.random.choice(doings)()
        except ValidationError:
            return False
        return True

    def step(self) -> None:
        state = refreshed(self.row).state
        near = [s for s in STEPS.values() if state in s.source] or list(STEPS.values())
        near += [s for s in near if s.name in FORWARD] * 4
        step = self.random.choice(near if self.random.random() < 0.9 else list(STEPS.values()))
        by = self.people[self.random.choice(sorted(step.hats))]
        until = (timezone.now() + timedelta(days=3)).isoformat()
        take_step(assessment=self.row, name=step.name, by=by, reason="Alasan", extra={"until": until})

    def entry(self, stage: str) -> Entry:
        code = self.random.choice(CODES)
        stored = selectors.answers_of(self.row, stage).get(code)
        worksheet = selectors.worksheet_of(self.row.period.instrument)
        choices = worksheet.criteria[code].choices
        given = Given(choice=self.random.choice(choices).key) if choices else best_entries(self.row)[-2].given
        return Entry(code, given, f"Catatan {self.random.random()}", stored.version if stored else 0)

    def answer(self) -> None:
        entries = [self.entry(Stage.UNIT)]
        services.record_answers(assessment=self.row, entries=entries, by=self.people[Role.MEMBER])

    def judge(self) -> None:
        stage = self.random.choice([Stage.PRELIM, Stage.TPI, Stage.TPN])
        services.record_answers(assessment=self.row, entries=[self.entry(stage)], by=UserFactory(), stage=stage)

    def judge_all(self) -> None:
        agreed(self.row, self.people[Role.TPI_MEMBER], stage=self.random.choice([Stage.PRELIM, Stage.TPI]))

    def evidence(self) -> None:
        live = Attachment.objects.live().filter(assessment=self.row).select_related("criterion", "document").first()
        if live:
            detach(assessment=self.row, attachment=live, by=self.people[Role.MEMBER])
            return
        links = [Link(self.random.choice(CODES), self.document)]
        attach(assessment=self.row, links=links, by=self.people[Role.MEMBER])

    def verdict(self) -> None:
        live = Attachment.objects.live().filter(assessment=self.row).select_related("criterion", "document").first()
        if live:
            stored = live.verdicts.filter(stage=Stage.TPI).first()
            verdicts.give_verdict(
                assessment=self.row, attachment=live, stage=Stage.TPI,
                verdict=self.random.choice(["sufficient", "unfit"]), reason="Tahun lain",
                revision=stored.revision if stored else 0, by=self.people[Role.TPI_MEMBER],
            )  # fmt: skip

    def list_return(self) -> None:
        stage, code = self.random.choice([Stage.PRELIM, Stage.TPI]), self.random.choice(CODES)
        reason = self.random.choice(["", "Lengkapi"])
        returns.set_item(assessment=self.row, stage=stage, code=code, reason=reason, by=self.people[Role.TPI_LEAD])


def versions(row, stage: str) -> dict[str, int]:
    return {code: answer.version for code, answer in selectors.answers_of(row, stage).items()}


def copied(snapshot: Snapshot) -> dict[str, int]:
    return {code: answer["version"] for code, answer in snapshot.data["answers"].items()}


def check(row) -> None:
    """Assert what must hold at every moment."""
    row = refreshed(row)
    assert all(is_intact(s) for s in row.snapshots.all())
    digests = set(Event.objects.filter(kind="moved").values_list("data__digest", flat=True))
    assert {s.digest for s in row.snapshots.all()} <= digests
    submissions = row.snapshots.filter(kind="submission").order_by("round")
    if row.state not in WRITABLE | {State.UNFIT}:
        assert submissions
        assert copied(submissions.last()) == versions(row, Stage.UNIT)
    if row.state in DECIDED:
        assert copied(row.snapshots.filter(kind="decision").last()) == versions(row, Stage.TPI)
    for card in Scorecard.objects.filter(assessment=row):
        result = selectors.stage_result(row, card.stage)
        fresh = services.scorecard_values(result) | {"computed_at": card.computed_at}
        assert {name: getattr(card, name) for name in fresh} == fresh
    stages = set(Answer.objects.filter(assessment=row).values_list("stage", flat=True)) - {Stage.SECOND}
    assert stages <= set(Scorecard.objects.filter(assessment=row).values_list("stage", flat=True))
    events = list(row.events.order_by("number"))
    assert history.problems(row.pk, events, row.event_count, row.event_head) == []
    moves = [(e.data["from"], e.data["to"]) for e in events if e.kind == "moved"]
    assert [a for a, _ in moves] == [State.DRAFT.value, *[b for _, b in moves]][: len(moves)]
    assert row.state == (moves[-1][1] if moves else State.DRAFT)


@pytest.mark.parametrize("seed", range(8))
def test_any_sequence_keeps_what_must_hold(seed):
    story = Story(seed)
    done = 0
    for turn in range(70):
        done += story.act()
        if turn % 5 == 0:
            check(story.row)
    check(story.row)
    assert done > 10


def test_the_sequences_reach_the_decision():
    """Random people come far enough for the test above to mean something."""
    missing = {State.DRAFT, State.SUBMITTED, State.REVIEW, State.RETURNED, State.LEAD_CHECK, State.APPROVAL, "decided"}
    for seed in range(3):
        story = Story(seed)
        for _ in range(160):
            state = refreshed(story.row).state
            missing -= {state, "decided" if state in DECIDED else state}
            if not missing:
                return
            story.act()
    assert not missing
