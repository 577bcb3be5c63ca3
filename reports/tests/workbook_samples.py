"""Filled LKEs for tests of the workbook: the real instrument from the fixtures, answers at random, no database."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from assessment.scoring import SEPARATE, TOGETHER, Given, score
from assessment.tests.bundled import bundled_worksheet as worksheet
from assessment.worksheet import INDEX, PCT, Criterion
from reports.lke import EventLine, EvidenceLine, FindingLine, History, Lke, Side, VerdictLine


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
    given, notes = _random_answers(dice, complete)
    return lke_with(
        given,
        area_reading=dice.choice([TOGETHER, SEPARATE]),
        held=dice.choice([(), ("WBK",)]),
        notes=notes,
    )


def _random_answers(dice: random.Random, complete: float) -> tuple[dict[str, Given], dict[str, str]]:
    leaning = dice.random()  # units differ in how good they are
    given = {
        code: _random_given(criterion, dice, leaning)
        for code, criterion in worksheet().criteria.items()
        if dice.random() < complete
    }
    return given, {code: dice.choice(NOTES) for code in given if dice.random() < 0.5}


def beside(lke: Lke, stages: Sequence[str], *, seed: int = 1, agree: float = 0.7, complete: float = 1) -> Lke:
    """Return the LKE with further stages, which say what the unit says in the share `agree` of the criteria."""
    return replace(
        lke, others=tuple(_side(lke, stage, random.Random(f"{seed}{stage}"), agree, complete) for stage in stages)
    )


def _side(lke: Lke, stage: str, dice: random.Random, agree: float, complete: float) -> Side:
    given, notes = _random_answers(dice, complete)
    given |= {code: lke.result.given[code] for code in given if code in lke.result.given and dice.random() < agree}
    reading = SEPARATE if any(c.decides and "(" in c.name for c in lke.result.checks) else TOGETHER
    held = tuple(c.subject for c in lke.result.checks if c.measure == "award" and c.passed)
    result = score(worksheet(), given, area_reading=reading, held=held)
    return Side(stage, result, notes, datetime(2026, 4, 2, 2, 5, tzinfo=UTC))


def listed(lke: Lke) -> Lke:
    """Return the LKE with evidence, findings and history."""
    codes = list(worksheet().criteria)
    home = "https://zi.contoh.go.id"
    verdicts = (
        VerdictLine("TPI", "partial", "Kurang", "=Nomor tidak terbaca"),
        VerdictLine("Pendahuluan", "sufficient", "Sesuai"),
    )
    evidence = tuple(
        EvidenceLine(
            code, f"{'=' if n == 2 else ''}SK {code} nomor {n} <&>", f"{home}/unit/UNIT-01/dokumen/{code}-{n}/?a=1&b=2",
            f"{home}/penilaian/2026/UNIT-01/bukti/{code}/", f"{n}/SK/2026", date(2026, 1, n + 1) if n else None, 2026,
            "1" if n else "1 (diajukan), 2 (terkini)", "hlm. 3" if n else "", verdicts[: n % 3],
        )
        for place, code in enumerate(codes) for n in range(8 if place == 5 else place % 4)
    )  # fmt: skip
    findings = (
        FindingLine(codes[0], "Tim kerja", "TPI", "Rekomendasi", "-Lengkapi\nnotula.", date(2026, 6, 1), "Terbuka",
                    "2 Mei 2026 09.00, Ketua", ""),
        FindingLine(codes[3], "Rencana", "Pendahuluan (2025)", "Catatan", "@segera", None, "Selesai",
                    "2 Mei 2025 09.00, Penilai", "3 Mei, Unit, Tindak lanjut unit: sudah"),
    )  # fmt: skip
    events = tuple(
        EventLine(n, "2 Mei 2026 09.00.00", "Anggota", "Jawaban disimpan", "Unit", codes[0], "Jawaban: B → A")
        for n in (3, 2, 1)
    )
    return replace(lke, evidence=evidence, findings=findings, history=History(events, 7))


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
