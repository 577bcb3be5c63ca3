"""Who may do what in the review: every role in every state, written out."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from assessment.access import may
from assessment.models import State
from assessment.tests.test_access import INSPECTORS, TEAM
from review.access import BEFORE_PROPOSAL, get_review, get_step, is_agency_admin, review_may
from review.workflow import STEPS

from .factories import UnitFactory, UserFactory, at_state, member, opened, person, second_of

pytestmark = pytest.mark.django_db

EVERY = frozenset(State)
DECIDED = frozenset({State.FULFILS, State.NOT_YET, State.PROPOSED, State.RESULT})
REVIEWERS = (Role.PRELIM, *INSPECTORS)
# Which right each role has, and in which states.
RIGHTS: dict[str, dict[Role, frozenset[State]]] = {
    "tick": {**dict.fromkeys(TEAM, frozenset({State.DRAFT})), Role.ADMIN: EVERY - {State.PROPOSED, State.RESULT}},
    "judge": {
        Role.PRELIM: frozenset({State.PRELIM}), Role.TPI_MEMBER: frozenset({State.REVIEW}),
        Role.TPI_LEAD: frozenset({State.REVIEW, State.LEAD_CHECK}),
    },
    "write": {
        Role.PRELIM: frozenset({State.PRELIM}), Role.TPI_MEMBER: frozenset({State.REVIEW}),
        Role.TPI_LEAD: frozenset({State.REVIEW, State.LEAD_CHECK}), Role.ADMIN: frozenset({State.PROPOSED}),
    },
    "close": dict.fromkeys(REVIEWERS, EVERY),
    "follow_up": dict.fromkeys(TEAM, EVERY),
    "declare": dict.fromkeys(INSPECTORS, EVERY - DECIDED),
    "second": {},
    "lead": {Role.TPI_LEAD: frozenset({State.SUBMITTED, State.REVIEW, State.LEAD_CHECK})},
    "review": dict.fromkeys((*REVIEWERS, Role.OBSERVER, Role.ADMIN), EVERY),
    "administer": {Role.ADMIN: EVERY},
}  # fmt: skip


def has_right(right: str, role: str, state: str) -> bool:
    """Tell what the table says; a step's right is written `step:name`."""
    if right.startswith("step:"):
        step = STEPS[right.removeprefix("step:")]
        return state in step.source and role in step.hats
    return state in RIGHTS[right].get(Role(role), ())


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_rights(instrument, role, state):
    row = at_state(opened(), state)
    found = review_may(row, may(person(row, role), row))
    expected = {right: has_right(right, role, state) for right in RIGHTS}
    assert {
        right: bool(found.base.stage) if right == "write" else getattr(found, right) for right in RIGHTS
    } == expected
    steps = {name for name in STEPS if has_right(f"step:{name}", role, state)}
    if state == State.RETURNED and role == Role.PRELIM:
        steps.discard("take_back")  # only of a return that the unit above sent
    assert found.steps == steps


def test_before_proposal_names_the_states():
    assert EVERY - {State.PROPOSED, State.RESULT} == BEFORE_PROPOSAL


def test_a_member_limited_to_areas_does_not_answer_for_the_whole_unit(instrument):
    row = opened()
    found = review_may(row, may(member(row.unit, areas=["1"]), row))
    assert (found.tick, found.follow_up) == (False, True)


def test_a_blind_reviewer_has_the_sample_and_nothing_else(instrument):
    row = at_state(opened(), State.REVIEW)
    user = person(row, Role.TPI_MEMBER)
    second_of(row, user, ["A.I.1.i.a"])
    found = review_may(row, may(user, row))
    assert (found.second, found.steps, found.judge, found.close, found.stage) == (True, set(), False, False, "second")


def test_what_is_lacking_is_refused(instrument):
    row = opened()
    observer = member(row.unit, Role.OBSERVER)
    with pytest.raises(PermissionDenied):
        get_review(observer, 2026, row.unit.code, needs="tick")
    with pytest.raises(PermissionDenied):
        get_step(observer, 2026, row.unit.code, "submit")


def test_the_agency_is_administered_from_its_top(db):
    top = UnitFactory()
    below = UnitFactory(parent=top)
    assert is_agency_admin(member(top, Role.ADMIN))
    assert not is_agency_admin(member(below, Role.ADMIN))
    assert not is_agency_admin(member(top, Role.OBSERVER))
    assert not is_agency_admin(UserFactory(is_superuser=True))
    former = member(top, Role.ADMIN)
    former.is_active = False
    assert not is_agency_admin(former)


def test_only_the_admin_of_the_whole_agency_is_offered_to_propose():
    top = UnitFactory()
    between = UnitFactory(parent=top)
    row = at_state(opened(UnitFactory(parent=between)), State.FULFILS)
    for unit, offered in ((top, True), (between, False), (row.unit, False)):
        _, may = get_review(member(unit, Role.ADMIN), 2026, row.unit.code)
        assert ("propose" in may.steps) is offered, unit
        assert may.administer
