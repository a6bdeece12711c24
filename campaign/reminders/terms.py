"""A campaign's rules and hours, read from its rows into plain values."""

from datetime import date, datetime

from campaign.models import Campaign, ReminderSettings
from campaign.models.reminder_rules import COMPANY_ZONE
from campaign.reminders.rules import Terms


def terms_of(campaign: Campaign) -> Terms:
    """Two queries; a campaign that was never given any reminds as the plan does."""
    hours = ReminderSettings.objects.filter(campaign=campaign).first()
    if hours is None:
        return Terms()
    rules = campaign.reminder_rules.active().values_list("kind", "days")
    return Terms(
        rules=frozenset(rules),
        zone=hours.zone,
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
