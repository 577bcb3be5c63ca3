"""The history keeps days in ISO form; people read them as they write them."""

import pytest

from assessment.pages import _plain


@pytest.mark.parametrize(
    ("key", "kept", "read"),
    [
        ("month", "2027-02", "Februari 2027"),
        ("due_on", "2026-05-31", "31 Mei 2026"),
        ("realised_on", "2026-11-09", "9 November 2026"),
        ("due_on", "", "—"),
        ("due_on", "31/05/2026", "31/05/2026"),
    ],
)
def test_days_are_read_in_words(key, kept, read):
    assert _plain(key, kept) == read
