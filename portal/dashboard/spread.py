"""How the final composites are distributed, with the bands: figures, and where they are drawn."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Count

from campaign.models import Campaign
from scoring import engine
from scoring.bands import Banding, BandMark
from scoring.models import Standing
from scoring.standings import Ask, Counts, band_counts

# the picture, in its own units
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 480, 210, 30, 34, 22
FEWEST = 25  # whole points on the axis, so that a few projects don't make two wide bars
LABELLED = 26  # up to so many points each bar has its figure above it


@dataclass(frozen=True, slots=True)
class Bar:
    """The projects whose composites round to so many whole points."""

    points: int
    projects: int
    band: BandMark | None
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def above(self) -> float:
        return round(self.y - 3, 2)


@dataclass(frozen=True, slots=True)
class Zone:
    """A band over the stretch of the axis that it has; `x` is where it begins."""

    band: BandMark
    projects: int
    x: float
    width: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


class Spread:
    """Final standings alone: what is provisional has no band (ruling 8). Points are rounded as
    bands are (ruling 1), so that no bar lies in two bands.
    """

    width, height, left, top = WIDTH, HEIGHT, LEFT, TOP
    floor = HEIGHT - BOTTOM

    def __init__(self, campaign: Campaign, banding: Banding, region: str):
        self.campaign, self.banding, self.region = campaign, banding, region

    @cached_property
    def counts(self) -> Counts:
        return band_counts(self.campaign, self.banding, Ask(region=self.region))

    @cached_property
    def figures(self) -> list[tuple[Decimal, int]]:
        """(composite, projects), lowest first."""
        final = Standing.objects.filter(campaign=self.campaign).ranked()
        if self.region:
            final = final.filter(project__region=self.region)
        rows = final.order_by("composite").values_list("composite")
        return list(rows.annotate(many=Count("*")))

    @cached_property
    def total(self) -> int:
        return sum(many for _figure, many in self.figures)

    @property
    def median(self) -> Decimal | None:
        """Of an even number half the sum of the two in the middle, half up."""
        if not self.total:
            return None
        pair = [self._at((self.total - 1) // 2), self._at(self.total // 2)]
        return engine.half_up(sum(pair) / 2)

    def _at(self, place: int) -> Decimal:
        for figure, many in self.figures:
            place -= many
            if place < 0:
                return figure
        raise IndexError(place)

    @cached_property
    def bins(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for figure, many in self.figures:
            points = engine.rounded(figure, self.campaign.rounding)
            found[points] = found.get(points, 0) + many
        return found

    # --- the picture --------------------------------------------------------------------

    @property
    def first(self) -> int:
        """Where the axis begins: a multiple of five at or below the lowest."""
        return max(min([*self.bins, 100 - FEWEST]) // 5 * 5, 0)

    @property
    def step(self) -> float:
        return (WIDTH - LEFT - 4) / (101 - self.first)

    def x_of(self, points: int) -> float:
        return round(LEFT + (max(points, self.first) - self.first) * self.step, 2)

    @property
    def most(self) -> int:
        return max(self.bins.values())

    @property
    def has_labels(self) -> bool:
        return len(self.bins) <= LABELLED and self.step > 9

    @cached_property
    def bars(self) -> list[Bar]:
        room = self.floor - TOP - 12
        return [self._bar(points, many, room) for points, many in self.bins.items()]

    def _bar(self, points: int, many: int, room: int) -> Bar:
        height = round(max(room * many / self.most, 1.5), 2)
        band = next((m for m in self.banding if m.lowest <= points <= m.highest), None)
        where = (self.x_of(points) + 0.75, round(self.floor - height, 2))
        return Bar(points, many, band, *where, round(self.step - 1.5, 2), height)

    @property
    def zones(self) -> list[Zone]:
        return [
            Zone(
                mark,
                self.counts.by_band[mark.code],
                self.x_of(mark.lowest),
                self.x_of(mark.highest + 1) - self.x_of(mark.lowest),
            )
            for mark in self.banding
            if mark.highest >= self.first
        ]

    @property
    def ticks(self) -> list[tuple[int, float]]:
        wide = 5 if 100 - self.first <= 50 else 10
        middle = self.step / 2
        return [(n, round(self.x_of(n) + middle, 2)) for n in range(self.first, 101, wide)]
