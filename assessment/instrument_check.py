"""What an instrument must fulfil before anybody may be scored with it. Pure.

Each function yields problems in words, Indonesian because the admin site shows them too; none means usable.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from .instrument_read import worksheet_of_rows
from .instrument_rows import Row
from .worksheet import INDEX, PCT, Criterion, Node, Threshold, Worksheet

KEYS = {"YN": "YT", "ABC": "ABC", "ABCD": "ABCD", "ABCDE": "ABCDE"}
ZERO_RULES = frozenset({"full", "undecided"})
PREDICATES = ("WBK", "WBBM")
# Scorecards, charts and predicates read these places by name.
COMPONENTS = ("A", "B")
SECTIONS_WITH_AREAS = ("A.I", "A.II")
AREA_KEYS = tuple("123456")
LEVELS = {"component": 0, "section": 1, "area": 2, "subarea": 3}
LEVEL_NAMES = {"component": "komponen", "section": "rincian", "area": "area", "subarea": "sub-area"}
HUNDRED = Decimal(100)


def problems_of_rows(rows: Sequence[Row], *, bundled: bool = False) -> list[str]:
    """Return all that is wrong with the rows of one instrument."""
    worksheet, found = worksheet_of_rows(rows)
    return [*found, *problems(worksheet, bundled=bundled)]


def problems(worksheet: Worksheet, *, bundled: bool = False) -> list[str]:
    """Return all that is wrong with an instrument; empty when it can be used.

    A bundled instrument's choices must fall strictly from 1 to 0. In others the values are taken as they were given,
    as long as a better letter never counts less.
    """
    found: list[str] = []
    for root in worksheet.roots:
        for node in root.walk():
            found += _node_problems(node)
            for criterion in node.criteria:
                found += _criterion_problems(criterion, bundled)
    found += _root_problems(worksheet)
    found += _area_problems(worksheet)
    found += _unique_problems(worksheet)
    for threshold in worksheet.thresholds:
        found += _threshold_problems(worksheet, threshold)
    without = [p for p in PREDICATES if p not in worksheet.predicates]
    return found + [f"predikat {predicate} tidak mempunyai ambang batas" for predicate in without]


def _node_problems(node: Node) -> Iterator[str]:
    weighted = [c.weight for c in node.criteria if c.weight is not None]
    plain = [c for c in node.criteria if c.weight is None]
    parts = [child.weight for child in node.children] + weighted
    if not node.title.strip():
        yield f"{node.code}: judulnya kosong"
    if node.weight <= 0:
        yield f"{node.code}: bobotnya {_comma(node.weight)}, seharusnya lebih dari 0"
    if any(weight <= 0 for weight in weighted):
        yield f"{node.code}: ada kriteria yang bobotnya tidak lebih dari 0"
    if parts and sum(parts) != node.weight:
        yield f"{node.code}: bobotnya {_comma(node.weight)}, tetapi bobot isinya {_comma(sum(parts, Decimal(0)))}"
    if parts and plain:
        yield f"{node.code}: kriteria tanpa bobot ({plain[0].code}) tercampur dengan bagian yang berbobot"
    if not parts and not plain:
        yield f"{node.code}: tidak berisi kriteria"
    for child in node.children:
        if LEVELS.get(child.level, -1) < LEVELS.get(node.level, 9) or (child.level == node.level != "subarea"):
            yield f"{child.code}: {_level(child)} tidak dapat berada di dalam {_level(node)}"


def _root_problems(worksheet: Worksheet) -> Iterator[str]:
    total = sum((root.weight for root in worksheet.roots), Decimal(0))
    if total != HUNDRED:
        yield f"jumlah bobot komponen {_comma(total)}, seharusnya 100"
    codes = tuple(root.code for root in worksheet.roots)
    if codes != COMPONENTS:
        yield f"komponennya {_list(codes)}, seharusnya {_list(COMPONENTS)}"
    wrong = [root for root in worksheet.roots if root.level != "component"]
    yield from (f"{root.code}: {_level(root)} tidak dapat berada di puncak" for root in wrong)
    for criterion in worksheet.criteria.values():
        if criterion.code not in worksheet.page_of:
            yield f"{criterion.code}: tidak berada di dalam area maupun langsung di dalam rincian"


def _area_problems(worksheet: Worksheet) -> Iterator[str]:
    for code in SECTIONS_WITH_AREAS:
        section = worksheet.nodes.get(code)
        keys = tuple(n.area_key for n in section.children if n.level == "area") if section else ()
        if tuple(sorted(keys)) != AREA_KEYS:
            yield f"{code}: areanya {_list(keys)}, seharusnya {_list(AREA_KEYS)}"
    for node in worksheet.nodes.values():
        if node.level != "area" and node.area_key:
            yield f"{node.code}: nomor area hanya untuk tingkat area"
        if node.level == "area" and node.parent not in SECTIONS_WITH_AREAS:
            yield f"{node.code}: area di luar {' dan '.join(SECTIONS_WITH_AREAS)}"


def _unique_problems(worksheet: Worksheet) -> Iterator[str]:
    nodes = [node for root in worksheet.roots for node in root.walk()]
    criteria = [c for node in nodes for c in node.criteria]
    quantities = [q for c in criteria for q in c.quantities]
    codes = [n.code for n in nodes] + [c.code for c in criteria] + [q.code for q in quantities]
    yield from _repeated("kode", codes)
    yield from _repeated("kode (dengan - sebagai titik)", [code.replace(".", "-") for code in dict.fromkeys(codes)])
    yield from _repeated("id soal PortalRB", [x.soal_id for x in criteria] + [q.soal_id for q in quantities])
    yield from _repeated("baris PortalRB", [x.excel_row for x in criteria] + [q.excel_row for q in quantities])


def _repeated(name: str, values: Iterable[object]) -> Iterator[str]:
    counted = Counter(value for value in values if value is not None)
    yield from (f"{name} {value} dipakai {n} kali" for value, n in counted.items() if n > 1)


def _criterion_problems(criterion: Criterion, bundled: bool) -> Iterator[str]:
    if not criterion.title.strip():
        yield f"{criterion.code}: judulnya kosong"
    if criterion.answer_type == PCT:
        yield from _ratio_problems(criterion)
    else:
        if criterion.formula or criterion.zero_rule or criterion.limits or criterion.quantities:
            yield f"{criterion.code}: jumlah, rumus, batas, atau aturan penyebut nol pada jenis {criterion.answer_type}"
        if criterion.answer_type in KEYS:
            yield from _choice_problems(criterion, bundled)
        elif criterion.answer_type != INDEX:
            yield f"{criterion.code}: jenis jawaban {criterion.answer_type} tidak dikenal"
    if criterion.choices and criterion.answer_type not in KEYS:
        yield f"{criterion.code}: pilihan pada jenis {criterion.answer_type}"


def _choice_problems(criterion: Criterion, bundled: bool) -> Iterator[str]:
    expected = KEYS[criterion.answer_type]
    by_key = {choice.key: choice for choice in criterion.choices}
    if sorted(c.key for c in criterion.choices) != sorted(expected):
        yield f"{criterion.code}: pilihannya {_list(sorted(by_key))}, seharusnya {_list(expected)}"
        return
    values = [by_key[key].value for key in expected]
    shown = "; ".join(map(_comma, values))
    if any(not 0 <= value <= 1 for value in values):
        yield f"{criterion.code}: nilai pilihan {shown} tidak semuanya dari 0 sampai 1"
    if any(a < b for a, b in pairwise(values)) or values[0] <= values[-1]:
        yield f"{criterion.code}: nilai pilihan {shown} tidak menurun"
    elif bundled and (len(set(values)) < len(values) or values[0] != 1 or values[-1] != 0):
        yield f"{criterion.code}: nilai pilihan {shown} tidak turun tegas dari 1 ke 0"
    yield from (f"{criterion.code}: rubrik pilihan {c.key} kosong" for c in criterion.choices if not c.text.strip())


def _ratio_problems(criterion: Criterion) -> Iterator[str]:
    numbers = [q.number for q in criterion.quantities]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        yield f"{criterion.code}: nomor jumlahnya {_list(map(str, numbers))}, seharusnya 1, 2, dan seterusnya"
    if criterion.zero_rule not in ZERO_RULES:
        yield f"{criterion.code}: aturan bila penyebut nol belum ditetapkan"
    if criterion.soal_id is not None or criterion.excel_row is not None:
        yield f"{criterion.code}: id soal dan baris PortalRB berada pada jumlahnya, bukan pada persentasenya"
    yield from (f"{q.code}: judulnya kosong" for q in criterion.quantities if not q.title.strip())
    yield from (
        f"{criterion.code}: pesan untuk batas {x.rule.text} kosong" for x in criterion.limits if not x.message.strip()
    )
    if criterion.formula is None:
        yield f"{criterion.code}: rumusnya kosong"
        return
    used = criterion.formula.quantities.union(*(limit.rule.quantities for limit in criterion.limits))
    if unknown := sorted(used - set(numbers)):
        yield f"{criterion.code}: n{unknown[0]} dipakai, tetapi jumlah itu tidak ada"
    if idle := sorted(set(numbers) - used):
        yield f"{criterion.code}: n{idle[0]} tidak dipakai oleh rumus maupun batas"


def _threshold_problems(worksheet: Worksheet, threshold: Threshold) -> Iterator[str]:
    name = f"ambang {threshold.predicate}, {threshold.name}"
    if threshold.predicate not in PREDICATES:
        yield f"{name}: predikatnya tidak dikenal"
    if not threshold.name.strip():
        yield f"{name}: namanya kosong"
    highest = _highest(worksheet, threshold)
    if highest is None:
        yield f"{name}: tidak ada yang diukur ({threshold.measure} {threshold.subject})"
    elif not 0 <= threshold.minimum <= highest:
        yield f"{name}: minimum {_comma(threshold.minimum)} di luar 0 sampai {_comma(highest)}"


def _highest(worksheet: Worksheet, threshold: Threshold) -> Decimal | None:
    """Return the best figure that a threshold's measure can have; None if it measures nothing."""
    subject = threshold.subject
    if threshold.measure == "total":
        return HUNDRED if not subject else None
    if threshold.measure == "node":
        part = worksheet.nodes.get(subject) or worksheet.criteria.get(subject)
        return part.weight if part else None
    if threshold.measure == "area":
        return HUNDRED if subject in worksheet.areas else None
    held = subject in PREDICATES and subject != threshold.predicate
    return Decimal(1) if threshold.measure == "award" and held else None


def _level(node: Node) -> str:
    return LEVEL_NAMES.get(node.level, node.level)


def _comma(number: Decimal) -> str:
    return f"{number.normalize() + 0:f}".replace(".", ",")


def _list(texts: Iterable[str]) -> str:
    return ", ".join(texts) or "kosong"
