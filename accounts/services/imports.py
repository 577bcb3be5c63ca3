"""Write an import of units and users: all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from ..importing import plan_import
from ..importing.plan import Known, KnownUser, MembershipPlan, UnitPlan, UserPlan
from ..importing.sheet import Problem, Rows
from ..models import Membership, Unit, User, path_step

BATCH = 500
NOTE = "Impor dari berkas."


@dataclass(slots=True)
class ImportReport:
    """What an import did, or the problems for which it did nothing."""

    problems: list[Problem] = field(default_factory=list)
    units_created: list[Unit] = field(default_factory=list)
    units_changed: list[Unit] = field(default_factory=list)
    users_created: list[User] = field(default_factory=list)
    users_changed: list[User] = field(default_factory=list)
    memberships_created: int = 0
    memberships_changed: int = 0


def import_accounts(*, rows: Rows, by: User | None, dry_run: bool = False) -> ImportReport:
    """Write what the rows say and report it; with problems, or on a dry run, leave everything as it was.

    `by` is noted in the admin log; None is the command line, which may also change superusers.
    Raise ValidationError if somebody else changed the same units or users meanwhile.
    """
    try:
        with transaction.atomic():
            Unit.objects.lock_tree()
            plan, problems = plan_import(rows, _known(by))
            report = ImportReport(problems=problems)
            if problems:
                return report
            _write_units(plan.units, report)
            _write_users(plan.users, report)
            _write_memberships(plan.memberships, report)
            if by is not None:
                _log(by, report)
            transaction.set_rollback(dry_run)
            return report
    except IntegrityError as error:
        raise ValidationError("Data berubah selama impor, jadi tidak ada yang disimpan. Ulangi impor.") from error


def _known(by: User | None) -> Known:
    trusted = by is None or by.is_superuser
    units = list(Unit.objects.select_related("parent"))
    return Known(
        parents={unit.code: unit.parent.code if unit.parent else None for unit in units},
        inactive_units=frozenset(unit.code for unit in units if not unit.is_active),
        users={
            user.username.lower(): KnownUser(
                user.username, user.email, user.is_active, user.is_superuser and not trusted
            )
            for user in User.objects.all()
        },
    )


def _write_units(plans: Sequence[UnitPlan], report: ImportReport) -> None:
    """Save units first and their places in the tree after, since a parent may come later in the file."""
    report.units_created = Unit.objects.bulk_create(
        [Unit(code=plan.code, **_plain(plan)) for plan in plans if plan.is_new], batch_size=BATCH
    )
    units = {unit.code: unit for unit in Unit.objects.all()}
    new = {unit.code for unit in report.units_created}
    report.units_created = [units[code] for code in sorted(new)]
    changed = []
    for plan in plans:
        unit = units[plan.code]
        values: dict[str, object] = dict(_plain(plan))
        if "parent" in plan.changes:
            values["parent_id"] = units[plan.changes["parent"]].pk if plan.changes["parent"] else None
        if _assign(unit, values):
            changed.append(unit)
    Unit.objects.bulk_update(changed, ["name", "kind", "affirmative", "parent"], batch_size=BATCH)
    report.units_changed = [unit for unit in changed if unit.code not in new]
    _write_paths(list(units.values()))


def _plain(plan: UnitPlan) -> dict[str, str]:
    return {name: value for name, value in plan.changes.items() if name != "parent" and value is not None}


def _write_paths(units: list[Unit]) -> None:
    """Bring every path in line with the parents; the plan has proved that there is no cycle."""
    by_pk = {unit.pk: unit for unit in units}
    moved = []
    for unit in units:
        steps, step = [path_step(unit.pk)], unit.parent_id
        while step is not None:
            steps.append(path_step(step))
            step = by_pk[step].parent_id
        if _assign(unit, {"path": f"/{'/'.join(reversed(steps))}/"}):
            moved.append(unit)
    Unit.objects.bulk_update(moved, ["path"], batch_size=BATCH)


def _write_users(plans: Sequence[UserPlan], report: ImportReport) -> None:
    report.users_created = User.objects.bulk_create(
        [User(username=plan.username, password=make_password(None), **plan.changes) for plan in plans if plan.is_new],
        batch_size=BATCH,
    )
    known = _users()
    report.users_changed = [
        known[plan.username.lower()]
        for plan in plans
        if not plan.is_new and _assign(known[plan.username.lower()], plan.changes)
    ]
    User.objects.bulk_update(report.users_changed, ["first_name", "email"], batch_size=BATCH)


def _write_memberships(plans: Sequence[MembershipPlan], report: ImportReport) -> None:
    users = _users()
    units = dict(Unit.objects.values_list("code", "pk"))
    held = {(row.user_id, row.unit_id, row.role): row for row in Membership.objects.all()}
    created, changed = [], []
    for plan in plans:
        key = (users[plan.username].pk, units[plan.unit], plan.role)
        row = held.get(key)
        if row is None:
            created.append(Membership(user_id=key[0], unit_id=key[1], role=key[2], areas=list(plan.areas)))
        elif _assign(row, {"areas": list(plan.areas)}):
            changed.append(row)
    Membership.objects.bulk_create(created, batch_size=BATCH)
    Membership.objects.bulk_update(changed, ["areas"], batch_size=BATCH)
    report.memberships_created, report.memberships_changed = len(created), len(changed)


def _users() -> dict[str, User]:
    return {user.username.lower(): user for user in User.objects.all()}


def _assign(row: models.Model, values: Mapping[str, object]) -> bool:
    """Set the values and say whether any of them is new."""
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _log(by: User, report: ImportReport) -> None:
    for rows, flag in (
        (report.units_created, ADDITION),
        (report.units_changed, CHANGE),
        (report.users_created, ADDITION),
        (report.users_changed, CHANGE),
    ):
        if rows:
            LogEntry.objects.log_actions(by.pk, rows, flag, NOTE)
