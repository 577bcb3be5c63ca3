"""Filled LKEs for tests of the workbook: the real instrument from the fixtures, answers at random, no database."""

import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from assessment.scoring import SEPARATE, TOGETHER, Given, score
from assessment.tests.bundled import bundled_worksheet as worksheet
from assessment.worksheet import INDEX, PCT, Criterion
from reports.lke import Lke


def lke_with(
    given: dict[str, Given], *, area_reading: str = TOGETHER, held: tuple[str, ...] = (), **changes: Any
) -> Lke:
    """Return a filled LKE of an invented unit."""
    values: dict[str, Any] = {
        "unit_code": "UNIT-01",
        "unit_name": "Dinas Contoh",
        "parent_name": "Pemerintah Daerah Contoh",
        "year": 2026,
        "period_name": "Penilaian Zona Integritas 2026",
        "target": "WBK",
        "target_label": "Menuju WBK",
        "state_label": "Draf",
        "stage": "unit",
        "stage_label": "Mandiri",
        "area_reading_label": "Pemenuhan dan Reform digabung",
        "result": score(worksheet(), given, area_reading=area_reading, held=held),
        "notes": {},
        "changed_at": datetime(2026, 3, 2, 2, 5, tzinfo=UTC),
        "printed_at": datetime(2026, 3, 4, 3, 6, tzinfo=UTC),
    }
    return Lke(**{**values, **changes})


def random_lke(seed: int, *, complete: float) -> Lke:
    """Return an LKE with answers at random; `complete` is the share of criteria that get one."""
    dice = random.Random(seed)
    leaning = dice.random()  # units differ in how good they are
    given = {
        code: _random_given(criterion, dice, leaning)
        for code, criterion in worksheet().criteria.items()
        if dice.random() < complete
    }
    notes = {code: dice.choice(NOTES) for code in given if dice.random() < 0.5}
    return lke_with(
        given,
        area_reading=dice.choice([TOGETHER, SEPARATE]),
        held=dice.choice([(), ("WBK",)]),
        notes=notes,
    )


NOTES = (
    "=1+1",
    "#N/A",
    "Sudah ditetapkan dengan SK.\nLihat lampiran.",
    "- butir pertama",
    "@rapat",
    "+62 21",
    "a & b < c",
)


def _random_given(criterion: Criterion, dice: random.Random, leaning: float) -> Given:
    if criterion.answer_type == PCT:
        return _random_counts(criterion, dice)
    if criterion.answer_type == INDEX:
        return Given(index=Decimal(dice.randint(int(leaning * 399), 400)) / 100)
    worst = len(criterion.choices) - 1
    return Given(choice=criterion.choices[min(int(dice.random() * (2 - leaning) * (worst + 1) / 2), worst)].key)


def _random_counts(criterion: Criterion, dice: random.Random) -> Given:
    size = len(criterion.quantities)
    counts: list[int | None] = [dice.choice([0, 1, 2, 3, 7, 40]) for _ in range(size)]
    fate = dice.random()
    if fate < 0.2:
        counts = [0] * size
    elif fate < 0.35:
        counts[dice.randrange(size)] = None
    elif fate < 0.5:
        counts[0] = 0
    ratio = Decimal(dice.randint(0, 1_000_000)) / 1_000_000 if dice.random() < 0.4 else None
    return Given(
        counts=tuple(counts), ratio=ratio, reason="Tidak ada objek pada tahun ini." if ratio is not None else ""
    )
