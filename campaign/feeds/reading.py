"""A calendar as it is read now by its address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from campaign.feeds.calendars import as_ics, etag_of
from campaign.feeds.changes import Shown, shown_now
from campaign.feeds.entries import Entry
from campaign.feeds.mine import my_entries
from campaign.feeds.projects import project_entries
from campaign.models import CalendarFeed
from campaign.telling import language_of

# Calendars ask every few minutes; that one did today is all that anybody wants to know.
NOTED_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Reading:
    """What the address answers, and by what an unchanged answer is known."""

    ics: bytes
    language: str
    changed_at: datetime

    @property
    def etag(self) -> str:
        return etag_of(self.ics)


def read_feed(feed: CalendarFeed, *, at: datetime) -> Reading:
    """The calendar in its person's language; remembers what it showed, and that it was read."""
    language = language_of(feed.person)
    with translation.override(language):
        entries = entries_of(feed, at=at)
        shown = shown_now(entries, feed.shown, at=at)
        ics = as_ics(
            uid=f"calendar-{feed.pk}",
            name=name_of(feed),
            entries=entries,
            versions=shown.versions,
        )
    remember(feed, shown, at=at)
    return Reading(ics, language, shown.changed_at)


def entries_of(feed: CalendarFeed, *, at: datetime) -> list[Entry]:
    project = feed.project
    found = project_entries(project, at=at) if project else my_entries(feed.person, at=at)
    return sorted(found, key=lambda each: (each.start, each.thing))


def name_of(feed: CalendarFeed) -> str:
    """What calendars call it, in the language that is active."""
    if feed.project:
        return _("%(project)s · 品质提升") % {"project": feed.project}
    return _("品质提升 · 我的期限")


def remember(feed: CalendarFeed, shown: Shown, *, at: datetime) -> None:
    """Writes only what is new, since calendars read far more often than anything changes."""
    changes: dict = {}
    if shown.as_data() != feed.shown:
        changes["shown"] = shown.as_data()
    if feed.read_at is None or feed.read_at < at - NOTED_AGAIN_AFTER:
        changes["read_at"] = at
    if changes:
        CalendarFeed.objects.filter(pk=feed.pk).update(**changes)
