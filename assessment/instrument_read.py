"""The worksheet that the rows of an instrument make, and what in them does not fit together. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from .formula import FormulaError, Ratio, parse_limit, parse_ratio
from .instrument_rows import MODELS, UNREADABLE, Fields, Row, model_of
from .worksheet import Choice, CountLimit, Criterion, Node, Quantity, Threshold, Worksheet

_KEY_FIELDS = {
    "instrument": ("code", "version"),
    "node": ("code",),
    "criterion": ("code",),
    "choice": ("criterion", "key"),
    "quantity": ("criterion", "number"),
    "expecteddocument": ("criterion", "order"),
    "threshold": ("predicate", "measure", "subject"),
    "proposalcondition": ("predicate", "key"),
}


@dataclass
class _Reader:
    """Collects what is wrong with the rows while they become a worksheet."""

    tables: dict[str, list[Fields]]
    problems: list[str] = field(default_factory=list)

    def read(self, name: str, where: Callable[[Fields], str], build: Callable[[Fields], Any]) -> list[Any]:
        found = []
        for fields in self.tables[name]:
            try:
                found.append(build(fields))
            except FormulaError:
                self.problems.append(f"{where(fields)}: rumus {fields.get('formula')} atau batasnya tidak dapat dibaca")
            except UNREADABLE as error:
                self.problems.append(f"{name} {where(fields)}: tidak dapat dibaca ({type(error).__name__}: {error})")
        return found


def worksheet_of_rows(rows: Sequence[Row]) -> tuple[Worksheet, list[str]]:
    """Build the worksheet that the rows of one instrument make, and list what in them does not fit together.

    A row that cannot be read is reported and left out; so is whatever hangs from a place that does not exist.
    """
    tables: dict[str, list[Fields]] = {name: [] for name in MODELS}
    for row in rows:
        if (name := model_of(row)) and isinstance(row.get("fields"), Mapping):
            tables[name].append(row["fields"])
    reader = _Reader(tables)
    reader.problems += _duplicates(tables)
    parts = _parts_by_criterion(reader)
    criteria: dict[str, list[Criterion]] = defaultdict(list)
    readable = reader.read("criterion", _code, lambda f: (_order(f), _criterion(f, parts)))
    for _, criterion in sorted(readable, key=lambda found: found[0]):
        criteria[criterion.parent].append(criterion)
    roots = _tree(reader, criteria)
    if len(tables["instrument"]) != 1:
        reader.problems.append(f"baris instrumen ada {len(tables['instrument'])}, seharusnya 1")
    head = tables["instrument"][0] if tables["instrument"] else {}
    _read_conditions(reader)
    worksheet = Worksheet(
        str(head.get("name", "")), roots, tuple(_thresholds(reader)), str(head.get("legal_basis", ""))
    )
    return worksheet, reader.problems


def _code(fields: Fields) -> str:
    return str(fields.get("code", "?"))


def _label(fields: Fields) -> str:
    return str(fields.get("name") or fields.get("key") or "?")


def _of(fields: Fields) -> str:
    """Say of which criterion a row is."""
    try:
        return str(fields["criterion"][2])
    except UNREADABLE:
        return "?"


def _order(fields: Fields) -> int:
    order = fields["order"]
    if type(order) is not int:
        raise TypeError("order is not a whole number")
    return order


def _duplicates(tables: Mapping[str, list[Fields]]) -> Iterable[str]:
    for name, key_fields in _KEY_FIELDS.items():
        keys = Counter(tuple(str(fields.get(k)) for k in key_fields) for fields in tables[name])
        yield from (f"{name} {' '.join(key)} ada {n} kali" for key, n in keys.items() if n > 1)
    codes = {_code(f) for f in tables["node"]} & {_code(f) for f in tables["criterion"]}
    yield from (f"{code}: dipakai oleh simpul dan juga oleh kriteria" for code in sorted(codes))
    for name in ("node", "criterion"):
        orders = Counter(fields.get("order") for fields in tables[name])
        yield from (f"{name}: urutan {order} dipakai {n} kali" for order, n in orders.items() if n > 1)


@dataclass
class _Parts:
    choices: dict[str, list[Choice]]
    quantities: dict[str, list[Quantity]]
    documents: dict[str, list[tuple[int, str]]]


def _parts_by_criterion(reader: _Reader) -> _Parts:
    codes = {_code(fields) for fields in reader.tables["criterion"]}

    def grouped(name: str, build: Callable[[Fields], Any]) -> dict[str, list[Any]]:
        found = defaultdict(list)
        for code, part in reader.read(name, _of, lambda f: (f["criterion"][2], build(f))):
            if code in codes:
                found[code].append(part)
            else:
                reader.problems.append(f"{name} untuk {code}: kriterianya tidak ada")
        return found

    return _Parts(
        choices=grouped("choice", lambda f: Choice(_text(f, "key"), Decimal(f["value"]), _text(f, "text"))),
        quantities=grouped("quantity", _quantity),
        documents=grouped("expecteddocument", lambda f: (_order(f), _text(f, "title"))),
    )


def _text(fields: Fields, name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is not a text")
    return value


def _quantity(fields: Fields) -> Quantity:
    number = fields["number"]
    code = f"{fields['criterion'][2]}.{number}"
    return Quantity(
        number, code, _text(fields, "title"), fields.get("help", ""), fields.get("soal_id"), fields.get("excel_row")
    )


def _criterion(fields: Fields, parts: _Parts) -> Criterion:
    code, weight = _text(fields, "code"), fields.get("weight")
    formula: Ratio | None = parse_ratio(fields["formula"]) if fields.get("formula") else None
    return Criterion(
        code=code,
        title=_text(fields, "title"),
        answer_type=_text(fields, "answer_type"),
        weight=None if weight is None else Decimal(weight),
        parent=fields["node"][2],
        choices=tuple(sorted(parts.choices.get(code, ()), key=lambda c: (-c.value, c.key))),
        quantities=tuple(sorted(parts.quantities.get(code, ()), key=lambda q: q.number)),
        formula=formula,
        zero_rule=fields.get("zero_rule", ""),
        limits=tuple(_limit(limit) for limit in fields.get("limits", ())),
        documents=tuple(title for _, title in sorted(parts.documents.get(code, ()))),
        help=fields.get("help", ""),
        soal_id=fields.get("soal_id"),
        excel_row=fields.get("excel_row"),
    )


def _limit(limit: Fields) -> CountLimit:
    if type(limit["blocks"]) is not bool:
        raise TypeError("blocks is neither true nor false")
    return CountLimit(parse_limit(_text(limit, "rule")), _text(limit, "message"), limit["blocks"])


def _tree(reader: _Reader, criteria: Mapping[str, list[Criterion]]) -> tuple[Node, ...]:
    """Build the nodes that can be reached from a root; report everything else."""
    children: dict[str, list[Fields]] = defaultdict(list)
    readable = reader.read("node", _code, lambda f: (_order(f), _parent(f), _node(f, criteria), f))
    nodes = {node.code: node for _, _, node, _ in readable}
    for _, parent, _, fields in sorted(readable, key=lambda found: found[0]):
        children[parent].append(fields)
    reached: set[str] = set()

    def build(code: str) -> Node:
        reached.add(code)
        below = [_code(f) for f in children.get(code, ())]
        return replace(nodes[code], children=tuple(build(c) for c in below if c not in reached))

    roots = tuple(build(_code(f)) for f in children.get("", ()))
    reader.problems += [f"{code}: simpul ini tidak tersambung ke komponen" for code in nodes if code not in reached]
    for parent, hanging in criteria.items():
        if parent not in reached:
            reader.problems += [f"{c.code}: simpul {parent} tidak ada" for c in hanging]
    return roots


def _node(fields: Fields, criteria: Mapping[str, list[Criterion]]) -> Node:
    code = _text(fields, "code")
    return Node(
        code=code,
        title=_text(fields, "title"),
        level=_text(fields, "level"),
        weight=Decimal(fields["weight"]),
        parent=_parent(fields),
        area_key=_text(fields, "area_key") if "area_key" in fields else "",
        criteria=tuple(criteria.get(code, ())),
    )


def _parent(fields: Fields) -> str:
    parent = fields["parent"]
    return "" if parent is None else str(parent[2])


def _thresholds(reader: _Reader) -> list[Threshold]:
    def build(f: Fields) -> tuple[int, Threshold]:
        measure, subject = _text(f, "measure"), _text(f, "subject")
        predicate, name = _text(f, "predicate"), _text(f, "name")
        return _order(f), Threshold(predicate, name, measure, subject, Decimal(f["minimum"]))

    return [t for _, t in sorted(reader.read("threshold", _label, build), key=lambda found: found[0])]


def _read_conditions(reader: _Reader) -> None:
    for key, text in reader.read("proposalcondition", _label, lambda f: (_text(f, "key"), _text(f, "text"))):
        if not text.strip():
            reader.problems.append(f"syarat {key}: teksnya kosong")
