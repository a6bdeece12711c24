"""The requirements that projects miss most often, with the share that they add up to."""

from dataclasses import dataclass

from campaign.models import Campaign
from scoring.models import MissedCount
from scoring.models.counts import Missed

SHOWN = 15


@dataclass(frozen=True, slots=True)
class ParetoRow:
    """A requirement with its place, its bar in percent of the longest, and the share of all
    missing requirements that it and those above it are.
    """

    place: int
    missed: Missed
    bar: float
    cumulative: float

    @property
    def mark(self) -> float:
        """Where the cumulative share is marked, on a scale of 100 with the mark's own width."""
        return round(self.cumulative - 1, 2)


class Pareto:
    def __init__(self, campaign: Campaign, region: str):
        self.rows: list[ParetoRow] = []
        missed = MissedCount.objects.most_missed(campaign, SHOWN, region=region)
        self.total = MissedCount.objects.share_of_all(campaign, region=region) if missed else 0
        so_far = 0
        for place, each in enumerate(missed, 1):
            so_far += each.projects
            bar = round(100 * each.projects / missed[0].projects, 2)
            row = ParetoRow(place, each, bar, round(100 * so_far / self.total, 1))
            self.rows.append(row)

    @property
    def share(self) -> int:
        """What the rows shown are of all, in whole percent."""
        return round(self.rows[-1].cumulative) if self.rows else 0
