"""Jobs: asked for once, made by one worker, cancelled, given back, recovered, cleared; the rights asked again."""

import errno
import hashlib
import io
import os
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from accounts.models import Membership, Role
from assessment.models import Assessment, Conflict, TeamMember
from assessment.tests.factories import UserFactory, filled, member, reviewer
from evidence.tests.factories import attachment
from reports import pdf, workbook
from reports.jobs import access, building, clearing, files, running, services, sizes
from reports.jobs.building.base import Interrupted, Stopped
from reports.jobs.models import Job
from reports.jobs.worker import JobWorker

from .jobs import OLD_CONNECTIONS, agency, fresh, lke_job, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]
State = Job.State


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Draw nothing: what stands in the documents is tested elsewhere."""
    monkeypatch.setattr(workbook, "build", lambda lke: f"xlsx {lke.unit_code}".encode())
    monkeypatch.setattr(pdf, "render", lambda lke: f"pdf {lke.unit_code}".encode())
    monkeypatch.setattr(OLD_CONNECTIONS, lambda: None)
    running.stopping.clear()
    yield
    running.stopping.clear()


def stored(job):
    return files.path_of(fresh(job).stored_name).read_bytes()


def results():
    """Return the names of all files in the folder of results."""
    return sorted(path.name for path in files.folder().iterdir()) if files.folder().exists() else []


def test_a_bulk_of_lkes_becomes_one_zip_with_index_and_hashes():
    owner, rows = agency(3)
    filled(rows[0], share=0.1)
    job = lke_job(owner, rows, "xlsx", "pdf")
    assert (job.state, job.percent) == (State.QUEUED, 0)
    work_off()
    done = fresh(job)
    assert (done.state, done.percent, done.file_name, done.problem, done.remark) == (
        State.DONE, 100, "LKE-2026-3-unit.zip", "", "",
    )  # fmt: skip
    content = stored(job)
    assert (done.size, done.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert made.testzip() is None
        names = [f"{d}/LKE-2026-U{n}.{e}" for n in (1, 2, 3) for d, e in (("Excel", "xlsx"), ("PDF", "pdf"))]
        assert made.namelist() == [*names, "00_INDEKS.xlsx", "MANIFEST-SHA256.txt"]
        assert made.read("PDF/LKE-2026-U2.pdf") == b"pdf U2"
        lines = made.read("MANIFEST-SHA256.txt").decode().splitlines()[1:]
        assert lines == [f"{hashlib.sha256(made.read(n)).hexdigest()}  {n}" for n in [*names, "00_INDEKS.xlsx"]]
        sheet = load_workbook(io.BytesIO(made.read("00_INDEKS.xlsx"))).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["U1", "U2", "U3"]
    assert sheet["E2"].value == "Excel/LKE-2026-U1.xlsx; PDF/LKE-2026-U1.pdf"
    assert results() == [done.stored_name]
    assert DBTaskResult.objects.get(pk=done.task).status == "SUCCESSFUL"


def test_texts_in_the_index_are_never_formulas():
    owner, rows = agency(1)
    type(rows[0].unit).objects.filter(pk=rows[0].unit_id).update(name='=HYPERLINK("http://x")\x0b')
    job = lke_job(owner, rows)
    work_off()
    with zipfile.ZipFile(io.BytesIO(stored(job))) as made:
        cell = load_workbook(io.BytesIO(made.read("00_INDEKS.xlsx"))).worksheets[0]["B2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')


def test_a_unit_whose_right_was_lost_is_left_out_and_named():
    owner, rows = agency(2)
    job = lke_job(owner, rows)
    Membership.objects.filter(user=owner).update(unit=rows[1].unit)
    work_off()
    done = fresh(job)
    assert done.scope == {str(rows[1].pk): ["prelim", "tpi", "tpn", "unit"]}
    assert done.remark == "1 unit tidak disertakan karena Anda tidak lagi berhak melihatnya: U1."
    with zipfile.ZipFile(io.BytesIO(stored(job))) as made:
        assert [name for name in made.namelist() if "/" in name] == ["Excel/LKE-2026-U2.xlsx"]
        sheet = load_workbook(io.BytesIO(made.read("00_INDEKS.xlsx"))).worksheets[0]
    assert sheet["F2"].value == "tidak disertakan: Anda tidak lagi berhak melihat penilaian ini"


@pytest.mark.parametrize("kind", ["lke", "evidence", "recap"])
def test_nothing_is_made_for_somebody_who_lost_every_right(kind):
    owner, rows = agency(1)
    params = {
        "lke": {"year": 2026, "units": [[rows[0].pk, "U1"]], "forms": ["pdf"]},
        "evidence": {"assessment": rows[0].pk}, "recap": {"year": 2026, "look": {}},
    }  # fmt: skip
    job, _ = services.request_job(owner=owner, kind=kind, title="x", params=params[kind])
    type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    work_off()
    assert fresh(job).state == State.FAILED
    assert fresh(job).problem.startswith("Anda tidak lagi berhak melihat")
    assert results() == []


def test_evidence_is_written_to_a_file_as_it_is_streamed():
    owner, rows = agency(1)
    attachment(rows[0])
    job, _ = services.request_job(owner=owner, kind=Job.Kind.EVIDENCE, title="Bukti", params={"assessment": rows[0].pk})
    work_off()
    with zipfile.ZipFile(io.BytesIO(stored(job))) as made:
        assert made.testzip() is None
        assert {"00_INDEKS.html", "MANIFEST-SHA256.txt"} < set(made.namelist())
        assert len(made.namelist()) == 4
    assert fresh(job).file_name == "Bukti-U1-2026.zip"


@pytest.mark.parametrize("kind", ["lke", "evidence"])
def test_a_disk_that_is_nearly_full_is_left_to_the_database(monkeypatch, kind):
    owner, rows = agency(1)
    attachment(rows[0])
    room = files.RESERVE + (sizes.evidence_size(rows[0]) if kind == "evidence" else 0) - 1
    monkeypatch.setattr(files.shutil, "disk_usage", lambda path: SimpleNamespace(free=room))
    params = {
        "lke": {"year": 2026, "units": [[rows[0].pk, "U1"]], "forms": ["pdf"]},
        "evidence": {"assessment": rows[0].pk},
    }  # fmt: skip
    job, _ = services.request_job(owner=owner, kind=kind, title="x", params=params[kind])
    work_off()
    assert (fresh(job).state, fresh(job).problem, results()) == (State.FAILED, running.NO_SPACE, [])


def test_a_recap_has_the_scope_of_what_it_shows(monkeypatch):
    from reports.recap import pdf as recap_pdf

    monkeypatch.setattr(recap_pdf, "render", lambda shown: " ".join(line.subject.code for line in shown.lines).encode())
    owner, rows = agency(3)
    job, _ = services.request_job(
        owner=owner, kind=Job.Kind.RECAP, title="Rekap", params={"year": 2026, "look": {"q": "U2"}}
    )
    work_off()
    assert (stored(job), fresh(job).file_name) == (b"U2", "Rekap-2026.pdf")
    assert fresh(job).scope == {str(rows[1].pk): ["prelim", "tpi", "tpn", "unit"]}


def test_a_filter_that_is_no_more_ends_with_words():
    owner, _ = agency(1)
    job, _ = services.request_job(
        owner=owner, kind=Job.Kind.RECAP, title="Rekap", params={"year": 2026, "look": {"di": "TIDAK-ADA"}}
    )
    work_off()
    assert (fresh(job).state, "tidak berlaku lagi" in fresh(job).problem) == (State.FAILED, True)


def test_the_same_request_is_one_job_while_it_is_pending():
    owner, rows = agency(2)
    job = lke_job(owner, rows)
    assert lke_job(owner, rows) == job
    assert lke_job(owner, rows[:1]) != job
    assert lke_job(member(rows[0].unit), rows) != job
    work_off()
    assert lke_job(owner, rows) != job


def test_nobody_has_more_than_so_many_unfinished(settings):
    settings.JOB_QUOTA = 2
    owner, rows = agency(3)
    first, second = lke_job(owner, rows[:1]), lke_job(owner, rows[1:2])
    with pytest.raises(services.QuotaReached):
        lke_job(owner, rows[2:])
    assert (lke_job(owner, rows[:1]), DBTaskResult.objects.count()) == (first, 2)
    services.cancel_job(job=second)
    assert lke_job(owner, rows[2:]).state == State.QUEUED


def test_a_job_is_claimed_once():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    first = services.claim_job(job.pk)
    assert first is not None and first.attempts == 1
    assert services.claim_job(job.pk) is None
    running.run(str(job.pk))  # a second task for it
    assert fresh(job).claim == first.claim
    assert results() == []


def test_a_cancelled_job_stops_at_the_next_step_and_leaves_no_file(monkeypatch):
    owner, rows = agency(3)
    job = lke_job(owner, rows)
    monkeypatch.setattr(running, "REPORT_SECONDS", 0)
    drawn = []

    def draw(lke):
        drawn.append(lke.unit_code)
        assert services.cancel_job(job=job)
        return b"x"

    monkeypatch.setattr(workbook, "build", draw)
    work_off()
    assert (drawn, fresh(job).state, results()) == (["U1"], State.CANCELLED, [])
    assert not services.cancel_job(job=job)


def test_a_job_cancelled_at_the_very_end_publishes_nothing(monkeypatch):
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    make = building.make

    def late(row, progress):
        made = make(row, progress)
        services.cancel_job(job=job)
        return made

    monkeypatch.setattr(building, "make", late)
    work_off()
    assert (fresh(job).state, fresh(job).stored_name, results()) == (State.CANCELLED, "", [])


def test_a_queued_job_that_is_cancelled_is_never_made():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    services.cancel_job(job=job)
    work_off()
    assert (fresh(job).state, fresh(job).attempts, results()) == (State.CANCELLED, 0, [])


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left"), running.NO_SPACE),
        (OSError(errno.EACCES, "Permission denied"), "Terjadi kesalahan yang tidak terduga"),
        (ValueError("rahasia"), "Terjadi kesalahan yang tidak terduga"),
    ],
)
def test_a_failure_is_told_in_plain_words(monkeypatch, caplog, error, told):
    owner, rows = agency(1)
    job = lke_job(owner, rows)

    def broken(lke):
        raise error

    monkeypatch.setattr(workbook, "build", broken)
    work_off()
    failed = fresh(job)
    assert (failed.state, results()) == (State.FAILED, [])
    assert failed.problem.startswith(told)
    assert str(error) not in failed.problem
    assert str(job.pk) in caplog.text


def test_a_worker_that_has_to_stop_hands_its_job_back_and_the_next_one_makes_it(monkeypatch):
    owner, rows = agency(2)
    job = lke_job(owner, rows)

    def draw(lke):
        running.stopping.set()
        return b"x"

    with monkeypatch.context() as patch:
        patch.setattr(workbook, "build", draw)
        JobWorker(interval=0.05).turn()
    left = fresh(job)
    assert (left.state, left.attempts, left.claim, results()) == (State.QUEUED, 0, "", [])
    running.stopping.clear()
    work_off()
    assert (fresh(job).state, fresh(job).attempts) == (State.DONE, 1)


def dead(job, **changed):
    """Let a job look as a worker left it that died some minutes ago."""
    claimed = services.claim_job(job.pk)
    DBTaskResult.objects.filter(pk=job.task).update(status="RUNNING")
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=10), **changed)
    return claimed


def test_what_a_dead_worker_left_is_made_by_the_next_one():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    was = dead(job)
    work_off()
    assert (fresh(job).state, fresh(job).attempts) == (State.DONE, 2)
    assert not DBTaskResult.objects.filter(pk=was.task).exists()
    # The dead one was only asleep: it can write nothing any more.
    assert not services.beat(was)
    assert not services.report(was, done=1, total=2, step="x")
    assert not services.fail_job(was, "x")
    assert not services.give_back(was)
    assert fresh(job).state == State.DONE


def test_a_living_worker_keeps_its_job():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    claimed = services.claim_job(job.pk)
    assert services.recover_jobs() == 0
    assert services.beat(claimed)
    assert fresh(job).claim == claimed.claim


def test_a_job_that_kills_its_worker_is_given_up_after_three_times():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    dead(job, attempts=services.MAX_ATTEMPTS)
    work_off()
    assert (fresh(job).state, fresh(job).problem) == (State.FAILED, services.GAVE_UP)
    assert DBTaskResult.objects.count() == 0


def test_a_job_whose_task_went_away_is_queued_again():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    DBTaskResult.objects.all().delete()
    assert services.recover_jobs() == 0  # it may be in its first moments
    Job.objects.update(queued_at=timezone.now() - timedelta(minutes=10))
    work_off()
    assert fresh(job).state == State.DONE


def test_a_job_that_waits_long_keeps_its_one_task():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    Job.objects.update(queued_at=timezone.now() - timedelta(hours=3))
    assert services.recover_jobs() == 0
    assert DBTaskResult.objects.get().pk == fresh(job).task


def test_progress_is_written_seldom_and_stops_a_worker_that_lost_its_job(monkeypatch):
    owner, rows = agency(1)
    claimed = services.claim_job(lke_job(owner, rows).pk)
    pulse = running.Pulse(claimed)
    progress = running.Progress(claimed, pulse)
    progress.step(1, 4, "satu")
    progress.step(2, 4, "dua")
    assert (fresh(claimed).done, fresh(claimed).step, fresh(claimed).percent) == (1, "satu", 25)
    pulse.is_lost = True
    with pytest.raises(Stopped):
        progress.step(3, 4, "tiga")
    running.stopping.set()
    with pytest.raises(Interrupted):
        progress.step(3, 4, "tiga")


@pytest.mark.parametrize("change", ["conflict", "membership", "inactive"])
def test_a_scope_closes_when_a_right_is_lost(change):
    _, rows = agency(2)
    user = reviewer(rows[0])
    scope = access.scope_of(user, Assessment.objects.visible_to(user).select_related("unit"))
    assert scope == {str(rows[0].pk): ["prelim", "tpi", "tpn", "unit"]}
    assert access.is_open(user, scope)
    assert not access.is_open(user, scope | {str(rows[1].pk): ["unit"]})
    if change == "conflict":
        Conflict.objects.create(assessment=rows[0], user=user, reason="Kerabat", declared_at=timezone.now())
    elif change == "membership":
        TeamMember.objects.filter(user=user).delete()
    else:
        user.is_active = False
    assert not access.is_open(user, scope)


def test_a_stage_that_is_hidden_again_closes_a_file():
    _, rows = agency(1)
    head = member(rows[0].unit, Role.HEAD)
    Assessment.objects.filter(pk=rows[0].pk).update(state="fulfils")
    scope = access.scope_of(head, Assessment.objects.visible_to(head).select_related("unit"))
    assert scope == {str(rows[0].pk): ["prelim", "tpi", "unit"]}
    Assessment.objects.filter(pk=rows[0].pk).update(state="review")
    assert not access.is_open(head, scope)
    assert access.is_open(head, {str(rows[0].pk): ["unit"]})


def test_files_go_after_their_days_and_what_no_job_names_too(capsys):
    owner, rows = agency(2)
    old, new = lke_job(owner, rows[:1]), lke_job(owner, rows[1:])
    work_off()
    Job.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=8))
    DBTaskResult.objects.filter(pk=old.task).update(finished_at=timezone.now() - timedelta(days=8))
    for name, age in (("yatim", 3 * 3600), ("setengah.part", 3 * 3600), ("baru.part", 60)):
        path = files.path_of(name)
        path.write_bytes(b"x")
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    call_command("clear_jobs")
    assert capsys.readouterr().out == "1 jobs and 2 files without a job removed.\n"
    assert list(Job.objects.all()) == [new]
    assert results() == sorted([fresh(new).stored_name, "baru.part"])
    assert DBTaskResult.objects.get().pk == new.task


def test_pending_jobs_are_never_cleared():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    Job.objects.update(asked_at=timezone.now() - timedelta(days=90))
    assert clearing.clear_jobs() == (0, 0)
    assert fresh(job).state == State.QUEUED


def test_the_command_does_what_waits_and_ends():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    call_command("job_worker", "--once")
    assert fresh(job).state == State.DONE
    with pytest.raises(CommandError):
        call_command("job_worker", "--interval", "nan")


def test_the_zip_is_never_held_in_memory(monkeypatch):
    """Each document is written before the next one is drawn."""
    owner, rows = agency(4)
    job = lke_job(owner, rows)
    sizes = []

    def draw(lke):
        part = next(files.folder().glob("*.part"))
        sizes.append(part.stat().st_size)
        return os.urandom(300_000)

    monkeypatch.setattr(workbook, "build", draw)
    work_off()
    assert [size // 290_000 for size in sizes] == [0, 1, 2, 3]
    assert fresh(job).size > 1_200_000
    assert UserFactory().jobs.count() == 0
