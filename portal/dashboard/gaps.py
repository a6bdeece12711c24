"""What projects said of themselves against what the inspection found, specialty by specialty."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from inspections.self_check.honesty import WIDE
from organization.models import Specialty
from scoring import engine
from scoring.models import FigureCount
from scoring.models.counts import Figure

# from the project that thought too little of itself to the one that thought too much
KINDS = (
    ("low", _("低 5 分及以上")),
    ("lower", _("低 1 至 5 分")),
    ("even", _("相差不到 1 分")),
    ("higher", _("高 1 至 5 分")),
    ("high", _("高 5 分及以上")),
)
# the lowest whole gap of each kind but the first
BEGINS = (1 - int(WIDE), 0, 1, int(WIDE))


@dataclass(frozen=True, slots=True)
class Part:
    """The projects whose gap is of one kind: how many, and the stretch of the bar (of 100)."""

    kind: str
    word: object
    projects: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class GapRow:
    specialty: Specialty
    projects: int
    mean: Decimal  # self-score less audited score; above nought they thought too well
    parts: list[Part]

    @property
    def wide(self) -> int:
        return self.parts[0].projects + self.parts[-1].projects


def kind_of(whole: int) -> int:
    """The place in KINDS of a gap that is cut off to whole points."""
    wide = int(WIDE)
    return (
        0 if whole <= -wide else 1 if whole < 0 else 2 if whole == 0 else 3 if whole < wide else 4
    )


def gap_rows(campaign: Campaign, region: str) -> list[GapRow]:
    """Of the projects that have both figures; two queries."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * len(KINDS))
    sums: dict[int, int] = defaultdict(int)
    gaps = FigureCount.objects.within(campaign, region).filter(figure=Figure.GAP)
    rows = gaps.values_list("specialty", "whole").annotate(Sum("projects"), Sum("hundredths"))
    for specialty, whole, many, hundredths in rows.filter(projects__sum__gt=0):
        counts[specialty][kind_of(whole)] += many
        sums[specialty] += hundredths
    lines = Specialty.objects.filter(pk__in=counts).order_by("order", "pk")
    return [gap_row(line, counts[line.pk], sums[line.pk]) for line in lines]


def gap_row(specialty: Specialty, counts: list[int], hundredths: int) -> GapRow:
    total = sum(counts)
    sign = -1 if hundredths < 0 else 1
    mean = sign * engine.half_up(Decimal(abs(hundredths)) / 100 / total)
    parts, x = [], 0.0
    for (kind, word), many in zip(KINDS, counts, strict=True):
        width = round(100 * many / total, 2)
        parts.append(Part(kind, word, many, round(x, 2), width))
        x += width
    return GapRow(specialty, total, mean, parts)
