"""A campaign's rules and hours of reminders: set whole, on record, while it has not ended."""

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, time
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign, ReminderRule, ReminderSettings
from campaign.models.reminder_rules import COMPANY_ZONE, RuleKind
from campaign.reminders.rules import DEFAULT_RULES, code_of
from organization.errors import Conflict, Refused
from organization.history import record
from organization.prepared import prepared

MOST_DAYS = 60
# Kinds of rules whose days may be none: the day itself.
ON_THE_DAY = {RuleKind.ON, RuleKind.PHASE_BEGINS, RuleKind.PHASE_ENDS}
Rules = Collection[tuple[str, int]]


@dataclass(frozen=True)
class Hours:
    """When a campaign speaks to people, in its own zone."""

    zone_name: str = COMPANY_ZONE
    digest_at: time = time(9)
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    working_days_only: bool = True

    def is_quiet_at(self, at: time) -> bool:
        """The quiet hours may go over midnight; there are none where both are the same."""
        if self.quiet_until < self.quiet_from:
            return at >= self.quiet_from or at < self.quiet_until
        return self.quiet_from <= at < self.quiet_until

    def as_words(self) -> dict:
        """As the history keeps them."""
        return asdict(self) | {
            name: f"{getattr(self, name):%H:%M}"
            for name in ("digest_at", "quiet_from", "quiet_until")
        }


def kept(campaign: Campaign) -> tuple[set[tuple[str, int]], Hours]:
    """The active rules as pairs of kind and days, and the hours; two queries.

    The plan's where nobody has set any.
    """
    hours = next(iter(settings_of(campaign=campaign.pk)), None)
    if hours is None:
        return set(DEFAULT_RULES), Hours()
    rules = set(rules_of(campaign=campaign.pk))
    return rules, Hours(**{name: getattr(hours, name) for name in Hours.__dataclass_fields__})


def set_in(*, campaign):
    return ReminderSettings.objects.filter(campaign__pk=campaign).order_by("pk")


def active_in(*, campaign):
    rules = ReminderRule.objects.active().filter(campaign__pk=campaign).order_by()
    return rules.values_list("kind", "days")


OF_CAMPAIGN = {"campaign": Campaign._meta.pk}
settings_of, rules_of = prepared(set_in, OF_CAMPAIGN), prepared(active_in, OF_CAMPAIGN)


def reminders_mark(campaign: Campaign) -> str:
    """Tells whether rules and hours still are as somebody saw them."""
    rules, hours = kept(campaign)
    return hashlib.sha256(repr((sorted(rules), hours)).encode()).hexdigest()[:16]


@transaction.atomic
def set_reminders(
    *, campaign: Campaign, rules: Rules, hours: Hours, by, at: datetime, seen: str | None = None
) -> bool:
    """Replace a campaign's rules and hours, in a draft and while it runs; whether they changed.

    What has been told stays told. Leaves one record where something changes. Raises Conflict
    when `seen` is not `reminders_mark` any more; Refused for a rule or a zone that can't be, a
    digest within the quiet hours, and after the campaign's end.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    check_open(campaign)
    if seen is not None and seen != reminders_mark(campaign):
        raise Conflict(_("您打开这一页之后，有人改了提醒设置。"), theirs=campaign)
    check_rules(rules)
    check_hours(hours)
    was = kept(campaign)
    if was == (set(rules), hours):
        return False
    write(campaign, rules, hours)
    detail = changes(was, (set(rules), hours))
    record(on=campaign, verb="set_reminders", by=by, at=at, **detail)
    return True


def check_open(campaign: Campaign) -> None:
    if campaign.closed_at:
        raise Refused(_("专项工作已经结束，提醒设置不能再改。"), code="closed")


def check_rules(rules: Rules) -> None:
    for kind, days in rules:
        if kind not in RuleKind.values:
            raise Refused(_("没有这种提醒：%(kind)s") % {"kind": kind}, code="kind", field="rules")
        least = 0 if kind in ON_THE_DAY else 1
        most = 0 if kind == RuleKind.ON else MOST_DAYS
        if not least <= days <= most:
            words = _("天数要在 %(least)d 到 %(most)d 之间。") % {"least": least, "most": most}
            raise Refused(words, code="days", field=kind)


def check_hours(hours: Hours) -> None:
    if hours.zone_name not in available_timezones():
        words = _("没有这个时区：%(zone)s") % {"zone": hours.zone_name}
        raise Refused(words, code="zone", field="zone_name")
    if hours.is_quiet_at(hours.digest_at):
        raise Refused(_("每天提醒的时间落在免打扰时段里。"), code="quiet", field="digest_at")


def changes(was: tuple[set, Hours], now: tuple[set, Hours]) -> dict:
    """What the history says: codes that came and went, hours that are others now."""
    (old_rules, old), (new_rules, new) = was, now
    before, after = old.as_words(), new.as_words()
    return {
        "added": sorted(code_of(*rule) for rule in new_rules - old_rules),
        "removed": sorted(code_of(*rule) for rule in old_rules - new_rules),
        "was": {name: value for name, value in before.items() if value != after[name]},
        "now": {name: value for name, value in after.items() if value != before[name]},
    }


def write(campaign: Campaign, rules: Rules, hours: Hours) -> None:
    ReminderSettings.objects.update_or_create(campaign=campaign, defaults=asdict(hours))
    campaign.reminder_rules.all().delete()
    ReminderRule.objects.bulk_create(
        ReminderRule(campaign=campaign, kind=kind, days=days) for kind, days in sorted(rules)
    )


# --- where a new campaign has them from --------------------------------------------------


def from_template(campaign: Campaign, plan: dict, at: datetime) -> None:
    """The template's `reminders` (registry.TEMPLATE_PARTS)."""
    given = plan["reminders"]
    hours = Hours(
        zone_name=given["zone"],
        digest_at=time.fromisoformat(given["digest_at"]),
        quiet_from=time.fromisoformat(given["quiet_from"]),
        quiet_until=time.fromisoformat(given["quiet_until"]),
        working_days_only=given["working_days_only"],
    )
    rules = [(kind, days) for kind, every in given["rules"].items() for days in every]
    write(campaign, rules, hours)


def from_earlier(source: Campaign, target: Campaign, at: datetime) -> None:
    """Those of the campaign that it is cloned from (registry.CLONE_PARTS)."""
    write(target, *kept(source))
