"""What the pages of jobs show, as plain strings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format

from evidence.bundle import words

from .clearing import keep_until
from .models import Job

# Waiting for longer than this, there may be no worker at all.
PATIENCE = timedelta(minutes=10)
LONG_WAIT = "Menunggu lebih lama dari biasanya. Bila tetap begini, hubungi admin portal."
FORM_NAMES = {"xlsx": "Excel", "pdf": "PDF"}


@dataclass(frozen=True, slots=True)
class Card:
    """One job as a card; `percent` is "" while nobody knows how far it is."""

    job: Job
    url: str
    state_label: str
    asked: str
    percent: str
    step: str
    ended: str
    size: str
    keep_until: str

    @property
    def is_done(self) -> bool:
        return self.job.state == Job.State.DONE

    @property
    def is_failed(self) -> bool:
        return self.job.state == Job.State.FAILED


def card_of(job: Job) -> Card:
    """Build a card; no query."""
    running = job.state == Job.State.RUNNING
    until = keep_until(job)
    return Card(
        job, job.get_absolute_url(), job.get_state_display(), _moment(job.asked_at),
        str(job.percent) if running and job.total else "", _step(job), _moment(job.finished_at),
        words.size(job.size) if job.state == Job.State.DONE else "", date_format(timezone.localtime(until), "j F Y")
        if until else "",
    )  # fmt: skip


def cards_of(jobs: Iterable[Job]) -> list[Card]:
    return [card_of(job) for job in jobs]


def _step(job: Job) -> str:
    if job.state == Job.State.QUEUED:
        again = "Pengerjaan sebelumnya terputus dan akan diulang. " if job.attempts else ""
        return again + (
            LONG_WAIT if timezone.now() - job.queued_at > PATIENCE else "Dimulai setelah giliran sebelumnya."
        )
    return (job.step or "Memulai") if job.state == Job.State.RUNNING else ""


def _moment(at: object) -> str:
    return date_format(timezone.localtime(at), "j F Y H.i") if at else ""  # type: ignore[arg-type]


def lke_title(year: int, units: int, forms: list[str]) -> str:
    """Name a request: "LKE 34 unit, 2026 (Excel dan PDF)"."""
    return f"LKE {units} unit, {year} ({' dan '.join(FORM_NAMES[form] for form in forms)})"
