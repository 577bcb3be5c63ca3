"""Stored content is scanned on request, each result recorded; a scanner that is away changes nothing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from evidence import antivirus, storage
from evidence.models import Blob
from evidence.services.receive import is_servable

from .factories import attachment, document, stored

pytestmark = pytest.mark.django_db
Scan = Blob.Scan


class Scanner:
    """Stands for the scanner's program: finds what it is told to, is away when it is told to."""

    def __init__(self):
        self.seen, self.infected, self.refused, self.is_away = [], {}, set(), False

    def __call__(self, file):
        content = file.read()
        if self.is_away:
            raise antivirus.ScannerUnavailable("connection refused")
        if not content:
            return antivirus.Scan(clean=True)
        if content in self.refused:
            raise antivirus.ScannerUnavailable("size limit exceeded")
        self.seen.append(content)
        return antivirus.Scan(content not in self.infected, self.infected.get(content, ""))


@pytest.fixture
def scanner(settings, monkeypatch):
    settings.CLAMD = "unix:/run/clamav/clamd.ctl"
    made = Scanner()
    monkeypatch.setattr(antivirus, "scan", made)
    return made


def run(*args):
    out, errors = StringIO(), StringIO()
    try:
        call_command("evidence_scan", *args, stdout=out, stderr=errors)
    except CommandError as error:
        return str(error), errors.getvalue()
    return out.getvalue().strip(), errors.getvalue()


def made(scan):
    blob = stored().blob
    Blob.objects.filter(pk=blob.pk).update(scan=scan)
    return blob.pk


def content_of(sha256):
    with storage.open_content(sha256) as file:
        return file.read()


def scans():
    return dict(Blob.objects.values_list("pk", "scan"))


def test_what_was_not_scanned_is_scanned_and_nothing_else(scanner):
    waiting, never, clean, infected = (made(s) for s in (Scan.PENDING, Scan.UNSCANNED, Scan.CLEAN, Scan.INFECTED))
    before = timezone.now()
    assert run() == ("2 files: 0 infected, 0 could not be scanned.", "")
    assert scans() == {waiting: Scan.CLEAN, never: Scan.CLEAN, clean: Scan.CLEAN, infected: Scan.INFECTED}
    assert sorted(scanner.seen) == sorted(content_of(s) for s in (waiting, never))
    assert {b.pk for b in Blob.objects.filter(scanned_at__gte=before)} == {waiting, never}
    assert run() == ("0 files: 0 infected, 0 could not be scanned.", "")


def test_everything_is_scanned_again_on_request_and_verdicts_change_both_ways(scanner):
    was_clean, was_infected = made(Scan.CLEAN), made(Scan.INFECTED)
    scanner.infected = {content_of(was_clean): "Pdf.Baru"}
    assert run("--all")[0] == "2 files: 1 infected, 0 could not be scanned."
    assert scans() == {was_clean: Scan.INFECTED, was_infected: Scan.CLEAN}


def test_infected_content_is_held_back_and_told_with_what_it_concerns(scanner, assessment):
    held = attachment(assessment, doc=document(assessment.unit, title="SK Tim"))
    blob = held.document.current.blob
    Blob.objects.update(scan=Scan.PENDING)
    scanner.infected = {content_of(blob.pk): "Eicar-Test"}
    summary, told = run()
    assert summary == "1 files: 1 infected, 0 could not be scanned."
    assert told == (
        f"infected (Eicar-Test): {blob.pk}\n"
        f'    {assessment.unit.code} "SK Tim" version 1 (SK Tim Kerja.pdf), proves 2026 A.I.1.i.a\n'
    )
    blob.refresh_from_db()
    assert (blob.scan, blob.threat, is_servable(blob)) == (Scan.INFECTED, "Eicar-Test", False)
    assert storage.verify(blob.pk) == storage.Health.OK  # kept, for whoever has to look into it


def test_a_scanner_that_is_away_changes_nothing(scanner):
    waiting = made(Scan.PENDING)
    scanner.is_away = True
    assert run()[0] == "The scanner does not answer: connection refused. 0 files were scanned before."
    assert scans() == {waiting: Scan.PENDING}
    assert Blob.objects.get().scanned_at is None


def test_a_scanner_that_is_away_is_told_even_when_nothing_waits(scanner):
    scanner.is_away = True
    assert run()[0].startswith("The scanner does not answer")


def test_a_scanner_that_goes_away_leaves_the_rest_as_it_was(scanner, monkeypatch):
    first, *others = sorted(made(Scan.PENDING) for _ in range(3))

    def once(file):
        scanner.is_away = bool(scanner.seen)
        return scanner(file)

    monkeypatch.setattr(antivirus, "scan", once)
    assert run()[0].endswith("1 files were scanned before.")
    assert scans() == {first: Scan.CLEAN} | dict.fromkeys(others, Scan.PENDING)


def test_a_file_the_scanner_refuses_does_not_keep_the_others_waiting(scanner):
    first, second, third = sorted(made(Scan.PENDING) for _ in range(3))
    scanner.refused = {content_of(second)}
    summary, told = run()
    assert summary == "3 files: 0 infected, 1 could not be scanned."
    assert told == f"not scanned (size limit exceeded): {second}\n"
    assert scans() == {first: Scan.CLEAN, second: Scan.PENDING, third: Scan.CLEAN}


def test_a_missing_file_is_told_and_the_others_are_scanned(scanner):
    first, second = sorted(made(Scan.PENDING) for _ in range(2))
    storage.reclaim(first, older_than=timezone.timedelta(0), is_wanted=lambda: False)
    summary, told = run()
    assert summary == "2 files: 0 infected, 1 could not be scanned."
    assert told == f"not scanned (missing in the store): {first}\n"
    assert scans() == {first: Scan.PENDING, second: Scan.CLEAN}


def test_without_a_scanner_it_says_so(settings):
    waiting = made(Scan.PENDING)
    settings.CLAMD = ""
    assert run()[0].startswith("No scanner is configured: set CLAMD")
    assert scans() == {waiting: Scan.PENDING}
