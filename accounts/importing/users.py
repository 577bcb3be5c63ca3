"""Plan the rows of the sheet Pengguna. Pure: no database."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ..models import AREA_KEYS, AREAS_ONLY_FOR_MEMBERS, Role, areas_fit
from .plan import Known, MembershipPlan, UserPlan, choice_named, name_problems
from .sheet import Problem, Row

USERNAME = re.compile(r"[A-Za-z0-9_.@+-]{1,150}")


class UserPlanner:
    """Collects the rows of the sheet Pengguna: several rows with one username are one person with several roles."""

    def __init__(self, known: Known, codes: set[str]) -> None:
        self.known, self.codes = known, codes
        self.first: dict[str, Row] = {}
        self.changes: dict[str, dict[str, str]] = {}
        self.memberships: list[MembershipPlan] = []
        self.roles: set[tuple[str, str, str]] = set()
        self.problems: list[Problem] = []
        self.owners = {user.email.lower(): key for key, user in known.users.items() if user.email}

    def take(self, row: Row) -> None:
        key = row.cells["Nama pengguna"].lower()
        found = [*self._person_problems(row, key), *_membership_problems(row, self.known, self.codes)]
        self.problems += found
        self.first.setdefault(key, row)
        person = self.changes.setdefault(key, {})
        for name, column in (("first_name", "Nama"), ("email", "Surel")):
            if row.cells[column]:
                person.setdefault(name, row.cells[column])
        if person.get("email"):
            self.owners.setdefault(person["email"].lower(), key)
        if not found and row.cells["Unit"]:
            self._take_membership(row, key)

    def plans(self) -> list[UserPlan]:
        return [
            UserPlan(row.cells["Nama pengguna"], key not in self.known.users, self.changes[key])
            for key, row in self.first.items()
        ]

    def _person_problems(self, row: Row, key: str) -> Iterator[Problem]:
        if not USERNAME.fullmatch(key):
            reason = "Nama pengguna hanya boleh berisi huruf, angka, dan tanda @ . + - _; paling panjang 150."
            yield row.problem("Nama pengguna", reason if key else "Nama pengguna wajib diisi.")
        elif self.owners.get(key, key) != key:
            yield row.problem("Nama pengguna", "Nama pengguna ini adalah surel pengguna lain.")
        user = self.known.users.get(key)
        if user and not user.is_active:
            yield row.problem("Nama pengguna", "Pengguna ini nonaktif. Aktifkan dahulu.")
        if user and user.is_locked:
            yield row.problem("Nama pengguna", "Akun pengelola sistem tidak dapat diubah lewat impor.")
        if not user and key not in self.first and not row.cells["Nama"]:
            yield row.problem("Nama", "Nama wajib diisi untuk pengguna baru.")
        yield from name_problems(row)
        yield from self._email_problems(row, key)
        yield from self._differences(row, key)

    def _email_problems(self, row: Row, key: str) -> Iterator[Problem]:
        email = row.cells["Surel"].lower()
        if not email:
            return
        try:
            validate_email(email)
        except ValidationError:
            yield row.problem("Surel", "Alamat surel tidak sah.")
        if len(email) > 254:
            yield row.problem("Surel", "Alamat surel terlalu panjang (paling panjang 254).")
        if self.owners.get(email, key) != key:
            yield row.problem("Surel", "Surel ini sudah dipakai pengguna lain.")
        if email != key and (email in self.known.users or email in self.first):
            yield row.problem("Surel", "Surel ini adalah nama pengguna orang lain.")

    def _differences(self, row: Row, key: str) -> Iterator[Problem]:
        for name, column in (("first_name", "Nama"), ("email", "Surel")):
            before = self.changes.get(key, {}).get(name)
            if before and row.cells[column] and before != row.cells[column]:
                reason = f"Berbeda dengan baris {self.first[key].number} untuk pengguna yang sama."
                yield row.problem(column, reason)

    def _take_membership(self, row: Row, key: str) -> None:
        role = choice_named(Role, row.cells["Peran"]) or ""
        plan = MembershipPlan(key, row.cells["Unit"].upper(), role, _areas(row.cells["Area"]) or ())
        if (plan.username, plan.unit, plan.role) in self.roles:
            self.problems.append(
                row.problem("Peran", "Peran ini sudah ada di baris lain untuk pengguna dan unit yang sama.")
            )
            return
        self.roles.add((plan.username, plan.unit, plan.role))
        self.memberships.append(plan)


def _membership_problems(row: Row, known: Known, codes: set[str]) -> Iterator[Problem]:
    unit, role, area = row.cells["Unit"].upper(), row.cells["Peran"], row.cells["Area"]
    if unit and unit not in codes:
        yield row.problem("Unit", "Tidak ada unit dengan kode ini, baik di portal maupun di berkas.")
    if unit in known.inactive_units:
        yield row.problem("Unit", "Unit ini nonaktif. Aktifkan dahulu.")
    if bool(unit) != bool(role):
        yield row.problem("Peran" if unit else "Unit", "Unit dan peran harus diisi bersama.")
    if role and choice_named(Role, role) is None:
        yield row.problem("Peran", f"Peran tidak dikenal. Yang ada: {', '.join(map(str, Role.labels))}.")
    if area and _areas(area) is None:
        yield row.problem("Area", "Tulis angka 1 sampai 6, dipisah titik koma. Contoh: 1; 3.")
    elif area and not areas_fit(choice_named(Role, role) or "", [area]):
        yield row.problem("Area", AREAS_ONLY_FOR_MEMBERS)


def _areas(text: str) -> tuple[str, ...] | None:
    """Return the sorted area keys, () for a blank cell, or None if something else stands there."""
    keys = [part for part in re.split(r"[;,\s]+", text) if part]
    return tuple(sorted(set(keys))) if all(key in AREA_KEYS for key in keys) else None
