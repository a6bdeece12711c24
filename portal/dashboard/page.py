"""What the dashboard shows, and what it counts: final standings, finished sheets, work so far."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.kept import kept_count
from campaign.models import Campaign, Participation
from campaign.regions import forget_regions, regions_of
from portal.dashboard.by_section import SpecialtySections, by_specialty
from portal.dashboard.gaps import KINDS, GapRow, gap_rows
from portal.dashboard.heat import HeatMap
from portal.dashboard.missed import Pareto
from portal.dashboard.spread import Spread
from portal.dashboard.work import KEPT as WORK
from portal.dashboard.work import Filed, Rectified, filed, kept_work, rectified
from scoring.bands import Banding
from scoring.models import FigureCount, Score
from scoring.models.counts import Figure

LONGEST = 60
KEPT = 60  # seconds; a choice to filter by may be a minute old


class Dashboard:
    """A region narrows everything; what is unknown in the address is passed over."""

    gap_kinds = KINDS

    def __init__(self, campaign: Campaign, params: Mapping[str, str], at: datetime):
        self.campaign, self.at = campaign, at
        asked = params.get("region", "").replace("\0", "").strip()[:LONGEST]
        self.regions = regions_of(campaign.pk)
        self.region = asked if asked in self.regions else ""
        self.number = params.get("page", "")

    # --- the parts ----------------------------------------------------------------------

    @cached_property
    def spread(self) -> Spread:
        return Spread(self.campaign, Banding(self.campaign), self.region)

    @cached_property
    def heat(self) -> HeatMap:
        return HeatMap(self.campaign, self.region, self.number, self.spread.counts.total)

    @cached_property
    def pareto(self) -> Pareto:
        return Pareto(self.campaign, self.region)

    @cached_property
    def sections(self) -> list[SpecialtySections]:
        return by_specialty(self.campaign, self.region)

    @cached_property
    def gaps(self) -> list[GapRow]:
        return gap_rows(self.campaign, self.region)

    @cached_property
    def _work(self):
        minute = int(self.at.timestamp() // KEPT)
        return work_of(self.campaign.pk, self.region, minute)

    @property
    def work(self) -> tuple[Rectified, list[Rectified]]:
        return self._work[0]

    @property
    def filed(self) -> list[Filed]:
        return self._work[1]

    @property
    def worked_at(self) -> datetime:
        """When rectification and filing were counted."""
        return self._work[2]

    # --- the first lines ----------------------------------------------------------------

    @property
    def answer(self) -> str:
        counts = self.spread.counts
        if not counts.total:
            return _("还没有项目参加")
        if not self.spread.total:
            return _("还没有项目评完，先看报送和整改")
        words = {"count": self.spread.total, "median": self.spread.median}
        return (
            ngettext(
                "%(count)d 个项目成绩已定，中位数 %(median)s 分",
                "%(count)d 个项目成绩已定，中位数 %(median)s 分",
                self.spread.total,
            )
            % words
        )

    @property
    def is_final(self) -> bool:
        return not self.spread.counts.provisional

    @cached_property
    def finished(self) -> list[tuple[str, int, int]]:
        """(specialty, finished sheets, projects that have the specialty)."""
        parts = Participation.objects.filter(campaign=self.campaign)
        if self.region:
            parts = parts.filter(project__region=self.region)
        total = self.spread.counts.total
        lacking = dict(
            parts.filter(lacks__isnull=False).order_by().values_list("lacks").annotate(Count("pk"))
        )
        scores = FigureCount.objects.within(self.campaign, self.region)
        scores = scores.filter(figure=Figure.SCORE).values_list("specialty")
        done = dict(scores.annotate(Sum("projects")))
        return [
            (w.specialty.name, done.get(w.specialty_id, 0), total - lacking.get(w.specialty_id, 0))
            for w in self.heat.columns
        ]

    @cached_property
    def is_uncounted(self) -> bool:
        """Whether an earlier release finished scores that nobody has counted yet."""
        return Score.objects.uncounted().filter(campaign=self.campaign).exists()


@lru_cache(maxsize=32)
def work_of(
    campaign: int, region: str, minute: int
) -> tuple[tuple[Rectified, list[Rectified]], list[Filed], datetime]:
    """Rectification and filing as a minute began, or as they were kept last: tens of thousands of
    rows are added up once. The third is when they were counted.
    """
    held, at = Campaign.objects.get(pk=campaign), datetime.fromtimestamp(minute * KEPT, tz=UTC)
    if kept := kept_count(held, WORK, region, at=at):
        return *kept_work(held, kept.figures), kept.counted_at
    return rectified(held, region, at), filed(held, region, at), at


def forget_dashboard() -> None:
    """For tests, where a rolled back transaction gives the same id to another campaign."""
    forget_regions()
    work_of.cache_clear()
