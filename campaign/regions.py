"""Where a campaign's projects are: what its lists may be narrowed to."""

from functools import lru_cache
from time import monotonic

from django.db.models import QuerySet

from organization.models import Project

KEPT = 60  # seconds


def regions_in(projects: QuerySet[Project]) -> tuple[str, ...]:
    """The regions of these projects, in order."""
    found = projects.exclude(region="").order_by("region")
    return tuple(found.values_list("region", flat=True).distinct())


def regions_of(campaign: int) -> tuple[str, ...]:
    """Those of all that take part, by the campaign's id; a minute old at most. Of thousands of
    projects they take longer than the rest of a list.
    """
    return _kept(campaign, int(monotonic() // KEPT))


@lru_cache(maxsize=16)
def _kept(campaign: int, _minute: int) -> tuple[str, ...]:
    return regions_in(Project.objects.filter(participations__campaign=campaign))


def forget_regions() -> None:
    """For tests, where a rolled back transaction gives the same id to another campaign."""
    _kept.cache_clear()
