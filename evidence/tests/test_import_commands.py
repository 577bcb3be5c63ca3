"""evidence_export and evidence_import: the same as the pages, for the command line."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from assessment.tests.factories import member, opened
from evidence.models import Attachment, Blob, Document, ImportBatch

from .factories import attachment, document
from .test_importing import in_tree, text, zipped

pytestmark = pytest.mark.django_db
SOURCES = ["zip", "folder"]


@pytest.fixture
def user(assessment):
    return member(assessment.unit)


def source_of(kind, tmp_path, files):
    if kind == "zip":
        path = tmp_path / "bukti.zip"
        path.write_bytes(zipped(files))
        return path
    for name, content in files.items():
        path = tmp_path / "LKE" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "LKE"


def run(assessment, source, user, **options):
    out = io.StringIO()
    call_command(
        "evidence_import", assessment.unit.code, str(source), year=2026, by=user.username, stdout=out, **options
    )
    return json.loads(out.getvalue())


@pytest.mark.parametrize("kind", SOURCES)
def test_sure_files_are_attached_and_every_file_is_told(assessment, user, tmp_path, kind):
    files = in_tree(assessment, ["A.I.1.i.a", "B.I.a"]) | {"lepas.txt": text("lepas"), "jahat.txt": b"#!/bin/sh\n"}
    report = run(assessment, source_of(kind, tmp_path, files), user)
    assert {k: report[k] for k in ("attached", "refused", "unknown")} == {"attached": 2, "refused": 1, "unknown": 1}
    assert {row["code"] for row in report["files"] if row["attached"]} == {"A.I.1.i.a", "B.I.a"}
    assert Attachment.objects.filter(attached_by=user).count() == 2
    again = run(assessment, source_of(kind, tmp_path, files), user)
    assert (again["attached"], Attachment.objects.count(), Document.objects.count()) == (0, 2, 2)


@pytest.mark.parametrize("kind", SOURCES)
def test_a_dry_run_writes_nothing(assessment, user, tmp_path, kind, media):
    report = run(assessment, source_of(kind, tmp_path, in_tree(assessment, ["A.I.1.i.a"])), user, dry_run=True)
    assert [(row["code"], row["confidence"], row["attached"]) for row in report["files"]] == [
        ("A.I.1.i.a", "sure", False)
    ]
    assert (ImportBatch.objects.count(), Blob.objects.count(), media.exists()) == (0, 0, False)


def test_an_unusable_zip_is_an_error_and_nothing_is_written(assessment, user, tmp_path):
    path = tmp_path / "rusak.zip"
    path.write_bytes(b"bukan zip")
    for dry_run in (True, False):
        with pytest.raises(CommandError, match="ZIP"):
            run(assessment, path, user, dry_run=dry_run)
    assert (ImportBatch.objects.count(), Blob.objects.count()) == (0, 0)


def test_what_does_not_exist_is_said(assessment, user, tmp_path):
    with pytest.raises(CommandError, match="does not exist"):
        run(assessment, tmp_path / "tiada.zip", user)
    with pytest.raises(CommandError, match="no active user"):
        call_command("evidence_import", assessment.unit.code, str(tmp_path), year=2026, by="tiada")


def test_a_closed_assessment_is_an_error(instrument, tmp_path):
    closed = opened(state="review")
    source = source_of("folder", tmp_path, in_tree(closed, ["A.I.1.i.a"]))
    with pytest.raises(CommandError, match="tidak sedang dibuka"):
        run(closed, source, member(closed.unit))
    assert (ImportBatch.objects.count(), Attachment.objects.count()) == (0, 0)


def test_the_export_is_written_whole(assessment, tmp_path):
    attachment(assessment, doc=document(assessment.unit, title="SK Tim Kerja"))
    path = tmp_path / "keluar.zip"
    out = io.StringIO()
    call_command("evidence_export", assessment.unit.code, year=2026, output=path, stdout=out)
    assert out.getvalue() == f"{path}: {path.stat().st_size} bytes.\n"
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        assert sum(name.endswith(".pdf") for name in found.namelist()) == 1
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("evidence_export", assessment.unit.code, year=2026, output=tmp_path / "tiada" / "x.zip")
