"""Plan the rows of the sheet Unit. Pure: no database."""

import re
from collections.abc import Iterator

from ..models import CYCLE, MAX_DEPTH, Unit
from .plan import Known, UnitPlan, choice_named, name_problems
from .sheet import Problem, Row

NO_PARENT = "-"
CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,29}")


def plan_units(rows: list[Row], known: Known, codes: set[str]) -> tuple[list[UnitPlan], list[Problem]]:
    plans: dict[str, UnitPlan] = {}
    sources: dict[str, Row] = {}
    problems: list[Problem] = []
    for row in rows:
        code = row.cells["Kode"].upper()
        if code in sources:
            problems.append(row.problem("Kode", f"Kode sudah dipakai di baris {sources[code].number}."))
            continue
        sources[code] = row
        found = list(_unit_problems(row, code, known, codes))
        problems += found
        if not found:
            plans[code] = UnitPlan(code, code not in known.parents, _unit_changes(row))
    problems += _tree_problems(plans, sources, known)
    return list(plans.values()), problems


def _unit_problems(row: Row, code: str, known: Known, codes: set[str]) -> Iterator[Problem]:
    if not CODE.fullmatch(code):
        reason = "Kode hanya boleh berisi huruf, angka, titik, garis bawah, dan tanda hubung; paling panjang 30."
        yield row.problem("Kode", reason if code else "Kode wajib diisi.")
    if not row.cells["Nama"] and code not in known.parents:
        yield row.problem("Nama", "Nama wajib diisi untuk unit baru.")
    yield from name_problems(row)
    for column, choices in (("Jenis", Unit.Kind), ("Afirmasi", Unit.Affirmative)):
        if row.cells[column] and choice_named(choices, row.cells[column]) is None:
            yield row.problem(column, f"Pilihan tidak dikenal. Yang ada: {', '.join(map(str, choices.labels))}.")
    parent = row.cells["Unit atasan"].upper()
    if parent not in codes | {"", NO_PARENT}:
        yield row.problem("Unit atasan", "Tidak ada unit dengan kode ini, baik di portal maupun di berkas.")


def _unit_changes(row: Row) -> dict[str, str | None]:
    """Return the fields that the row fills in; a blank cell leaves the unit as it is."""
    cells = row.cells
    changes: dict[str, str | None] = {}
    if cells["Nama"]:
        changes["name"] = cells["Nama"]
    if cells["Jenis"]:
        changes["kind"] = choice_named(Unit.Kind, cells["Jenis"])
    if cells["Afirmasi"]:
        changes["affirmative"] = choice_named(Unit.Affirmative, cells["Afirmasi"])
    if cells["Unit atasan"]:
        changes["parent"] = None if cells["Unit atasan"] == NO_PARENT else cells["Unit atasan"].upper()
    return changes


def _tree_problems(plans: dict[str, UnitPlan], sources: dict[str, Row], known: Known) -> Iterator[Problem]:
    """Find units that would stand under themselves or too deep, in the tree as it would become."""
    parents = dict(known.parents)
    for code, plan in plans.items():
        parents[code] = plan.changes.get("parent", parents.get(code))
    for code in plans:
        above: list[str] = []
        step = parents.get(code)
        while step is not None and step != code and step not in above and len(above) <= MAX_DEPTH:
            above.append(step)
            step = parents.get(step)
        if step == code:
            yield sources[code].problem("Unit atasan", CYCLE)
        elif len(above) > MAX_DEPTH:
            yield sources[code].problem("Unit atasan", f"Pohon unit paling banyak {MAX_DEPTH + 1} tingkat.")
