"""The demo's planning."""

import pytest

from assessment import demo as agency
from assessment.models import Assessment
from planning import demo
from planning.models import ActionItem, Charge, Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]


def test_the_demo_plans_once_and_every_criterion_it_names_is_there(worksheet):
    agency.seed(units=3, year=2026, password="kunci-Uji-4711")
    assert demo.seed(year=2026) == 2
    counts = [model.objects.count() for model in (ActionItem, Charge, Message)]
    assert demo.seed(year=2026) == 0
    assert counts == [model.objects.count() for model in (ActionItem, Charge, Message)]
    assert {code for code, *_ in (*demo.ACTIONS, *demo.TALK)} <= set(worksheet.criteria)
    row = Assessment.objects.get(unit__code="UNIT-01")
    assert {m.criterion.code for m in row.messages.all()} == {code for code, *_ in demo.TALK}
    assert any(a.is_overdue() for a in ActionItem.objects.for_list())
