"""Counts that take longer than somebody should wait for a page, of campaigns with many projects.

The scheduler's task makes them every two minutes and a page says of when they are. Whoever counts
registers a function in `registry.KEPT_COUNTS`, and counts while the page is made where there is
nothing: in a campaign with fewer projects, or when no task has come for a quarter of an hour.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count

from campaign import registry
from campaign.models import Campaign, KeptCount

MANY = 1000  # projects from which on counting takes longer than drawing
LONGEST = timedelta(minutes=15)


def kept_count(campaign: Campaign, name: str, part: str = "", *, at: datetime) -> KeptCount | None:
    """The last count, unless it is too old to be shown."""
    found = KeptCount.objects.filter(campaign=campaign, name=name, part=part)
    return found.filter(counted_at__gt=at - LONGEST).first()


def kept_counts(
    campaign: Campaign, name: str, parts: Iterable[str], *, at: datetime
) -> list[KeptCount]:
    """The last counts of several parts, of those that have one that may be shown."""
    found = KeptCount.objects.filter(campaign=campaign, name=name, part__in=list(parts))
    return list(found.filter(counted_at__gt=at - LONGEST).order_by("part"))


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
