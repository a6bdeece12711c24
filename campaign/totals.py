"""How many obligations each milestone of a large campaign has, counted once for its pages."""

from collections.abc import Mapping
from functools import lru_cache
from time import monotonic

from django.db.models import Count

from campaign.kept import MANY
from campaign.models import Campaign, Obligation

KEPT = 600  # seconds; should anything else than the moves below ever change them


def kept_totals(campaign: Campaign, taking_part: int) -> Mapping[int, int] | None:
    """By the milestone's id; None in a campaign with few projects, where a page counts itself.

    They come and go with projects (`make_obligations`, `leave_projects`) of which each owes the
    same, so that they hang on how many take part and on nothing else.
    """
    if not campaign.started_at or taking_part < MANY:
        return None
    return _totals(campaign.pk, taking_part, int(monotonic() // KEPT))


@lru_cache(maxsize=32)
def _totals(campaign: int, _taking_part: int, _while: int) -> dict[int, int]:
    owed = Obligation.objects.filter(campaign=campaign).order_by().values("milestone")
    return dict(owed.annotate(number=Count("*")).values_list("milestone", "number"))


def forget_totals() -> None:
    """For tests, where a rolled back transaction gives the same id to another campaign."""
    _totals.cache_clear()
