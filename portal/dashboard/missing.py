"""The projects that miss a requirement, the dearest first; of finished audits alone."""

from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, QuerySet

from campaign.models import Campaign
from organization.prepared import prepared
from scoring.models import Requirement, ScoreLine
from scoring.models.results import ScoreKind

PER_PAGE = 50
SHOWN = ("score__project__code", "score__project__name", "score__project__region", "points")


class Missing(NamedTuple):
    """A project that misses it, and the points that this costs."""

    code: str
    name: str
    region: str
    points: Decimal


class Projects:
    """Those of a campaign that miss a requirement, in a region where one is named; slices alone
    are read.
    """

    def __init__(self, campaign: Campaign, requirement: Requirement, region: str):
        self.about = {"campaign": campaign.pk, "requirement": requirement.pk}
        self.region = region

    def __len__(self) -> int:
        if self.region:
            return lines(**self.about).filter(score__project__region=self.region).count()
        return next(iter(counted(**self.about)), (0,))[0]

    def __getitem__(self, part: slice) -> list[Missing]:
        if not (self.region or part.start):  # of which each would be a statement of its own
            return [Missing(*row) for row in first_of(**self.about)[: part.stop]]
        found = lines(**self.about)
        if self.region:
            found = found.filter(score__project__region=self.region)
        return [Missing(*row) for row in in_order(found)[part]]


def lines(*, campaign, requirement) -> QuerySet[ScoreLine]:
    return ScoreLine.objects.filter(
        requirement__pk=requirement,
        score__campaign__pk=campaign,
        score__kind=ScoreKind.AUDIT,
        score__finished_at__isnull=False,
    )


def in_order(rows: QuerySet[ScoreLine]) -> QuerySet[ScoreLine]:
    return rows.order_by("-points", "score__project__code").values_list(*SHOWN)


def counting(*, campaign, requirement) -> QuerySet[ScoreLine]:
    rows = lines(campaign=campaign, requirement=requirement).order_by().values("requirement")
    return rows.annotate(n=Count("pk")).values_list("n")


def first(*, campaign, requirement) -> QuerySet[ScoreLine]:
    return in_order(lines(campaign=campaign, requirement=requirement))[:PER_PAGE]


ABOUT = {"campaign": Campaign._meta.pk, "requirement": Requirement._meta.pk}
counted, first_of = prepared(counting, ABOUT), prepared(first, ABOUT)
