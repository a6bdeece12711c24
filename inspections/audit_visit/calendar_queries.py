"""What the calendar of visits asks for, put into SQL once for who sees all of a campaign's visits.

`visits` are those that the reader may see.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, QuerySet

from campaign.models import Campaign
from inspections.audit_visit.auditors import names_of
from inspections.models import AuditSchedule, AuditVisit
from organization.prepared import prepared

MOST_A_DAY = 30


def standing(campaign) -> QuerySet[AuditVisit]:
    return AuditVisit.objects.filter(campaign=campaign).standing()


def numbers_of(visits):
    """How many visits each day has, in the order of days; along the index of days."""
    found = visits.order_by("day").values("day")
    return found.annotate(n=Count("day")).values_list("day", "n")


def of_days(visits, *, days: Iterable):
    """All of some days that have few."""
    found = visits.filter(day__in=days)
    return found.select_related("project").order_by("day", "project__code", "pk")


def first_of(visits, *, day):
    """Of a day with many those that have room on a page, found along the projects: with several
    days in one question all of their visits would be read.
    """
    first = visits.filter(day=day).order_by("project__code", "pk").values("pk")[:MOST_A_DAY]
    found = AuditVisit.objects.filter(pk__in=first)
    return found.select_related("project").order_by("project__code", "pk")


def drawn_up(*, campaign):
    found = AuditSchedule.objects.filter(campaign=campaign).order_by("pk")
    return found.select_related("drafted_by", "submitted_by", "returned_by", "approved_by")[:1]


def who_goes(*, visits):
    going = AuditVisit.auditors.through.objects.filter(auditvisit__pk__in=visits)
    return going.order_by("user__username").values_list(
        "auditvisit", "user__name", "user__username"
    )


def named(visits: list[AuditVisit]) -> dict[int, str]:
    """Who goes on each of the visits of a page."""
    found = defaultdict(list)
    for visit, name, username in going_on(visits=[each.pk for each in visits]):
        found[visit].append(name or username)
    return {visit: names_of(people) for visit, people in found.items()}


CAMPAIGN, DAY = Campaign._meta.pk, AuditVisit._meta.get_field("day")
numbers_in = prepared(lambda *, campaign: numbers_of(standing(campaign)), {"campaign": CAMPAIGN})
in_days = prepared(
    lambda *, campaign, days: of_days(standing(campaign), days=days),
    {"campaign": CAMPAIGN, "days": DAY},
)
first_in = prepared(
    lambda *, campaign, day: first_of(standing(campaign), day=day),
    {"campaign": CAMPAIGN, "day": DAY},
)
schedule_of = prepared(drawn_up, {"campaign": CAMPAIGN})
going_on = prepared(who_goes, {"visits": AuditVisit._meta.pk})
