"""A calendar as iCalendar (RFC 5545, 7986), as Outlook, Apple's and WeCom's take it.

What each of them needs beyond the standard: METHOD:PUBLISH, and X-PUBLISHED-TTL beside
REFRESH-INTERVAL (Outlook); X-WR-CALNAME beside NAME (Apple); a day's event that leaves one free
(Outlook would say "busy"); the address in the text, since few show URL; at least one component,
since none take a calendar for broken that has nothing in it.
"""

from datetime import UTC, date, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, Timezone, vDuration, vText

from campaign.feeds.changes import Version
from campaign.feeds.entries import Entry

PRODUCT = "-//Pinzhi//Quality campaign//ZH"
READ_AGAIN_AFTER = timedelta(hours=2)
ONE_DAY = timedelta(days=1)
UID_LENGTH = 255
# Tabs and line ends are all that a text may have of them.
CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}


def as_ics(*, uid: str, name: str, entries: list[Entry], versions: dict[str, Version]) -> bytes:
    """The same calendar is the same bytes, whenever it is asked for."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("uid", uid_of(uid))
    for key in ("name", "x-wr-calname"):
        calendar.add(key, text(name))
    calendar.add("x-wr-timezone", text(settings.TIME_ZONE))
    calendar.add("refresh-interval", vDuration(READ_AGAIN_AFTER, {"VALUE": "DURATION"}))
    calendar.add("x-published-ttl", vDuration(READ_AGAIN_AFTER))
    for entry in entries:
        calendar.add_component(event(entry, versions[entry.thing]))
    if not entries:
        calendar.add_component(Timezone.from_tzid(settings.TIME_ZONE, first_date=date(2000, 1, 1)))
    return calendar.to_ical()


def event(entry: Entry, version: Version) -> Event:
    changed_at = version.changed_at.astimezone(UTC)
    address = settings.SITE_URL + entry.url
    made = Event()
    made.add("uid", uid_of(entry.thing))
    made.add("dtstamp", changed_at)
    made.add("last-modified", changed_at)
    made.add("sequence", version.sequence)
    made.add("dtstart", entry.start)
    made.add("dtend", entry.end + ONE_DAY)  # the first day after it
    made.add("summary", text(" ".join(entry.summary.split())))
    made.add("description", text(f"{entry.about}\n{address}"))
    made.add("categories", [clean(entry.about)])
    made.add("url", address)
    made.add("status", "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    made.add("x-microsoft-cdo-alldayevent", "TRUE")
    made.add("x-microsoft-cdo-busystatus", "FREE")
    return made


def uid_of(name: str) -> str:
    """A name that no other installation gives."""
    host = urlsplit(settings.SITE_URL).hostname or "pinzhi"
    return f"{name}@{host}"[:UID_LENGTH]


def text(words: str) -> vText:
    return vText(clean(words))


def clean(words: str) -> str:
    """Whatever people typed, without what no calendar may carry."""
    return "\n".join(words.splitlines()).translate(CONTROLS)


def etag_of(ics: bytes) -> str:
    return f'"{sha256(ics).hexdigest()[:32]}"'
