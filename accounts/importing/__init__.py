"""Import of units and users from a workbook: read (`sheet`), plan (`units`, `users`), template to fill in.

Nothing here touches the database; `services.import_accounts` writes the plan.
"""

from .plan import Known, Plan
from .sheet import UNIT_SHEET, USER_SHEET, Problem, Rows
from .units import plan_units
from .users import UserPlanner


def plan_import(rows: Rows, known: Known) -> tuple[Plan, list[Problem]]:
    """Return what to write and every problem found, in the order of the file; with problems, write nothing."""
    codes = set(known.parents) | {row.cells["Kode"].upper() for row in rows.units}
    units, problems = plan_units(rows.units, known, codes)
    users = UserPlanner(known, codes)
    for row in rows.users:
        users.take(row)
    order = {UNIT_SHEET: 0, USER_SHEET: 1}
    found = [*rows.problems, *problems, *users.problems]
    found.sort(key=lambda problem: (order[problem.sheet], problem.row))
    return Plan(units, users.plans(), users.memberships), found
