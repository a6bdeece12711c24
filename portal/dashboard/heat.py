"""Rubric × region, and rubric × project where there are few or a region is chosen."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import F, Sum

from campaign.models import Campaign
from scoring import engine
from scoring.models import FigureCount, Standing, Weight
from scoring.models.counts import Figure
from scoring.standings import league_weights

PER_PAGE = 25
FEW = 50  # projects up to which they stand one by one
# from here on a cell is a step darker; also said by its figure
STEPS = (Decimal(70), Decimal(80), Decimal(85), Decimal(90), Decimal(95))


@dataclass(frozen=True, slots=True)
class Cell:
    """A score, or the mean of several; None where nothing is finished or applies."""

    score: Decimal | None
    projects: int = 1

    @property
    def step(self) -> int:
        """0 to 5; the higher the score, the darker."""
        return sum(self.score >= each for each in STEPS)


@dataclass(frozen=True, slots=True)
class Row:
    """A project with its code, or a region with none."""

    name: str
    code: str
    cells: list[Cell]
    composite: Decimal | None = None


class HeatMap:
    def __init__(self, campaign: Campaign, region: str, page: str, total: int):
        self.campaign, self.region, self.number = campaign, region, page
        self.by_project = bool(region) or total <= FEW

    @cached_property
    def columns(self) -> list[Weight]:
        return league_weights(self.campaign)

    @cached_property
    def page(self):
        """The projects, weakest first, those without a composite last."""
        found = Standing.objects.filter(campaign=self.campaign).select_related("project")
        if self.region:
            found = found.filter(project__region=self.region)
        order = F("composite").asc(nulls_last=True)
        return Paginator(found.order_by(order, "project_id"), PER_PAGE).get_page(self.number)

    @cached_property
    def rows(self) -> list[Row]:
        return self._projects() if self.by_project else self._regions()

    def _projects(self) -> list[Row]:
        return [
            Row(
                each.project.name,
                each.project.code,
                [self._cell(each.scores.get(w.specialty.code)) for w in self.columns],
                each.composite,
            )
            for each in self.page
        ]

    def _cell(self, score: str | None) -> Cell:
        return Cell(Decimal(score) if score else None)

    def _regions(self) -> list[Row]:
        found: dict[str, dict[int, Cell]] = defaultdict(dict)
        scores = FigureCount.objects.within(self.campaign).filter(figure=Figure.SCORE)
        sums = scores.values_list("region", "specialty").annotate(
            Sum("projects"), Sum("hundredths")
        )
        for region, specialty, many, hundredths in sums.filter(projects__sum__gt=0):
            mean = engine.half_up(Decimal(hundredths) / 100 / many)
            found[region][specialty] = Cell(mean, many)
        none = Cell(None, 0)
        return [
            Row(region, "", [cells.get(w.specialty_id, none) for w in self.columns])
            for region, cells in sorted(found.items())
        ]
