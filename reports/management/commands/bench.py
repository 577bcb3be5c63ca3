"""Measure what people wait for, as ratios inside one run."""

import statistics
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.test import Client

from accounts.models import Membership, Role, User
from assessment import advice, scoring, selectors, services, trace
from assessment.models import Assessment, Stage
from assessment.services import Entry
from evidence.services.exports import stream_of
from reports import pdf, rendered
from reports.collecting import EVERYTHING, full_lke_of
from reports.lke import Side, lke_of
from reports.workbook import build

Job = Callable[[], object]


class RolledBack(Exception):
    """Ends a benchmark's transaction so that nothing it wrote stays."""


class Command(BaseCommand):
    help = (
        "Time the engine, the pages and the documents on the fullest assessment. Figures are medians of CPU "
        "milliseconds and ratios to scoring one worksheet; jobs take turns, so that a busy machine slows all alike."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rounds", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        row = Assessment.objects.for_page().order_by("-scorecards__answered").first()
        member = Membership.objects.filter(unit=row.unit, role=Role.MEMBER).first() if row else None
        if row is None or member is None:
            raise CommandError("There is no assessment with a unit team to measure on. Run seed_demo first.")
        client = Client(headers={"host": "localhost", "x-forwarded-proto": "https"})
        client.force_login(member.user, backend="accounts.backends.UsernameOrEmailBackend")
        times = self._measure(self._jobs(row, member.user, client), options["rounds"])
        client.logout()
        base = times["score the worksheet"]
        for name, milliseconds in times.items():
            self.stdout.write(f"{name:<32} {milliseconds:9.1f} ms {milliseconds / base:8.2f} x")
        for name in ("workbook", "PDF"):
            ratio = times[name] / times[f"{name}, from disk"]
            self.stdout.write(f"{name}: {ratio:.0f} times as long to draw as to take from disk, with collecting it.")

    def _measure(self, jobs: dict[str, Job], rounds: int) -> dict[str, float]:
        samples: dict[str, list[float]] = {name: [] for name in jobs}
        for turn in range(rounds + 1):
            for name, job in jobs.items():
                start = time.process_time()
                job()
                if turn:  # the first turn only warms caches
                    samples[name].append((time.process_time() - start) * 1000)
        return {name: statistics.median(found) for name, found in samples.items()}

    def _jobs(self, row: Assessment, user: User, client: Client) -> dict[str, Job]:
        given = selectors.stage_result(row).given
        worksheet = selectors.worksheet_of(row.period.instrument)
        result = scoring.score(worksheet, given)
        start = row.get_absolute_url()
        lke = lke_of(row)
        # Whatever stages the assessment has: a second one is there, as TPI would have agreed.
        beside = replace(lke, others=(Side(Stage.TPI, lke.result, lke.notes),))
        full = full_lke_of(row, EVERYTHING, origin="https://portal.invalid")
        wide = replace(beside, evidence=full.evidence, findings=full.findings, history=full.history)
        return {
            "score the worksheet": lambda: scoring.score(worksheet, given),
            "way to WBK, and to WBBM": lambda: [advice.advise(result, p, held=["WBK"]) for p in worksheet.predicates],
            "explain every node": lambda: [trace.explain(result, code) for code in worksheet.nodes],
            "save one answer": lambda: self._save(row, user),
            "page: overview": lambda: client.get(start),
            "page: area with 19 criteria": lambda: client.get(f"{start}lembar/A.I.6/"),
            "page: evidence of a criterion": lambda: client.get(f"{start}bukti/A.I.1.i.a/"),
            "page: documents of a unit": lambda: client.get(f"/unit/{row.unit.code}/dokumen/"),
            "evidence of the unit as ZIP": lambda: deque(stream_of(row), maxlen=0),
            "workbook": lambda: build(lke),
            "PDF": lambda: pdf.render(lke),
            "workbook, TPI beside, lists": lambda: build(wide),
            "PDF, TPI beside": lambda: pdf.render(beside),
            "workbook, from disk": lambda: rendered.lke(lke_of(row), "xlsx"),
            "PDF, from disk": lambda: rendered.lke(lke_of(row), "pdf"),
        }

    def _save(self, row: Assessment, user: User) -> None:
        """Save a changed answer through the service, then take it back."""
        try:
            with transaction.atomic():
                stored = selectors.answers_of(row, Stage.UNIT).get("A.I.1.i.b")
                old = row.event_count
                entry = Entry("A.I.1.i.b", scoring.Given(choice="C"), f"uji {old}", stored.version if stored else 0)
                services.record_answer(assessment=row, entry=entry, by=user)
                raise RolledBack
        except RolledBack:
            return
