"""The area chart: bars as long as their figures, marks at their minima, well-formed and safe to embed."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from assessment import charts, scoring
from assessment.charts import TRACK, TRACK_LEFT, AreaBar, Minimum, area_chart
from assessment.worksheet import Choice, Criterion, Node, Threshold, Worksheet

SVG = "{http://www.w3.org/2000/svg}"
WBK, WBBM = Minimum("WBK", Decimal(60)), Minimum("WBBM", Decimal(75))


def drawn(*areas: AreaBar, ident: str = "grafik") -> ElementTree.Element:
    return ElementTree.fromstring(area_chart(areas, ident))  # noqa: S314  it is our own drawing


def bar(percent: str, *minima: Minimum, title: str = "Area 1") -> AreaBar:
    return AreaBar(title, Decimal(percent), minima)


def widths(root: ElementTree.Element) -> list[Decimal]:
    return [Decimal(rect.attrib["width"]) for rect in root.iter(f"{SVG}rect") if rect.get("class") == "bar"]


def marks(root: ElementTree.Element) -> list[Decimal]:
    """Where the minima stand on the tracks; the legend's samples come first and are left out."""
    paths = [path.attrib["d"] for path in root.iter(f"{SVG}path") if path.get("class") == "mark"]
    return [Decimal(d[1:].split()[0]) for d in paths[len(texts(root, "Minimum")) :]]


def texts(root: ElementTree.Element, part: str = "") -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text") if part in (text.text or "")]


@pytest.mark.parametrize(
    ("percent", "length"),
    [("0", 0), ("0.00", 0), ("10.00", 25), ("33.32", Decimal("83.30")), ("60.00", 150), ("100.00", TRACK)],
)
def test_a_bar_is_as_long_as_its_percentage(percent: str, length: int | Decimal) -> None:
    assert widths(drawn(bar(percent))) == [length]


@pytest.mark.parametrize(("percent", "length"), [("-5", 0), ("100.01", TRACK), ("250", TRACK)])
def test_a_bar_never_leaves_its_track(percent: str, length: int) -> None:
    assert widths(drawn(bar(percent))) == [length]


def test_minima_stand_where_a_bar_of_that_percentage_ends() -> None:
    root = drawn(bar("60", WBK, WBBM), bar("75", WBK, Minimum("WBBM", Decimal(80))))
    ends = [TRACK_LEFT + width for width in widths(root)]
    assert marks(root) == [ends[0], ends[1], ends[0], Decimal("204.00")]


def test_minima_of_two_predicates_differ_without_colour() -> None:
    root = drawn(bar("70", WBK, WBBM))
    lines = [path for path in root.iter(f"{SVG}path") if path.get("class") == "mark"][2:]
    assert [line.get("stroke-dasharray") for line in lines] == [None, "3 2"]


@pytest.mark.parametrize(("percent", "hatched"), [("59.99", True), ("60.00", False), ("74.99", False), ("100", False)])
def test_only_a_bar_below_all_minima_is_hatched(percent: str, hatched: bool) -> None:
    root = drawn(bar(percent, WBK, WBBM))
    fills = [rect.attrib["fill"].startswith("url(#") for rect in root.iter(f"{SVG}rect") if rect.get("class") == "bar"]
    assert fills == [hatched]
    assert (texts(root, "Di bawah semua minimum") != []) == hatched


def test_without_minima_nothing_is_hatched_and_the_legend_is_empty() -> None:
    root = drawn(bar("0"))
    assert not bar("0").is_below_all
    assert texts(root) == ["Area 1", "0,00%", "0", "50", "100%"]


def test_figures_have_a_decimal_comma() -> None:
    root = drawn(bar("72.5", WBK, WBBM))
    assert texts(root) == ["Minimum WBK: 60,00%", "Minimum WBBM: 75,00%", "Area 1", "72,50%", "0", "50", "100%"]


def test_the_legend_gives_no_figure_that_does_not_hold_for_all() -> None:
    root = drawn(bar("80", WBK), bar("80", Minimum("WBK", Decimal(50))))
    assert texts(root, "Minimum") == ["Minimum WBK"]


def test_it_tells_its_content_to_those_who_do_not_see_it() -> None:
    root = drawn(bar("70", WBK, WBBM))
    named = [root.find(f".//*[@id='{ident}']") for ident in root.attrib["aria-labelledby"].split()]
    assert root.attrib["role"] == "img"
    assert [element.text for element in named if element is not None] == [
        "Capaian tiap area dalam persen dari bobotnya, dibandingkan dengan nilai minimum WBK dan WBBM",
        "Area 1: 70,00%, minimum WBK 60,00% tercapai, minimum WBBM 75,00% belum tercapai.",
    ]


def test_texts_from_outside_are_escaped() -> None:
    hostile = "\"><script>alert('x')</script>&<style>"
    root = drawn(bar("10", Minimum(hostile, Decimal(60)), title=hostile))
    assert texts(root, hostile) == [f"Minimum {hostile}: 60,00%", hostile]
    assert {element.tag for element in root.iter()} & {f"{SVG}script", f"{SVG}style"} == set()


def test_it_holds_under_the_content_security_policy() -> None:
    root = drawn(bar("10", WBK, WBBM), bar("90", WBK, WBBM))
    attributes = {name for element in root.iter() for name in element.attrib}
    assert [name for name in attributes if name == "style" or name.startswith("on") or "href" in name] == []
    assert f"{SVG}style" not in {element.tag for element in root.iter()}


def test_everything_lies_inside_the_drawing_and_letters_are_large_enough() -> None:
    root = drawn(*[bar("50", WBK, WBBM)] * 6)
    _, _, width, height = map(Decimal, root.attrib["viewBox"].split())
    places = list(root.iter(f"{SVG}text"))
    assert width == 320
    assert all(0 <= Decimal(t.attrib["x"]) <= width and 0 < Decimal(t.attrib["y"]) < height for t in places)
    assert min(Decimal(e.attrib["font-size"]) for e in root.iter() if "font-size" in e.attrib) == 11


def test_two_charts_on_one_page_share_no_id() -> None:
    charts_drawn = [drawn(bar("5", WBK), ident=name) for name in ("satu", "dua")]
    ids = [{e.attrib["id"] for e in root.iter() if "id" in e.attrib} for root in charts_drawn]
    assert [len(found) for found in ids] == [3, 3]
    assert ids[0] & ids[1] == set()


def worksheet(*thresholds: Threshold) -> Worksheet:
    """One area with a Pemenuhan part of 2 points (all reached) and a Reform part of 6 (half reached)."""

    def area(code: str, weight: str, best: str) -> Node:
        choices = (Choice("A", Decimal(best), ""),)
        criterion = Criterion(f"{code}.i.a", "Kriteria", "ABC", None, f"{code}.i", choices)
        sub = Node(f"{code}.i", "Sub", "subarea", Decimal(weight), code, criteria=(criterion,))
        return Node(code, "MANAJEMEN PERUBAHAN", "area", Decimal(weight), code[:-2], "1", (sub,))

    first = Node("A.I", "PEMENUHAN", "section", Decimal(2), "A", children=(area("A.I.1", "2", "1"),))
    second = Node("A.II", "REFORM", "section", Decimal(6), "A", children=(area("A.II.1", "6", "0.5"),))
    root = Node("A", "PENGUNGKIT", "component", Decimal(8), "", children=(first, second))
    return Worksheet("LKE", (root,), thresholds)


def area_threshold(predicate: str, minimum: int) -> Threshold:
    return Threshold(predicate, "Area 1 Manajemen Perubahan", "area", "1", Decimal(minimum))


def result_of(sheet: Worksheet) -> scoring.Result:
    return scoring.score(sheet, {code: scoring.Given("A") for code in sheet.criteria})


def test_areas_of_a_result_take_both_parts_together_and_the_lowest_minimum_first() -> None:
    result = result_of(worksheet(area_threshold("WBBM", 75), area_threshold("WBK", 60)))
    expected = AreaBar("Area 1 Manajemen Perubahan", Decimal("62.50"), (WBK, WBBM))
    assert charts.areas_of(result) == [expected]


def test_an_area_without_thresholds_is_named_after_its_node() -> None:
    assert charts.areas_of(result_of(worksheet())) == [AreaBar("Area 1 Manajemen Perubahan", Decimal("62.50"))]


def test_stored_checks_give_the_same_areas() -> None:
    sheet = worksheet(Threshold("WBK", "Total", "total", "", Decimal(5)), area_threshold("WBK", 60))
    result = result_of(sheet)
    stored = [
        {"predicate": c.predicate, "name": c.name, "measure": c.measure, "subject": c.subject, "value": str(c.value)}
        for c in result.checks
    ]
    assert len(stored) == 4
    assert charts.areas_of_checks(sheet, stored) == charts.areas_of(result)
    assert charts.areas_of_checks(sheet, []) == []
