import errno
import gc
import hashlib
import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import storages

from evidence import storage
from evidence.storage import Health, Incoming
from evidence.tests.storing import content_of, descriptors, failing, files_below, incoming, kept

DAY = timedelta(days=1)


def test_content_lies_under_its_hash_readable_by_the_group_and_writable_by_nobody(media):
    sha256 = kept(b"satu")
    assert sha256 == hashlib.sha256(b"satu").hexdigest()
    assert files_below(media) == [storage.name_of(sha256)] == [f"{sha256[:2]}/{sha256[2:4]}/{sha256}"]
    path = media / storage.name_of(sha256)
    assert path.read_bytes() == b"satu"
    assert stat.S_IMODE(path.stat().st_mode) == 0o440
    assert [stat.S_IMODE(p.stat().st_mode) for p in (media, path.parent, path.parent.parent)] == [0o750] * 3
    assert files_below(media.parent / "incoming") == []


def test_folders_get_their_mode_whatever_the_umask(media):
    before = os.umask(0o077)
    try:
        sha256 = kept()
    finally:
        os.umask(before)
    folder = (media / storage.name_of(sha256)).parent
    assert [stat.S_IMODE(p.stat().st_mode) for p in (media, folder, folder.parent)] == [0o750] * 3


def test_a_file_on_its_way_in_is_hashed_and_counted_as_it_is_written():
    with Incoming.begin() as made:
        made.write(b"sa")
        assert (made.size, made.sha256) == (2, "")
        made.write(b"tu")
        made.finish()
        made.finish()
        assert (made.size, made.sha256) == (4, hashlib.sha256(b"satu").hexdigest())
        with made.open() as file:
            assert file.read() == b"satu"
        assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


def test_an_empty_file_can_be_kept():
    sha256 = kept(b"")
    assert (storage.size_of(sha256), content_of(sha256), storage.verify(sha256)) == (0, b"", Health.OK)


def test_a_file_that_is_not_finished_can_neither_be_read_nor_kept(media):
    with Incoming.begin() as made:
        made.write(b"separuh")
        with pytest.raises(ValueError, match="not finished"):
            made.open()
        with pytest.raises(ValueError, match="Not a SHA-256"):
            storage.keep(made)
    assert files_below(media.parent) == []


def test_a_finished_or_discarded_file_takes_nothing_more():
    made = incoming()
    with pytest.raises(ValueError, match="closed"):
        made.write(b"lagi")
    made.discard()
    made.discard()
    discarded = Incoming.begin()
    discarded.discard()
    with pytest.raises(ValueError, match="discarded"):
        discarded.finish()


def test_an_exception_leaves_neither_temporary_file_nor_descriptor(media):
    before = descriptors()
    with pytest.raises(RuntimeError), Incoming.begin() as made:
        made.write(b"separuh")
        raise RuntimeError
    assert files_below(media.parent) == []
    assert descriptors() == before


def test_a_file_that_nobody_holds_any_more_is_removed(media):
    before = descriptors()
    made = Incoming.begin()
    made.write(b"separuh")
    del made
    gc.collect()
    assert files_below(media.parent) == []
    assert descriptors() == before


def test_a_full_disk_is_told_and_leaves_nothing(media, monkeypatch):
    before = descriptors()
    with pytest.raises(OSError, match="No space left"), Incoming.begin() as made:
        made.write(b"isi")
        monkeypatch.setattr(os, "fsync", failing(errno.ENOSPC))
        made.finish()
    assert made.sha256 == ""
    assert files_below(media.parent) == []
    assert descriptors() == before


@pytest.mark.parametrize("step", ["fchmod", "utime", "fsync", "replace", "mkdir"])
def test_a_failure_while_keeping_leaves_no_content_and_no_temporary_file(media, monkeypatch, step):
    before = descriptors()
    with incoming() as made, monkeypatch.context() as patch:
        patch.setattr(os, step, failing(errno.EIO))
        with pytest.raises(OSError, match="Input/output error"):
            storage.keep(made)
    assert list(storage.all_names()) == []
    assert files_below(media.parent) == []
    assert descriptors() == before
    assert storage.verify(kept()) == Health.OK


@pytest.mark.parametrize("last", [1, 2, 3])
def test_a_failure_after_the_rename_is_told_and_the_content_is_whole(media, monkeypatch, last):
    """The fsyncs of the folders: nothing is acknowledged, yet nothing half lies there."""
    kept(b"lain")  # the folder of the store exists
    with incoming() as made, monkeypatch.context() as patch:
        patch.setattr("evidence.storage.files.sync_folder", counted_failure(last + folders_to_make(media, made)))
        with pytest.raises(OSError, match="Input/output error"):
            storage.keep(made)
    assert storage.verify(made.sha256) == Health.OK
    assert files_below(media.parent / "incoming") == []


def folders_to_make(media, made):
    folder = (media / storage.name_of(made.sha256)).parent
    return [folder.is_dir(), folder.parent.is_dir()].count(False)


def counted_failure(number):
    calls = []

    def fail(*args):
        calls.append(args)
        if len(calls) == number:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    return fail


def test_file_and_folders_are_on_the_disk_in_this_order_before_keep_returns(media, monkeypatch):
    kept()
    steps = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor):
        steps.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    def watched_replace(source, target):
        steps.append("replace")
        replace(source, target)

    with incoming() as made:
        monkeypatch.setattr(os, "fsync", watched_fsync)
        monkeypatch.setattr(os, "replace", watched_replace)
        storage.keep(made)
    folder = (media / storage.name_of(made.sha256)).parent
    assert steps == [str(made.path), "replace", str(folder), str(folder.parent), str(media)]


def test_new_folders_are_on_the_disk_too(media, monkeypatch):
    synced = []
    monkeypatch.setattr("evidence.storage.files.sync_folder", synced.append)
    sha256 = kept()
    folder = (media / storage.name_of(sha256)).parent
    assert synced == [media.parent, media, folder.parent, folder, folder.parent, media]


def test_identical_content_is_stored_once(media):
    assert kept(b"sama") == kept(b"sama")
    assert len(files_below(media)) == 1


def test_keeping_heals_damaged_content(media):
    sha256 = kept(b"utuh")
    path = media / storage.name_of(sha256)
    path.chmod(0o640)
    path.write_bytes(b"rusak")
    assert storage.verify(sha256) == Health.DAMAGED
    kept(b"utuh")
    assert (storage.verify(sha256), content_of(sha256)) == (Health.OK, b"utuh")


def test_who_reads_old_content_while_it_is_replaced_reads_it_whole():
    content = b"x" * 300_000
    sha256 = kept(content)
    with storage.open_content(sha256) as file:
        start = file.read(10)
        kept(content)
        assert start + file.read() == content


def test_missing_content_is_named_missing(media):
    sha256 = hashlib.sha256(b"tiada").hexdigest()
    assert (storage.size_of(sha256), storage.verify(sha256)) == (None, Health.MISSING)
    with pytest.raises(FileNotFoundError):
        storage.open_content(sha256)
    with pytest.raises(FileNotFoundError), storage.local_path(sha256):
        pytest.fail("no such content")
    assert not media.exists()


def test_truncated_content_is_damaged(media):
    sha256 = kept(b"a" * 3_000_000)
    assert storage.verify(sha256) == Health.OK
    path = media / storage.name_of(sha256)
    path.chmod(0o640)
    os.truncate(path, 2_999_999)
    assert storage.verify(sha256) == Health.DAMAGED


@pytest.mark.parametrize(("number", "health"), [(errno.EIO, Health.DAMAGED), (errno.EACCES, None)])
def test_a_disk_that_cannot_read_is_damage_and_a_missing_right_is_not(monkeypatch, number, health):
    sha256 = kept()
    monkeypatch.setattr("evidence.storage.content.open_content", failing(number))
    if health:
        assert storage.verify(sha256) == health
    else:
        with pytest.raises(PermissionError):
            storage.verify(sha256)


@pytest.mark.parametrize(
    "sha256",
    [
        "",
        "a" * 63,
        "a" * 65,
        "A" * 64,
        "../../etc/passwd",
        "../" * 21 + "a",
        "/" + "a" * 63,
        "a" * 63 + "\n",
        "a" * 64 + "\n",
    ],
)
def test_only_a_hash_names_content(media, sha256):
    for ask in (storage.name_of, storage.open_content, storage.size_of, storage.verify):
        with pytest.raises(ValueError, match="Not a SHA-256"):
            ask(sha256)
    with pytest.raises(ValueError, match="Not a SHA-256"):
        storage.reclaim(sha256, older_than=DAY, is_wanted=lambda: False)


def test_the_storage_itself_never_leaves_its_folder_and_has_no_address(media):
    with pytest.raises(SuspiciousFileOperation):
        storages["evidence"].open("../incoming/x")
    with pytest.raises(ValueError, match="only handed out by a view"):
        storages["evidence"].url("aa/bb/x")


def test_the_storage_follows_media_root_unless_a_place_is_named(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "sini"
    made = storage.ContentFileStorage()
    assert made.location == str(tmp_path / "sini" / "evidence")
    settings.MEDIA_ROOT = tmp_path / "sana"
    assert made.location == str(tmp_path / "sana" / "evidence")


def test_a_local_path_is_the_content_itself(media):
    sha256 = kept(b"halaman")
    with storage.local_path(sha256) as path:
        assert path == media / storage.name_of(sha256)
    assert path.read_bytes() == b"halaman"


def test_abandoned_temporary_files_are_swept_and_others_stay(media):
    old, new, kept_open = incoming(b"lama"), incoming(b"baru"), Incoming.begin()
    stranger = old.path.with_name("catatan.txt")
    stranger.write_text("bukan milik portal")
    for path in (old.path, stranger):
        os.utime(path, (1, 1))
    assert storage.sweep_incoming(DAY) == (1, 4)
    assert files_below(old.path.parent) == sorted([new.path.name, kept_open.path.name, "catatan.txt"])
    assert storage.sweep_incoming(DAY) == (0, 0)


def test_sweeping_does_not_count_a_file_that_was_kept_meanwhile(monkeypatch):
    with incoming() as made:
        os.utime(made.path, (1, 1))
        with monkeypatch.context() as patch:
            patch.setattr(os, "unlink", failing(errno.ENOENT))
            assert storage.sweep_incoming(DAY) == (0, 0)


UPLOADER = """
import sys
from django.conf import settings
settings.configure(
    USE_TZ=True,
    EVIDENCE_INCOMING_DIR=sys.argv[1] + "/incoming",
    STORAGES={"evidence": {
        "BACKEND": "evidence.storage.ContentFileStorage", "OPTIONS": {"location": sys.argv[1] + "/evidence"}
    }},
)
from evidence import storage
for number in range(100_000):
    with storage.Incoming.begin() as made:
        for _ in range(20):
            made.write(b"%d" % number * 2000)
        made.finish()
        storage.keep(made)
        print(made.sha256, flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 20, 37])
def test_a_killed_process_loses_nothing_it_acknowledged_and_leaves_nothing_half(media, acknowledged):
    command = [sys.executable, "-c", UPLOADER, str(media.parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        told = [process.stdout.readline().strip() for _ in range(acknowledged)]
        process.kill()
        told += process.stdout.read().split()
    names = [sha256 for sha256, _ in storage.all_names()]
    assert process.returncode == -9
    assert set(told) <= set(names)
    assert len(names) - len(told) in {0, 1}  # one may be whole and not yet told
    assert {storage.verify(sha256) for sha256 in names} == {Health.OK}
    assert storage.sweep_incoming(-DAY).files in {0, 1}
    assert files_below(media.parent / "incoming") == []
