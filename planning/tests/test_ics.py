"""The calendar file, read back by a library of its own."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from planning import ics
from planning.ics import EVENT, TODO, Entry, calendar, folded

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cc", "Cs"]) | st.just("\n"))


def entry(**changes):
    values = {
        "uid": "a@portal", "sequence": 2, "stamp": datetime(2026, 3, 1, 7, 30, tzinfo=UTC), "due": date(2026, 5, 31),
        "summary": "A.I.1.i.a SK", "description": "Baris", "categories": "Manajemen Perubahan", "status": "planned",
        "done_on": None, "url": "",
    }  # fmt: skip
    return Entry(**(values | changes))


def read(content, kind):
    (found,) = Calendar.from_ical(content).walk(kind)
    return found


def test_an_action_is_a_whole_day_that_blocks_nothing():
    found = read(calendar("Rencana", [entry(url="https://zi.contoh.go.id/x/")]), "VEVENT")
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (date(2026, 5, 31), date(2026, 6, 1))
    assert (str(found["UID"]), found["SEQUENCE"], str(found["TRANSP"])) == ("a@portal", 2, "TRANSPARENT")
    assert found.decoded("DTSTAMP") == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
    assert str(found["URL"]) == "https://zi.contoh.go.id/x/"


@pytest.mark.parametrize(
    ("status", "state"),
    [("planned", "NEEDS-ACTION"), ("running", "IN-PROCESS"), ("done", "COMPLETED"), ("cancelled", "CANCELLED")],
)
def test_an_action_is_a_task_with_its_state(status, state):
    done_on = date(2026, 4, 2) if status == "done" else None
    found = read(calendar("Rencana", [entry(status=status, done_on=done_on)], kind=TODO), "VTODO")
    assert (str(found["STATUS"]), found.decoded("DUE")) == (state, date(2026, 5, 31))
    assert ("COMPLETED" in found) is (status == "done")
    if done_on:
        assert found.decoded("COMPLETED").date() == done_on


@given(TEXTS, TEXTS)
def test_any_text_comes_back_as_it_was(summary, description):
    content = calendar("Rencana", [entry(summary=summary, description=description)])
    found = read(content, "VEVENT")
    assert (str(found["SUMMARY"]), str(found["DESCRIPTION"])) == (summary, description)


@given(TEXTS)
def test_lines_are_short_and_no_letter_is_split(text):
    line = "SUMMARY:" + ics.escaped(text)
    content = folded(line)
    rows = content.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(row) <= 75 for row in rows)
    assert b"".join([rows[0], *(row[1:] for row in rows[1:])]) == line.encode()
    assert all(row.decode() for row in rows)


def test_nobody_smuggles_a_line_in():
    content = calendar("Rencana", [entry(summary="x\r\nEND:VEVENT\r\nBEGIN:VALARM\nTRIGGER:-PT1M\0\x0b")])
    assert [c.name for c in Calendar.from_ical(content).walk()] == ["VCALENDAR", "VEVENT"]
    assert all(row == row.strip(b"\n\r\0\x0b") for row in content.split(b"\r\n"))


def test_every_line_ends_as_the_standard_asks_and_the_head_is_whole():
    content = calendar("Rencana, tahun; ini", [entry(), entry(uid="b@portal")])
    assert content.count(b"\n") == content.count(b"\r\n")
    whole = Calendar.from_ical(content)
    assert [str(whole[name]) for name in ("VERSION", "METHOD")] == ["2.0", "PUBLISH"]
    assert b"X-WR-CALNAME:Rencana\\, tahun\\; ini\r\n" in content
    assert [str(e["UID"]) for e in whole.walk(EVENT)] == ["a@portal", "b@portal"]
