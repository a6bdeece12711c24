"""What the slides tell: standings, their distribution, pictures, what is missing most."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q

from campaign.models import Campaign
from inspections.models import Finding, FindingPhoto
from inspections.words import Moment
from organization.clock import local_day
from scoring import standings
from scoring.bands import Banding
from scoring.standings import Ask, Row

PAIRS = 2
BIN = 5  # points


@dataclass(frozen=True)
class Pair:
    """A finding with its pictures of before and after; after is None where there is none yet."""

    finding: Finding
    before: FindingPhoto
    after: FindingPhoto | None


def rows_of(campaign: Campaign, banding: Banding) -> list[Row]:
    """Every project, the best first, provisional ones after them."""
    return standings.whole_league(campaign, banding, Ask())


def distribution(rows: Sequence[Row], banding: Banding) -> tuple[list[str], dict[str, list[int]]]:
    """Bins of five points from the lowest to 100, and each band's projects in them."""
    final = [row for row in rows if row.is_final]
    found = Counter((bin_of(row), banding.of(row.composite, row.capped).code) for row in final)
    first = min((at for at, _code in found), default=75)
    bins = range(first, 100, BIN)
    names = [f"{at}–{at + BIN if at + BIN == 100 else at + BIN - 1}" for at in bins]
    return names, {mark.code: [found[at, mark.code] for at in bins] for mark in banding}


def bin_of(row: Row) -> int:
    """Where its bin begins; 100 stands with the last."""
    return min(int(row.composite) // BIN * BIN, 100 - BIN)


def best_pairs(campaign: Campaign, count: int = PAIRS) -> list[Pair]:
    """Verified at the first go and in time; the quickest first."""
    found = with_picture(campaign, Moment.BEFORE, Moment.AFTER).verified()
    found = found.filter(reopened_at__isnull=True, rectified_at__date__lte=F("due"))
    took = ExpressionWrapper(F("rectified_at") - F("opened_at"), output_field=DurationField())
    return pairs_of(found.annotate(took=took).order_by("took", "pk")[:count])


def worst_pairs(campaign: Campaign, *, at: datetime, count: int = PAIRS) -> list[Pair]:
    """Sent back, or late, in their rectification; those sent back first, then the longest due."""
    late = Q(rectified_at__date__gt=F("due")) | Q(rectified_at__isnull=True, due__lt=local_day(at))
    found = with_picture(campaign, Moment.BEFORE).filter(Q(reopened_at__isnull=False) | late)
    return pairs_of(found.order_by(F("reopened_at").desc(nulls_last=True), "due", "pk")[:count])


def with_picture(campaign: Campaign, *moments: Moment):
    """Findings on record that have a picture of each of these moments."""
    found = Finding.objects.opened().filter(campaign=campaign, withdrawn_at__isnull=True)
    for moment in moments:
        photos = FindingPhoto.objects.filter(finding=OuterRef("pk"), moment=moment)
        found = found.filter(Exists(photos))
    return found.select_related("project", "specialty")


def pairs_of(findings) -> list[Pair]:
    """With the first picture of before and the last of after; two queries."""
    found = list(findings)
    photos: dict[tuple, list[FindingPhoto]] = {}
    every = FindingPhoto.objects.filter(finding__in=found).select_related("file")
    for photo in every.order_by("added_at", "pk"):
        photos.setdefault((photo.finding_id, photo.moment), []).append(photo)
    return [
        Pair(
            finding=each,
            before=photos[each.pk, Moment.BEFORE][0],
            after=photos.get((each.pk, Moment.AFTER), [None])[-1],
        )
        for each in found
    ]
