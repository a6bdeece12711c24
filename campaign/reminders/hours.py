"""The hours in which a campaign speaks to people: its zone, its quiet hours, its working days."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import chinese_calendar

from campaign.models import Campaign, ReminderSettings

SATURDAY = 5


def hours_of(campaigns: Iterable[Campaign]) -> dict[int, ReminderSettings]:
    """Each campaign's hours by its id, in one query; who set nothing has the defaults."""
    by_campaign = {campaign.pk: ReminderSettings(campaign=campaign) for campaign in campaigns}
    kept = ReminderSettings.objects.filter(campaign__in=by_campaign)
    return by_campaign | {hours.campaign_id: hours for hours in kept}


def day_in(hours: ReminderSettings, at: datetime) -> date:
    """The day of a moment where the campaign is."""
    return at.astimezone(hours.zone).date()


def moment_of(hours: ReminderSettings, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=hours.zone)


def is_workday(day: date) -> bool:
    """By the calendar of Chinese public holidays and make-up workdays, as far as it reaches."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < SATURDAY  # a year that has not been announced yet, or long ago


def speaks_on(hours: ReminderSettings, day: date) -> bool:
    """Whether the campaign has a digest on that day."""
    return not hours.working_days_only or is_workday(day)


def next_digest(hours: ReminderSettings, day: date) -> datetime:
    """When the first digest after that day is told."""
    day += timedelta(days=1)
    while not speaks_on(hours, day):
        day += timedelta(days=1)
    return moment_of(hours, day, hours.digest_at)


def quiet_until(hours: ReminderSettings, at: datetime) -> datetime | None:
    """The end of the quiet hours that a moment is in; None outside of them.

    They may reach over midnight; the same hour twice means that there are none.
    """
    local = at.astimezone(hours.zone)
    begin, end, now = hours.quiet_from, hours.quiet_until, local.time()
    over_midnight = begin > end
    is_quiet = (now >= begin or now < end) if over_midnight else begin <= now < end
    if not is_quiet:
        return None
    ends_tomorrow = over_midnight and now >= begin
    return moment_of(hours, local.date() + timedelta(days=int(ends_tomorrow)), end)
