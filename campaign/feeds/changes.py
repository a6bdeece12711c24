"""What has changed in a calendar since it was last read: a moved thing is a newer version of it.

Calendars know an event by its UID and take a version with a higher SEQUENCE for it. What is due
is derived, so nobody else knows when a title or a day became another one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from campaign.feeds.entries import Entry

# What has been away for so long may begin anew.
REMEMBERED = timedelta(days=400)


@dataclass(frozen=True)
class Version:
    """How often a thing changed since it was first shown, and when it last did."""

    mark: str
    sequence: int
    changed_at: datetime

    def as_data(self) -> list:
        return [self.mark, self.sequence, self.changed_at.isoformat()]

    @classmethod
    def of(cls, data: list) -> "Version":
        mark, sequence, changed_at = data
        return cls(mark, sequence, datetime.fromisoformat(changed_at))


@dataclass(frozen=True)
class Shown:
    """What a calendar shows: the things that are in it, and the versions of all it knows of."""

    changed_at: datetime
    things: list[str]
    versions: dict[str, Version]

    def as_data(self) -> dict:
        return {
            "at": self.changed_at.isoformat(),
            "things": self.things,
            "versions": {thing: one.as_data() for thing, one in self.versions.items()},
        }


def shown_now(entries: Iterable[Entry], before: dict, *, at: datetime) -> Shown:
    """What is shown now, knowing what was shown before (`CalendarFeed.shown`)."""
    known = {thing: Version.of(data) for thing, data in before.get("versions", {}).items()}
    at = at.replace(microsecond=0)  # as fine as calendars tell the time
    now = {each.thing: next_version(known.get(each.thing), mark_of(each), at) for each in entries}
    away = {
        thing: one
        for thing, one in known.items()
        if thing not in now and one.changed_at > at - REMEMBERED
    }
    things = sorted(now)
    is_same = things == before.get("things") and all(known.get(each) == now[each] for each in now)
    changed_at = datetime.fromisoformat(before["at"]) if is_same else at
    return Shown(changed_at, things, away | now)


def next_version(known: Version | None, mark: str, at: datetime) -> Version:
    if known is None:
        return Version(mark, 0, at)
    return known if known.mark == mark else Version(mark, known.sequence + 1, at)


def mark_of(entry: Entry) -> str:
    """Tells apart what a calendar shows of a thing."""
    told = (entry.summary, entry.url, entry.start.isoformat(), entry.end.isoformat(), entry.about)
    return sha256("\n".join(told).encode()).hexdigest()[:16]
