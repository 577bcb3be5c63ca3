"""A question list in the ministry's shape, made of our own instrument."""

import json
from collections.abc import Iterator
from typing import Any

from assessment.worksheet import INDEX, PCT, Criterion, Node, Worksheet

from .bundled import bundled_worksheet

LEVELS = {"component": "komponen", "section": "sub_komponen", "area": "area_perubahan", "subarea": "sub_area"}
KINDS = {"YN": "YA_TIDAK", INDEX: "0-4"}
Json = dict[str, Any]


def question_list(worksheet: Worksheet | None = None) -> Json:
    """Return the list as PortalRB would give it for this instrument: no percentage rows, numbers before names."""
    roots = (worksheet or bundled_worksheet()).roots
    data = [_node(node, i) for i, node in enumerate(roots, start=1)]
    found = {"tahun": 2026, "generated_at": "2026-01-05T08:00:00+07:00", "data": data}
    return found | {"total_soal": sum(1 for _ in soals_of(found))}


def _node(node: Node, order: int) -> Json:
    return {
        "id": f"node-{node.code}",
        "nama": f"{node.marker}. {node.title}",
        "level": LEVELS[node.level],
        "bobot_maksimal": float(node.weight),
        "order_index": order,
        "children": [_node(child, i) for i, child in enumerate(node.children, start=1)],
        "soals": [soal for criterion in node.criteria for soal in _soals(criterion)],
    }


def _soals(criterion: Criterion) -> list[Json]:
    if criterion.answer_type == PCT:
        return [_soal(q.soal_id, f"- {q.title}", "Jumlah", q.excel_row) for q in criterion.quantities]
    kind = KINDS.get(criterion.answer_type, criterion.answer_type)
    soal = _soal(criterion.soal_id, criterion.title, kind, criterion.excel_row)
    weight = None if criterion.weight is None else float(criterion.weight)
    scheme = [
        {
            "key": {"Y": "YA", "T": "TIDAK"}.get(c.key, c.key),
            "label": f"Resmi {criterion.code} {c.key}",
            "multiplier": float(c.value),
        }
        for c in criterion.choices
    ]
    return [soal | {"bobot_maksimal": weight, "skema_penilaian": scheme}]


def _soal(number: int | None, text: str, kind: str, row: int | None) -> Json:
    return {
        "id": number,
        "teks_pertanyaan": text,
        "kriteria_nilai": "",
        "jenis_jawaban": kind,
        "bobot_maksimal": None,
        "excel_sheet": "Jawaban",
        "excel_baris": row,
        "excel_kolom_jawaban_unit": "K",
    }


def nodes_of(questions: Json) -> Iterator[Json]:
    waiting = list(questions["data"])
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting = node["children"] + waiting


def soals_of(questions: Json) -> Iterator[Json]:
    for node in nodes_of(questions):
        yield from node["soals"]


def node_of(questions: Json, code: str) -> Json:
    return next(node for node in nodes_of(questions) if node["id"] == f"node-{code}")


def soal_of(questions: Json, number: int) -> Json:
    return next(soal for soal in soals_of(questions) if soal["id"] == number)


def home_of(questions: Json, number: int) -> list[Json]:
    """Return the list of questions that a question stands in."""
    return next(node["soals"] for node in nodes_of(questions) if number in [s["id"] for s in node["soals"]])


def encoded(questions: object) -> bytes:
    return json.dumps(questions, ensure_ascii=False).encode()
