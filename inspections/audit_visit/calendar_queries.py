"""What the calendar of visits asks for, put into SQL once for who sees all of a campaign's visits.

`visits` are those that the reader may see.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from campaign.models import Campaign
from inspections.audit_visit.auditors import names_of
from inspections.models import AuditSchedule, AuditVisit
from organization.prepared import prepared

MOST_A_DAY = 30


def standing(campaign) -> QuerySet[AuditVisit]:
    return AuditVisit.objects.filter(campaign=campaign).standing()


def span_of(visits, *, campaign, today):
    """The first and the last day, the next one, and how many visits are still to come: each along
    the index of days.
    """
    days = visits.order_by("day").values("day")
    ahead = days.filter(day__gte=today)
    counted = ahead.order_by().values("campaign").annotate(count=Count("day"))
    return (
        Campaign.objects.filter(pk=campaign)
        .rewrite(False)
        .values_list(
            Subquery(days[:1]),
            Subquery(days.order_by("-day")[:1]),
            Subquery(ahead[:1]),
            Coalesce(Subquery(counted.values("count")), Value(0)),
        )
    )


def numbers_of(visits, *, first, last):
    """How many visits each day has."""
    found = visits.filter(day__gte=first, day__lte=last).order_by()
    return found.values("day").annotate(n=Count("day")).values_list("day", "n")


def first_of(visits, *, quiet: Iterable, crowded: Iterable):
    """Visits that have room on a page: where some of a day have none, found along the projects."""
    room = Q(day__in=quiet)
    for day in crowded:
        first = visits.filter(day=day).order_by("project__code", "pk")
        room |= Q(pk__in=first.values("pk")[:MOST_A_DAY])
    found = visits.filter(room, day__in=[*quiet, *crowded])  # the rest is passed over by its days
    return found.select_related("project").order_by("day", "project__code", "pk")


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
span_in = prepared(
    lambda *, campaign, today: span_of(standing(campaign), campaign=campaign, today=today),
    {"campaign": CAMPAIGN, "today": DAY},
)
numbers_in = prepared(
    lambda *, campaign, first, last: numbers_of(standing(campaign), first=first, last=last),
    {"campaign": CAMPAIGN, "first": DAY, "last": DAY},
)
first_in = prepared(
    lambda *, campaign, quiet, crowded: first_of(standing(campaign), quiet=quiet, crowded=crowded),
    {"campaign": CAMPAIGN, "quiet": DAY, "crowded": DAY},
)
schedule_of = prepared(drawn_up, {"campaign": CAMPAIGN})
going_on = prepared(who_goes, {"visits": AuditVisit._meta.pk})
