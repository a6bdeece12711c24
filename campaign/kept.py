"""Counts that take longer than somebody should wait for a page, of campaigns with many projects.

The scheduler's task makes them every two minutes and a page says of when they are. Whoever counts
registers a function in `registry.KEPT_COUNTS`, and counts while the page is made where there is
nothing: in a campaign with fewer projects, or when no task has come for a quarter of an hour.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet

from campaign import registry
from campaign.models import Campaign, KeptCount
from organization.prepared import prepared

MANY = 1000  # projects from which on counting takes longer than drawing
LONGEST = timedelta(minutes=15)


def kept_count(campaign: Campaign, name: str, part: str = "", *, at: datetime) -> KeptCount | None:
    """The last count, unless it is too old to be shown."""
    return next(iter(kept_counts(campaign, name, [part], at=at)), None)


def kept_counts(
    campaign: Campaign, name: str, parts: Iterable[str], *, at: datetime
) -> list[KeptCount]:
    """The last counts of several parts, of those that have one that may be shown."""
    return shown(campaign=campaign.pk, name=name, parts=list(parts), since=at - LONGEST)


def counted(*, campaign, name, parts, since) -> QuerySet[KeptCount]:
    found = KeptCount.objects.filter(campaign__pk=campaign, name=name, part__in=parts)
    return found.filter(counted_at__gt=since).order_by("part")


shown = prepared(
    counted,
    {
        "campaign": Campaign._meta.pk,
        "name": KeptCount._meta.get_field("name"),
        "parts": KeptCount._meta.get_field("part"),
        "since": KeptCount._meta.get_field("counted_at"),
    },
)


def count_many(*, at: datetime) -> int:
    """Count anew what runs and has many projects; returns of how many campaigns."""
    running = Campaign.objects.running().annotate(taking_part=Count("participations"))
    campaigns = list(running.filter(taking_part__gte=MANY).order_by("pk"))
    for campaign in campaigns:
        count_kept(campaign, at=at)
    return len(campaigns)


def count_kept(campaign: Campaign, *, at: datetime) -> None:
    for name, count in registry.KEPT_COUNTS.items():
        keep(campaign, name, count(campaign, at), at=at)


@transaction.atomic
def keep(campaign: Campaign, name: str, parts: dict[str, object], *, at: datetime) -> None:
    held = {"campaign": campaign, "name": name}
    KeptCount.objects.filter(**held).exclude(part__in=parts).delete()
    KeptCount.objects.bulk_create(
        [
            KeptCount(**held, part=part, counted_at=at, figures=figures)
            for part, figures in sorted(parts.items())
        ],
        update_conflicts=True,
        unique_fields=["campaign", "name", "part"],
        update_fields=["counted_at", "figures"],
    )
