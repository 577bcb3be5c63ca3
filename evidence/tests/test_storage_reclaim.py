import errno
import os
import threading
from datetime import UTC, datetime, timedelta

import pytest

from evidence import storage
from evidence.storage import Health
from evidence.tests.storing import failing, files_below, incoming, kept

DAY = timedelta(days=1)
OLD = datetime(2020, 1, 1, tzinfo=UTC)


def old(media, content=b"yatim"):
    """Keep content that arrived long ago; return its hash and path."""
    sha256 = kept(content)
    path = media / storage.name_of(sha256)
    os.utime(path, (OLD.timestamp(), OLD.timestamp()))
    return sha256, path


def unwanted():
    return False


def test_an_old_orphan_is_removed_and_nothing_else(media):
    sha256, path = old(media)
    other = kept(b"lain")
    assert storage.reclaim(sha256, older_than=DAY, is_wanted=unwanted)
    assert not path.exists()
    assert files_below(media) == [storage.name_of(other)]
    assert not storage.reclaim(sha256, older_than=DAY, is_wanted=unwanted)


def test_what_is_wanted_or_fresh_stays(media):
    sha256, path = old(media)
    assert not storage.reclaim(sha256, older_than=DAY, is_wanted=lambda: True)
    fresh = kept(b"baru")
    assert not storage.reclaim(fresh, older_than=DAY, is_wanted=pytest.fail)
    assert path.stat().st_mtime == OLD.timestamp()
    assert (storage.verify(sha256), storage.verify(fresh)) == (Health.OK, Health.OK)
    assert len(files_below(media)) == 2


def test_keeping_again_makes_old_content_fresh(media):
    sha256, _ = old(media)
    kept(b"yatim")
    assert not storage.reclaim(sha256, older_than=DAY, is_wanted=unwanted)
    assert storage.verify(sha256) == Health.OK


def test_a_file_that_waited_long_before_it_was_kept_is_fresh():
    with incoming() as made:
        os.utime(made.path, (1, 1))
        storage.keep(made)
    assert not storage.reclaim(made.sha256, older_than=DAY, is_wanted=unwanted)


def asked_then(*answers):
    """Return an `is_wanted` that gives these answers in turn; an answer may be a function."""
    left = list(answers)

    def is_wanted():
        answer = left.pop(0)
        return answer() if callable(answer) else answer

    return is_wanted


def test_what_becomes_wanted_while_it_is_set_aside_comes_back(media):
    sha256, _ = old(media)
    assert not storage.reclaim(sha256, older_than=DAY, is_wanted=asked_then(False, True))
    assert storage.verify(sha256) == Health.OK
    assert files_below(media) == [storage.name_of(sha256)]


def test_what_is_kept_between_the_look_and_setting_aside_comes_back(media):
    sha256, _ = old(media)

    def kept_meanwhile():
        kept(b"yatim")
        return False

    assert not storage.reclaim(sha256, older_than=DAY, is_wanted=asked_then(kept_meanwhile, False))
    assert storage.verify(sha256) == Health.OK
    assert files_below(media) == [storage.name_of(sha256)]


@pytest.mark.parametrize("wanted", [True, False])
def test_what_is_kept_while_the_old_file_is_aside_is_the_one_that_stays(media, wanted):
    sha256, path = old(media)
    path.chmod(0o640)
    path.write_bytes(b"rusak")
    os.utime(path, (OLD.timestamp(), OLD.timestamp()))

    def kept_meanwhile():
        kept(b"yatim")
        return wanted

    storage.reclaim(sha256, older_than=DAY, is_wanted=asked_then(False, kept_meanwhile))
    assert storage.verify(sha256) == Health.OK
    assert path.stat().st_mtime > OLD.timestamp()
    assert files_below(media) == [storage.name_of(sha256)]


def test_two_that_reclaim_at_once_do_not_remove_what_the_other_has_set_aside(media):
    """The second takes the fresh file aside while the first removes the old one."""
    sha256, path = old(media)

    def second():
        kept(b"yatim")
        store_of = storage.files.ContentFileStorage(media)
        found = []

        def look(modified):
            found.append(len(list(path.parent.glob("*.aside"))))
            return False

        store_of.remove_if(storage.name_of(sha256), look)
        assert found == [2]
        return False

    assert storage.reclaim(sha256, older_than=DAY, is_wanted=asked_then(False, second))
    assert storage.verify(sha256) == Health.OK
    assert files_below(media) == [storage.name_of(sha256)]


def test_a_question_that_fails_puts_the_content_back(media):
    sha256, _ = old(media)

    def broken():
        raise ConnectionError

    with pytest.raises(ConnectionError):
        storage.reclaim(sha256, older_than=DAY, is_wanted=asked_then(False, broken))
    assert storage.verify(sha256) == Health.OK
    assert files_below(media) == [storage.name_of(sha256)]


def local_content(sha256):
    with storage.local_path(sha256) as path:
        return path.read_bytes()


@pytest.fixture
def stopped(media):
    """Leave content set aside, as a process that was killed in the middle does."""
    sha256, path = old(media)
    path.rename(path.with_name(f"{path.name}.0123456789abcdef.aside"))
    return sha256


@pytest.mark.parametrize(
    "look",
    [
        lambda sha256: storage.verify(sha256) == Health.OK,
        lambda sha256: storage.size_of(sha256) == 5,
        lambda sha256: [found for found, _ in storage.all_names()] == [sha256],
        lambda sha256: local_content(sha256) == b"yatim",
    ],
)
def test_whoever_looks_for_what_a_killed_process_had_set_aside_finds_it(media, stopped, look):
    assert look(stopped)
    assert files_below(media) == [storage.name_of(stopped)]


def test_what_was_set_aside_long_ago_gives_way_to_newer_content(media, stopped):
    kept(b"yatim")
    path = media / storage.name_of(stopped)
    modified = path.stat().st_mtime
    storage.files.ContentFileStorage(media).put_back(storage.name_of(stopped))
    assert path.stat().st_mtime == modified
    assert files_below(media) == [storage.name_of(stopped)]


def test_content_is_listed_once_where_something_was_set_aside_beside_it(media, stopped):
    kept(b"yatim")
    assert [found for found, _ in storage.all_names()] == [stopped]
    assert len(list(storage.strange_names())) == 0


def test_without_hard_links_content_comes_back_too(media, stopped, monkeypatch):
    monkeypatch.setattr(os, "link", failing(errno.EOPNOTSUPP))
    assert storage.verify(stopped) == Health.OK
    assert files_below(media) == [storage.name_of(stopped)]


def test_a_reader_that_puts_back_during_the_decision_wins(media):
    sha256, _ = old(media)
    assert not storage.reclaim(
        sha256, older_than=DAY, is_wanted=asked_then(False, lambda: storage.verify(sha256) != Health.OK)
    )
    assert storage.verify(sha256) == Health.OK


def test_names_come_with_their_time_and_strangers_apart(media):
    sha256, _ = old(media)
    fresh = kept(b"baru")
    folder = (media / storage.name_of(fresh)).parent
    strangers = [
        media / "catatan.txt",
        folder / "x",
        folder / fresh.upper(),
        folder / f"{fresh}.tmp",
        media / "zz" / fresh,
    ]
    for path in strangers:
        path.parent.mkdir(exist_ok=True)
        path.write_text("asing")
    (folder / "dalam" / "sekali").mkdir(parents=True)
    (folder / "lingkaran").symlink_to(media)
    names = dict(storage.all_names())
    assert sorted(names) == sorted([sha256, fresh])
    assert names[sha256] == OLD
    expected = [str(p.relative_to(media)) for p in strangers]
    expected += [f"{folder.relative_to(media)}/{name}/" for name in ("dalam", "lingkaran")]
    assert sorted(storage.strange_names()) == sorted(expected)


def test_a_store_that_was_never_written_is_empty():
    assert (list(storage.all_names()), list(storage.strange_names())) == ([], [])


def raced(sha256, content):
    """Let two upload and refer while two reclaim; return what was raised."""
    rows, failures, start = set(), [], threading.Barrier(4)

    def upload():
        kept(content)
        rows.add(sha256)

    def sweep():
        for _ in range(4):
            storage.reclaim(sha256, older_than=DAY, is_wanted=lambda: sha256 in rows)

    def run(work):
        try:
            start.wait()
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=[work]) for work in (upload, upload, sweep, sweep)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_uploads_win_against_reclaiming_whatever_the_order(media):
    missing, failures = [], []
    for number in range(60):
        content = b"putaran %d" % number
        sha256, _ = old(media, content)
        failures += raced(sha256, content)
        if storage.verify(sha256) != Health.OK:
            missing.append(number)
    assert (missing, failures) == ([], [])
    assert len(files_below(media)) == 60
