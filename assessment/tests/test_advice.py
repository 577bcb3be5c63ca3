"""The way to a predicate: against trying everything on small worksheets, and on the whole LKE."""

import itertools
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from assessment import demo
from assessment.advice import Level, advise, levels_of, points_of, raised
from assessment.formula import parse_ratio
from assessment.scoring import NOTHING, SEPARATE, TOGETHER, Given, Result, score, shown, value_of
from assessment.tests.bundled import bundled_worksheet
from assessment.worksheet import Choice, Criterion, Node, Quantity, Threshold, Worksheet

VALUES = {
    "YN": {"Y": "1", "T": "0"},
    "ABC": {"A": "1", "B": "0.5", "C": "0"},
    "ABCD": {"A": "1", "B": "0.67", "C": "0.33", "D": "0"},
    "ABCDE": {"A": "1", "B": "0.75", "C": "0.5", "D": "0.25", "E": "0"},
}


def criterion(code: str, kind: str, weight: Decimal | None = None) -> Criterion:
    choices = tuple(Choice(key, Decimal(value), f"Pilihan {key}") for key, value in VALUES.get(kind, {}).items())
    is_ratio = kind == "PCT"
    quantities = tuple(Quantity(n, f"{code}.{n}", "Jumlah", "", None, None) for n in (1, 2)) if is_ratio else ()
    formula = parse_ratio("n2/n1") if is_ratio else None
    return Criterion(code, code, kind, weight, code.rpartition(".")[0], choices, quantities, formula, "undecided")


def small_worksheet(draw: random.Random) -> Worksheet:
    """Draw a worksheet of two areas in two sections and a component with weighted criteria, and its minima."""
    kinds = draw.choices(["YN", "ABC", "ABCD", "ABCDE", "PCT"], k=4)
    weights = [Decimal(draw.randint(1, 600)) / 100 for _ in range(6)]
    leaves = {"A.I.1": kinds[:2], "A.I.2": [kinds[2]], "A.II.1": [kinds[3]]}
    areas = [
        Node(
            code, f"AREA {code[-1]}", "area", weight, code.rpartition(".")[0], code[-1],
            criteria=tuple(criterion(f"{code}.{mark}", k) for mark, k in zip("ab", found, strict=False)),
        )
        for (code, found), weight in zip(leaves.items(), weights, strict=False)
    ]  # fmt: skip
    sections = [
        Node(code, f"BAGIAN {code}", "section", sum((a.weight for a in areas if a.parent == code), Decimal(0)), "A",
             children=tuple(a for a in areas if a.parent == code))
        for code in ("A.I", "A.II")
    ]  # fmt: skip
    outcome = (criterion("B.a", "INDEX04", weights[3]), criterion("B.b", draw.choice(["YN", "ABC"]), weights[4]))
    roots = (
        Node("A", "A", "component", sum((s.weight for s in sections), Decimal(0)), "", children=tuple(sections)),
        Node("B", "B", "component", weights[3] + weights[4], "", criteria=outcome),
    )
    return Worksheet("Uji", roots, tuple(drawn_thresholds(draw, roots)))


def drawn_thresholds(draw: random.Random, roots: tuple[Node, ...]) -> list[Threshold]:
    whole = Worksheet("", roots, ())
    weights = {code: node.weight for code, node in whole.nodes.items()} | {"B.a": whole.criteria["B.a"].weight}
    total = sum((r.weight for r in roots), Decimal(0))

    def part_of(weight: Decimal | None) -> Decimal:
        return shown(Fraction(weight or 0) * draw.randint(5, 21) / 20)

    found = [Threshold("WBK", "Total", "total", "", part_of(total))]
    found += [
        Threshold("WBK", c, "node", c, part_of(weights[c])) for c in ("A", "A.I", "B", "B.a") if draw.random() < 0.5
    ]
    found += [Threshold("WBK", f"Area {k}", "area", k, Decimal(draw.randint(20, 101))) for k in "12"]
    return draw.sample(found, draw.randint(1, len(found)))


def drawn_given(draw: random.Random, worksheet: Worksheet) -> dict[str, Given]:
    found = {}
    for code, c in worksheet.criteria.items():
        if c.answer_type == "INDEX04":
            found[code] = Given(index=Decimal(draw.randint(330, 400)) / 100)
        elif draw.random() < 0.2:
            continue
        elif c.answer_type == "PCT":
            found[code] = Given(counts=(draw.randint(0, 9), draw.randint(0, 9)))
        else:
            found[code] = Given(choice=draw.choice(c.choices).key)
    return found


def tried(result: Result, reading: str, fixed: set[str]) -> tuple[int, int, Fraction] | None:
    """Return criteria, steps and negative total of the best of all changes that the engine finds enough."""
    codes = [c for c in result.worksheet.criteria if c not in fixed]
    levels = {c: [None, *levels_of(result.worksheet.criteria[c], result.values[c])] for c in codes}
    best = None
    for chosen in itertools.product(*levels.values()):
        changed = {c: at.value for c, at in zip(codes, chosen, strict=True) if at}
        steps = sum(levels[c].index(at) for c, at in zip(codes, chosen, strict=True) if at)
        cost = (len(changed), steps)
        if best is not None and cost > best[:2]:
            continue
        after = raised(result, changed, area_reading=reading)
        if after.passed("WBK"):
            best = min(best, (*cost, -after.total)) if best else (*cost, -after.total)
    return best


@pytest.mark.parametrize("reading", [TOGETHER, SEPARATE])
@pytest.mark.parametrize("seed", range(10))
def test_no_smaller_set_of_improvements_reaches_the_predicate(seed, reading):
    draw = random.Random(seed)
    worksheet = small_worksheet(draw)
    result = score(worksheet, drawn_given(draw, worksheet))
    fixed = {c for c in worksheet.criteria if draw.random() < 0.2}
    best, found = tried(result, reading, fixed), advise(result, "WBK", area_reading=reading, fixed=fixed)
    assert found.is_enough == (best is not None)
    assert found.after.passed("WBK") == (best is not None)
    assert not fixed & {i.code for i in found.improvements}
    if best is not None:
        assert (len(found.improvements), found.steps, -found.after.total) == best


def whole(seed: int, share: float, quality: float) -> Result:
    """Score the whole LKE with drawn answers."""
    worksheet = bundled_worksheet()
    entries = demo.entries_for(worksheet, random.Random(seed), share, quality=quality)
    return score(worksheet, {e.code: e.given for e in entries})


@pytest.mark.parametrize("reading", [TOGETHER, SEPARATE])
@pytest.mark.parametrize("predicate", ["WBK", "WBBM"])
@pytest.mark.parametrize(("share", "quality"), [(0, 0.5), (0.5, 0.8), (1, 0.6), (1, 0.95)])
def test_the_whole_lke_gets_there_and_needs_every_improvement(share, quality, predicate, reading):
    result = whole(1, share, quality)
    found = advise(result, predicate, area_reading=reading, held=["WBK"])
    assert found.is_enough
    assert found.after.passed(predicate)
    changes = {i.code: i.level.value for i in found.improvements}
    for code in list(changes)[::4]:  # without any one of them, or with any one step less, a minimum fails
        less = {c: v for c, v in changes.items() if c != code}
        assert not raised(result, less, area_reading=reading, held=["WBK"]).passed(predicate)
        lower = [at.value for at in levels_of(result.worksheet.criteria[code], result.values[code])]
        lower = [v for v in lower if v < changes[code]]
        if lower:
            assert not raised(result, less | {code: lower[-1]}, area_reading=reading, held=["WBK"]).passed(predicate)


def test_improvements_say_what_they_bring():
    result = whole(1, 0.5, 0.8)
    found = advise(result, "WBK")
    assert found.after.total == result.total + sum(i.points for i in found.improvements)
    assert [i.code for i in found.improvements] == [
        c for c in result.values if c in {i.code for i in found.improvements}
    ]


def test_what_is_reached_needs_nothing():
    result = raised(whole(1, 0, 0.5), {c: Fraction(1) for c in bundled_worksheet().criteria}, area_reading=TOGETHER)
    found = advise(result, "WBK")
    assert found.is_reached
    assert (found.missing, found.unreachable, found.improvements) == ((), (), ())


def test_wbbm_without_wbk_says_that_no_answer_can_help_and_what_else_is_missing():
    found = advise(whole(1, 1, 0.6), "WBBM")
    assert [c.measure for c in found.unreachable] == ["award"]
    assert not found.is_enough
    failing = [c for c in found.after.checks_of("WBBM") if c.decides and not c.passed]
    assert [c.measure for c in failing] == ["award"]


def test_a_minimum_that_fixed_criteria_keep_away_is_named_and_the_others_are_reached():
    result = raised(whole(1, 0.5, 0.8), {"B.II.a": Fraction(0)}, area_reading=TOGETHER)
    found = advise(result, "WBK", fixed={"B.II.a"})
    assert [c.subject for c in found.unreachable] == ["B.II"]
    assert "B.II.a" not in {i.code for i in found.improvements}
    missing = {c.name for c in found.after.checks_of("WBK") if c.decides and not c.passed}
    assert missing == {c.name for c in found.unreachable}


@pytest.mark.parametrize(("minimum", "needed"), [("5.00", 0), ("5.01", 1)])
def test_a_minimum_is_reached_when_the_shown_figure_is(minimum, needed):
    """4.995 points are shown as 5.00; 4.99 as they are, and 5.01 asks for more."""
    ratio = criterion("A.a", "PCT", Decimal("9.99"))
    root = Node("A", "A", "component", Decimal("9.99"), "", criteria=(ratio,))
    worksheet = Worksheet("Uji", (root,), (Threshold("WBK", "Total", "total", "", Decimal(minimum)),))
    result = score(worksheet, {"A.a": Given(counts=(2, 1))})
    assert result.total == Fraction("4.995")
    assert advise(result, "WBK").steps == needed


def test_the_step_that_just_rounds_up_is_enough():
    root = Node("A", "A", "component", Decimal("9.99"), "", criteria=(criterion("A.a", "ABC", Decimal("9.99")),))
    worksheet = Worksheet("Uji", (root,), (Threshold("WBK", "Total", "total", "", Decimal("5.00")),))
    assert advise(score(worksheet, {}), "WBK").improvements[0].level.choice == "B"


@pytest.mark.parametrize(
    ("kind", "given", "levels"),
    [
        ("YN", Given(choice="T"), [("1", "Y")]),
        ("ABC", NOTHING, [("1/2", "B"), ("1", "A")]),
        ("ABCD", Given(choice="C"), [("67/100", "B"), ("1", "A")]),
        ("ABCDE", Given(choice="A"), []),
        ("PCT", Given(counts=(8, 6)), [("8/10", ""), ("9/10", ""), ("1", "")]),
        ("PCT", Given(counts=(10, 8)), [("9/10", ""), ("1", "")]),
        ("INDEX04", Given(index=Decimal("3.85")), [("39/40", ""), ("1", "")]),
    ],
)
def test_levels_are_the_better_letters_the_next_tenths_and_index_tenths(kind, given, levels):
    asked = criterion("A.a", kind)
    found = levels_of(asked, value_of(asked, given))
    assert found == tuple(Level(Fraction(value), choice) for value, choice in levels)


def test_the_points_of_all_criteria_are_the_whole():
    worksheet = bundled_worksheet()
    assert sum(points_of(worksheet, code) for code in worksheet.criteria) == 100
