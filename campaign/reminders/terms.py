"""A campaign's rules and hours, read from its rows into plain values."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campaign.models import Campaign, ReminderRule, ReminderSettings
from campaign.models.reminder_rules import COMPANY_ZONE
from campaign.reminders.rules import Terms
from campaign.reminders.setting import Hours


def terms_of(campaign: Campaign) -> Terms:
    """Two queries; a campaign that was never given any reminds as the plan does."""
    return terms_of_each([campaign])[campaign.pk]


def terms_of_each(campaigns: Iterable[Campaign]) -> dict[int, Terms]:
    """The same for many, by their ids; two queries."""
    found = {campaign.pk: Terms() for campaign in campaigns}
    rules: dict[int, set[tuple[str, int]]] = {pk: set() for pk in found}
    active = ReminderRule.objects.active().filter(campaign__in=found).order_by()
    for pk, kind, days in active.values_list("campaign", "kind", "days"):
        rules[pk].add((kind, days))
    for hours in ReminderSettings.objects.filter(campaign__in=found):
        found[hours.campaign_id] = terms_from(hours, rules[hours.campaign_id])
    return found


def terms_from(hours: ReminderSettings | Hours, rules: Iterable[tuple[str, int]]) -> Terms:
    return Terms(
        rules=frozenset(rules),
        zone=ZoneInfo(hours.zone_name),
        digest_at=hours.digest_at,
        quiet_from=hours.quiet_from,
        quiet_until=hours.quiet_until,
        working_days_only=hours.working_days_only,
    )


def digest_on(day: date) -> datetime:
    """When a day's reminders go out in the company's zone: the latest of its campaigns' hours."""
    running = ReminderSettings.objects.filter(campaign__in=Campaign.objects.running())
    hours = running.filter(zone_name=COMPANY_ZONE).values_list("digest_at", flat=True)
    plain = Terms()
    return plain.moment(day, max(hours, default=plain.digest_at))
