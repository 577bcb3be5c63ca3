"""A believable agency to try the portal with: units, accounts by role, a running period, filled worksheets.

Only `seed_demo` uses it. Answers are drawn from a seeded generator, so that every installation shows the same demo.
"""

import random
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Role, Unit, User

from . import selectors, services
from .models import Assessment, Instrument, Period
from .scoring import Given
from .services import Entry
from .worksheet import INDEX, PCT, Criterion, Worksheet

AGENCY_CODE = "INSTANSI"
UNIT_NAMES = [
    "Kantor Pelayanan Terpadu Satu Pintu",
    "Dinas Kependudukan dan Pencatatan Sipil",
    "Rumah Sakit Umum Daerah",
    "Kantor Samsat",
    "Dinas Tenaga Kerja",
    "Dinas Pendidikan",
    "Fakultas Keperawatan",
    "Balai Pengujian Mutu",
    "Kantor Pertanahan",
    "Badan Pendapatan Daerah",
    "Dinas Perhubungan",
    "Dinas Sosial",
]
AFFIRMATIVE = {0: "one_stop", 1: "civil_registry", 2: "hospital", 3: "samsat", 4: "manpower", 5: "education"}
# username, name, role, unit code ("" = the agency)
ACCOUNTS = [
    ("operator01", "Operator Unit 01", Role.MEMBER, "UNIT-01"),
    ("operator02", "Operator Unit 02", Role.MEMBER, "UNIT-02"),
    ("operator03", "Operator Unit 03", Role.MEMBER, "UNIT-03"),
    ("kepala01", "Kepala Unit 01", Role.HEAD, "UNIT-01"),
    ("kepala02", "Kepala Unit 02", Role.HEAD, "UNIT-02"),
    ("kepala03", "Kepala Unit 03", Role.HEAD, "UNIT-03"),
    ("pendahuluan", "Penilai Pendahuluan", Role.PRELIM, "ATASAN"),
    ("tpi.anggota", "Anggota TPI 01", Role.TPI_MEMBER, ""),
    ("tpi.anggota2", "Anggota TPI 02", Role.TPI_MEMBER, ""),
    ("tpi.ketua", "Ketua Tim TPI", Role.TPI_LEAD, ""),
    ("tpi.pengendali", "Pengendali Teknis TPI", Role.TPI_CONTROLLER, ""),
    ("pimpinan", "Pimpinan Instansi", Role.OBSERVER, ""),
    ("admin", "Admin Portal", Role.ADMIN, ""),
]
OTHERS = [
    ("operator.lain", "Operator Unit Lain", Role.MEMBER),
    ("kepala.lain", "Kepala Unit Lain", Role.HEAD),
]
NOTES = [
    "Dokumen lengkap tersedia dan telah disosialisasikan kepada seluruh pegawai.",
    "Rapat pemantauan dilaksanakan setiap triwulan dan dihadiri pimpinan.",
    "Tindak lanjut sedang diselesaikan; laporan akhir menyusul.",
    "Mengacu pada keputusan pimpinan yang terbaru.",
]


def seed(*, units: int, year: int, password: str) -> dict[str, str]:
    """Create what is missing of the demo and return the passwords of the accounts made just now by username.

    Repeating it changes nothing that exists: no answer, no password.
    """
    with transaction.atomic():
        agency, upper, rows = _units(units)
        made = _accounts(agency, {u.code: u for u in [upper, *rows]}, password)
        period = _period(year)
        services.open_assessments(period=period, units=rows, by=None)
    _fill(period, rows)
    return made


def _units(count: int) -> tuple[Unit, Unit, list[Unit]]:
    agency, _ = Unit.objects.get_or_create(code=AGENCY_CODE, defaults={"name": "Instansi Contoh", "kind": "agency"})
    upper, _ = Unit.objects.get_or_create(
        code="ATASAN", defaults={"name": "Sekretariat Instansi Contoh", "kind": "upper", "parent": agency}
    )
    rows = []
    for n in range(count):
        name = UNIT_NAMES[n] if n < len(UNIT_NAMES) else f"Unit Kerja {n + 1:02d}"
        row, _ = Unit.objects.get_or_create(
            code=f"UNIT-{n + 1:02d}", defaults={"name": name, "parent": upper, "affirmative": AFFIRMATIVE.get(n, "")}
        )
        rows.append(row)
    return agency, upper, rows


def _accounts(agency: Unit, units: dict[str, Unit], password: str) -> dict[str, str]:
    made: dict[str, str] = {}
    for username, name, role, code in ACCOUNTS:
        if code and code not in units:
            continue
        user, is_new = User.objects.get_or_create(username=username, defaults={"first_name": name})
        if is_new:
            made[username] = password or secrets.token_hex(6)
            user.set_password(made[username])
            user.is_staff = role == Role.ADMIN
            user.is_superuser = role == Role.ADMIN
            user.save()
        Membership.objects.get_or_create(user=user, unit=units[code] if code else agency, role=role)
    _give_others_to_one_pair(units, made, password)
    return made


def _give_others_to_one_pair(units: dict[str, Unit], made: dict[str, str], password: str) -> None:
    """Let one operator and one head stand for all units that have no people of their own."""
    own = {code for *_, code in ACCOUNTS}
    others = [unit for code, unit in units.items() if code not in own and unit.kind == Unit.Kind.UNIT]
    if not others:
        return
    for username, name, role in OTHERS:
        user, is_new = User.objects.get_or_create(username=username, defaults={"first_name": name})
        if is_new:
            made[username] = password or secrets.token_hex(6)
            user.set_password(made[username])
            user.save()
        for unit in others:
            Membership.objects.get_or_create(user=user, unit=unit, role=role)


def _period(year: int) -> Period:
    instrument = Instrument.objects.filter(code="lke-zi").latest("version")
    opens = timezone.make_aware(datetime(year, 1, 1))
    # The demo must be open whenever it is tried, after 31 May too.
    closes = max(timezone.make_aware(datetime(year, 5, 31, 23, 59)), timezone.now() + timedelta(days=90))
    period, _ = Period.objects.get_or_create(
        year=year,
        defaults={
            "name": f"Penilaian ZI {year}",
            "instrument": instrument,
            "unit_opens": min(opens, timezone.now() - timedelta(days=1)),
            "unit_closes": closes,
        },
    )
    return period


def _fill(period: Period, units: Iterable[Unit]) -> None:
    """Answer UNIT-01 completely, UNIT-03 not at all, the others to differing degrees."""
    worksheet = selectors.worksheet_of(period.instrument)
    author = User.objects.filter(username="operator01").first() or User.objects.order_by("pk").first()
    shares = {"UNIT-01": 1.0, "UNIT-02": 0.5, "UNIT-03": 0.0}
    for unit in units:
        assessment = Assessment.objects.for_page().get(period=period, unit=unit)
        if assessment.event_count > 1 or author is None:
            continue
        generator = random.Random(f"{unit.code}")  # noqa: S311  a demo, not a secret
        share = shares.get(unit.code, generator.uniform(0.2, 1.0))
        entries = entries_for(worksheet, generator, share, quality=generator.uniform(0.6, 0.95))
        if entries:
            by = User.objects.filter(memberships__unit=unit, memberships__role=Role.MEMBER).first() or author
            services.record_answers(assessment=assessment, entries=entries, by=by)


def entries_for(worksheet: Worksheet, generator: random.Random, share: float, quality: float) -> list[Entry]:
    """Draw answers to a `share` of the criteria; `quality` (0 to 1) is the chance of the best letter."""
    criteria = list(worksheet.criteria.values())
    chosen = set(generator.sample(range(len(criteria)), round(len(criteria) * share)))
    wanted = [criterion for place, criterion in enumerate(criteria) if place in chosen]
    return [
        Entry(c.code, _draw(c, generator, quality), generator.choice(NOTES) if generator.random() < 0.5 else "", 0)
        for c in wanted
    ]


def _draw(criterion: Criterion, generator: random.Random, quality: float) -> Given:
    if criterion.answer_type == INDEX:
        return Given(index=Decimal(str(round(generator.uniform(3.0, 3.9), 2))))
    if criterion.answer_type == PCT:
        return Given(counts=_draw_counts(criterion, generator, quality))
    weights = [quality * (1 - quality) ** place for place in range(len(criterion.choices))]
    return Given(choice=generator.choices(criterion.choices, weights)[0].key)


def _draw_counts(criterion: Criterion, generator: random.Random, quality: float) -> tuple[int, ...]:
    """Draw counts that contradict nothing: parts never exceed the whole."""
    n = len(criterion.quantities)
    if n == 4:  # three obliged groups and those who reported
        groups = [1, generator.randint(2, 6), generator.randint(5, 40)]
        return (*groups, round(sum(groups) * quality))
    whole = generator.randint(4, 20)
    part = round(whole * quality)
    return (whole, part) if n == 2 else (whole, whole - part, whole - part)
