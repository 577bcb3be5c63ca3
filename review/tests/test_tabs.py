"""The parts of an assessment: which stand in the bar depends on who looks, and the present one always does."""

import pytest

from accounts.models import Role
from assessment.access import May
from assessment.models import Stage
from assessment.tests.factories import opened
from review.templatetags.review import review_tabs

pytestmark = pytest.mark.django_db

MEMBER = May(hats=frozenset({Role.MEMBER}))
REVIEWER = May(hats=frozenset({Role.TPI_MEMBER}), sees=frozenset({Stage.UNIT, Stage.TPI}), stage=Stage.TPI)
READER = May(hats=frozenset({Role.OBSERVER}), sees=frozenset({Stage.UNIT, Stage.TPI}))


def bar(may, here="assessment:detail"):
    tabs = review_tabs(opened(), may, here)["tabs"]
    return [tab.label for tab in tabs if tab.in_bar], [tab.label for tab in tabs if not tab.in_bar]


@pytest.mark.parametrize(
    ("may", "own", "elsewhere"),
    [(MEMBER, "Tim kerja", "Dasbor"), (REVIEWER, "Penilaian", "Rencana aksi"), (READER, "Dasbor", "Riwayat")],
    ids=["team", "reviewer", "reader"],
)
def test_the_bar_has_what_matters_to_the_role_and_the_menu_the_rest(may, own, elsewhere):
    shown, rest = bar(may)
    assert own in shown and elsewhere in rest
    assert shown[0] == "Ringkasan" and len(shown) <= 6
    assert "Salinan tetap" in rest


@pytest.mark.parametrize("may", [MEMBER, REVIEWER, READER], ids=["team", "reviewer", "reader"])
def test_the_present_part_stands_in_the_bar_wherever_it_belongs(may):
    shown, rest = bar(may, "assessment:history")
    assert shown[-1] == "Riwayat" and "Riwayat" not in rest


def test_parts_that_are_not_the_users_stand_nowhere():
    shown, rest = bar(MEMBER)
    assert not {"Penilaian", "Perbandingan"} & {*shown, *rest}
