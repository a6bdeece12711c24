"""Calendars as strict programs read them: two parsers that know nothing of each other."""

import re
from datetime import date
from types import SimpleNamespace

import vobject
from icalendar import Calendar

LINE_BYTES = 75
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def events_of(ics: bytes) -> dict[str, SimpleNamespace]:
    """The events by what their UID names; fails on whatever a strict reader would refuse."""
    check_lines(ics)
    calendar = Calendar.from_ical(ics)
    assert not calendar.errors
    assert not any(each.errors for each in calendar.walk())
    vobject.readOne(ics.decode(), validate=True).validate(raiseException=True)
    assert len(calendar.subcomponents) >= 1
    return {thing_of(each): seen(each) for each in calendar.walk("VEVENT")}


def check_lines(ics: bytes) -> None:
    """CRLF everywhere, at most 75 bytes between, each of them whole characters."""
    assert ics.endswith(b"\r\n")
    lines = ics.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= LINE_BYTES for line in lines)
    assert not any(byte in line for line in lines for byte in (b"\r", b"\n"))
    assert not any(CONTROL.search(line.decode()) for line in lines)


def thing_of(event) -> str:
    uid = str(event["UID"])
    assert len(uid) <= 255
    return uid.rpartition("@")[0]


def seen(event) -> SimpleNamespace:
    assert event["DTSTAMP"].dt.tzinfo
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    assert type(start) is type(end) is date
    return SimpleNamespace(
        summary=str(event["SUMMARY"]),
        description=str(event["DESCRIPTION"]),
        url=str(event["URL"]),
        start=start,
        end=end,
        sequence=int(event["SEQUENCE"]),
        changed_at=event["LAST-MODIFIED"].dt,
    )
