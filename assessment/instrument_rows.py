"""An instrument as the rows of a fixture: `{"model": "assessment.node", "fields": {…}}`. Pure.

Files, database and PortalRB's list all become these rows, so that one check judges them and one function writes them.
"""

from collections.abc import Iterable, Mapping
from decimal import InvalidOperation
from typing import Any

from .worksheet import Criterion, Node

Row = Mapping[str, Any]
Fields = Mapping[str, Any]
InstrumentKey = tuple[str, int]

APP = "assessment."
# In the order in which they can be written.
MODELS = (
    "instrument", "node", "criterion", "choice", "quantity", "expecteddocument", "threshold", "proposalcondition",
)  # fmt: skip
OF_CRITERION = frozenset({"choice", "quantity", "expecteddocument"})
_QUANTITY_FIELDS = ("number", "title", "help", "soal_id", "excel_row")
UNREADABLE = (KeyError, TypeError, ValueError, IndexError, AttributeError, InvalidOperation)


def model_of(row: Row) -> str:
    """Return the model's name: "node"; "" if the row is no part of an instrument."""
    model = row.get("model") if isinstance(row, Mapping) else None
    name = model.removeprefix(APP) if isinstance(model, str) and model.startswith(APP) else ""
    return name if name in MODELS else ""


def owner_of(row: Row) -> InstrumentKey:
    """Return code and version of the instrument that a row belongs to; raise ValueError if it names none."""
    name = model_of(row)
    try:
        fields = row["fields"]
        if name == "instrument":
            key = (fields["code"], fields["version"])
        else:
            key = tuple(fields["criterion" if name in OF_CRITERION else "instrument"][:2])
    except UNREADABLE as error:
        raise ValueError(f"{name} row without an instrument") from error
    if len(key) != 2 or not isinstance(key[0], str) or type(key[1]) is not int:
        raise ValueError(f"{name} row without an instrument")
    return key


def with_key(rows: Iterable[Row], old: InstrumentKey, new: InstrumentKey) -> list[Row]:
    """Return copies of an instrument's rows that belong to another code and version."""

    def moved(value: Any) -> Any:
        if isinstance(value, (list, tuple)) and tuple(value[:2]) == old:
            return [*new, *value[2:]]
        return value

    copies: list[Row] = []
    for row in rows:
        fields = {name: moved(value) for name, value in row["fields"].items()}
        if model_of(row) == "instrument":
            fields |= {"code": new[0], "version": new[1]}
        copies.append({"model": row["model"], "fields": fields})
    return copies


def rows_of_nodes(roots: Iterable[Node], instrument: InstrumentKey) -> list[Row]:
    """Return nodes, criteria and all that belongs to those as rows, numbered in worksheet order."""
    nodes = [node for root in roots for node in root.walk()]
    criteria = [criterion for node in nodes for criterion in node.criteria]
    found = [_row("node", _node_fields(n, instrument) | {"order": i}) for i, n in enumerate(nodes, start=1)]
    for i, criterion in enumerate(criteria, start=1):
        key = [*instrument, criterion.code]
        found.append(_row("criterion", _criterion_fields(criterion, instrument) | {"order": i}))
        found += [
            _row("choice", {"criterion": key, "key": c.key, "value": str(c.value), "text": c.text})
            for c in criterion.choices
        ]
        found += [
            _row("quantity", {"criterion": key, **{f: getattr(q, f) for f in _QUANTITY_FIELDS}})
            for q in criterion.quantities
        ]
        found += [
            _row("expecteddocument", {"criterion": key, "order": n, "title": title})
            for n, title in enumerate(criterion.documents, start=1)
        ]
    return found


def _row(name: str, fields: Fields) -> Row:
    return {"model": APP + name, "fields": fields}


def _node_fields(node: Node, instrument: InstrumentKey) -> dict[str, Any]:
    return {
        "instrument": [*instrument],
        "parent": [*instrument, node.parent] if node.parent else None,
        "code": node.code,
        "level": node.level,
        "title": node.title,
        "weight": str(node.weight),
        "area_key": node.area_key,
    }


def _criterion_fields(criterion: Criterion, instrument: InstrumentKey) -> dict[str, Any]:
    return {
        "instrument": [*instrument],
        "node": [*instrument, criterion.parent],
        "code": criterion.code,
        "title": criterion.title,
        "answer_type": criterion.answer_type,
        "weight": None if criterion.weight is None else str(criterion.weight),
        "formula": criterion.formula.text if criterion.formula else "",
        "zero_rule": criterion.zero_rule,
        "limits": [{"rule": x.rule.text, "message": x.message, "blocks": x.blocks} for x in criterion.limits],
        "help": criterion.help,
        "soal_id": criterion.soal_id,
        "excel_row": criterion.excel_row,
    }
