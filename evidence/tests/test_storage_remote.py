"""A storage that is no file system, as an S3-compatible service is."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages

from evidence import storage
from evidence.storage import Health
from evidence.tests.storing import content_of, files_below, incoming, kept

DAY = timedelta(days=1)
OLD = datetime(2020, 1, 1, tzinfo=UTC)


class Bucket(InMemoryStorage):
    """Overwrites, and has no paths."""

    def get_available_name(self, name, max_length=None):
        return name

    def _save(self, name, content):
        if self.exists(name):
            self.delete(name)
        return super()._save(name, content)

    def age(self, name):
        self._resolve(name).modified_time = OLD


class Refusing(InMemoryStorage):
    """Never overwrites: a second file gets another name."""


class Truncating(Bucket):
    """Loses the end of what it is sent."""

    def _save(self, name, content):
        return super()._save(name, ContentFile(content.read()[:-1]))


@pytest.fixture(autouse=True)
def bucket(settings, media):
    return used(settings, "Bucket")


def used(settings, name):
    settings.STORAGES = settings.STORAGES | {"evidence": {"BACKEND": f"{__name__}.{name}"}}
    return storages["evidence"]


def unwanted():
    return False


def test_content_goes_there_and_comes_back_and_nothing_stays_here(settings):
    sha256 = kept(b"jauh")
    assert (content_of(sha256), storage.size_of(sha256), storage.verify(sha256)) == (b"jauh", 4, Health.OK)
    assert [found for found, _ in storage.all_names()] == [sha256]
    assert files_below(settings.EVIDENCE_INCOMING_DIR) == []


def test_the_temporary_file_goes_as_soon_as_the_content_is_there(settings):
    made = incoming(b"jauh")
    storage.keep(made)
    assert files_below(settings.EVIDENCE_INCOMING_DIR) == []
    assert not made.path.exists()


def test_missing_content_is_named_missing():
    sha256 = hashlib.sha256(b"tiada").hexdigest()
    assert (storage.size_of(sha256), storage.verify(sha256)) == (None, Health.MISSING)
    with pytest.raises(FileNotFoundError), storage.local_path(sha256):
        pytest.fail("no such content")
    assert not storage.reclaim(sha256, older_than=DAY, is_wanted=unwanted)


def test_keeping_heals_damaged_content_and_makes_it_fresh(bucket):
    sha256 = kept(b"utuh")
    bucket.save(storage.name_of(sha256), ContentFile(b"usak"))
    bucket.age(storage.name_of(sha256))
    assert storage.verify(sha256) == Health.DAMAGED
    kept(b"utuh")
    assert storage.verify(sha256) == Health.OK
    assert not storage.reclaim(sha256, older_than=DAY, is_wanted=unwanted)


def test_a_local_path_is_a_copy_for_as_long_as_it_is_needed(settings):
    sha256 = kept(b"halaman")
    with storage.local_path(sha256) as path:
        assert path.read_bytes() == b"halaman"
        assert files_below(settings.EVIDENCE_INCOMING_DIR) == [path.name]
    assert files_below(settings.EVIDENCE_INCOMING_DIR) == []


def test_an_old_orphan_is_removed_and_nothing_else(bucket):
    orphan, wanted, fresh = kept(b"yatim"), kept(b"dirujuk"), kept(b"baru")
    bucket.age(storage.name_of(orphan))
    bucket.age(storage.name_of(wanted))
    assert storage.reclaim(orphan, older_than=DAY, is_wanted=unwanted)
    assert not storage.reclaim(wanted, older_than=DAY, is_wanted=lambda: True)
    assert not storage.reclaim(fresh, older_than=DAY, is_wanted=unwanted)
    assert sorted(found for found, _ in storage.all_names()) == sorted([wanted, fresh])


def test_what_is_kept_during_the_question_stays(bucket):
    sha256 = kept(b"yatim")
    bucket.age(storage.name_of(sha256))

    def kept_meanwhile():
        kept(b"yatim")
        return False

    assert not storage.reclaim(sha256, older_than=DAY, is_wanted=kept_meanwhile)
    assert storage.verify(sha256) == Health.OK


def test_a_storage_that_never_overwrites_gets_no_copies(settings):
    used(settings, "Refusing")
    sha256 = kept(b"sama")
    assert kept(b"sama") == sha256
    assert [found for found, _ in storage.all_names()] == [sha256]
    assert list(storage.strange_names()) == []


def test_what_did_not_arrive_whole_is_not_acknowledged(settings):
    used(settings, "Truncating")
    with incoming(b"panjang") as made, pytest.raises(OSError, match="does not hold what was sent"):
        storage.keep(made)
    assert files_below(settings.EVIDENCE_INCOMING_DIR) == []
