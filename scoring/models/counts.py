"""What all finished audit sheets of a campaign come to, region by region, kept as results are.

Written by `scoring.counting` alone, in the transaction that records a score: every row is a sum
over what each score says in `Score.counted` that it has put in. Figures are whole hundredths, so
that adding and taking away leaves nothing behind on any database.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from organization.models import Specialty
from scoring.models.rubrics import Requirement

LONGEST = 60  # of a region, as the project has it


@dataclass(frozen=True, slots=True)
class Missed:
    """A requirement with its item, section and specialty, how many projects miss it, and the
    points that it cost them together.
    """

    requirement: Requirement
    projects: int
    points: Decimal


class CountQuerySet(models.QuerySet):
    def within(self, campaign: Campaign, region: str = ""):
        """Those of a campaign: of one region, or ("") of all."""
        found = self.filter(campaign=campaign).order_by()
        return found.filter(region=region) if region else found


class MissedQuerySet(CountQuerySet):
    def most_missed(
        self, campaign: Campaign, limit: int | None = None, *, region: str = ""
    ) -> list[Missed]:
        """Requirements that finished audit sheets lack, those of most projects first.

        Of equal ones the dearer comes first. Requirements of two versions of a rubric stand apart.
        Two queries, whatever the number of projects; for `limit` rows, or all.
        """
        counted = self.within(campaign, region).values_list("requirement")
        counted = counted.annotate(many=Sum("projects"), lost=Sum("hundredths")).filter(many__gt=0)
        rows = list(counted.order_by("-many", "-lost", "requirement")[:limit])
        found = Requirement.objects.select_related("item__section", "item__rubric__specialty")
        by_pk = found.in_bulk([pk for pk, *_figures in rows])
        return [Missed(by_pk[pk], many, Decimal(lost).scaleb(-2)) for pk, many, lost in rows]

    def share_of_all(self, campaign: Campaign, *, region: str = "") -> int:
        """How many missing requirements there are in all projects together."""
        return self.within(campaign, region).aggregate(all=Sum("projects"))["all"] or 0


class MissedCount(models.Model):
    """How many projects of a region miss a requirement, and what it cost them together."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    region = models.CharField(max_length=LONGEST, blank=True)
    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="+")
    projects = models.IntegerField(_("项目数"))
    hundredths = models.BigIntegerField(help_text="points lost together, in hundredths")

    objects = MissedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "region", "requirement"], name="missed_count_once"
            )
        ]

    def __str__(self):
        return f"{self.requirement} ×{self.projects}"


class SectionCount(models.Model):
    """How many projects of a region keep just so much of just so much in a section.

    Sections of a rubric's versions stand together under their code. `kept` and `possible` are
    hundredths of points; a section of which nothing applies has no row.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    specialty = models.ForeignKey(Specialty, models.CASCADE, related_name="+", db_index=False)
    section = models.SlugField(max_length=40, db_index=False)
    region = models.CharField(max_length=LONGEST, blank=True)
    kept = models.IntegerField(_("得分"))
    possible = models.IntegerField(_("应得分"))
    projects = models.IntegerField(_("项目数"))

    objects = CountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "specialty", "section", "region", "kept", "possible"],
                name="section_count_once",
            )
        ]

    def __str__(self):
        return f"{self.section} {self.kept}/{self.possible} ×{self.projects}"


class Figure(models.TextChoices):
    SCORE = "score", _("检查得分")
    GAP = "gap", _("自查与检查之差")  # above nought where a project thought too well of itself


class FigureCount(models.Model):
    """How many projects of a region have a figure on a rubric, by its whole points.

    `whole` is cut off towards nought (-0.5 to 0.5 are both 0); `hundredths` add up the figures
    as they are shown, to two decimals.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    figure = models.CharField(max_length=5, choices=Figure)
    region = models.CharField(max_length=LONGEST, blank=True)
    specialty = models.ForeignKey(Specialty, models.CASCADE, related_name="+")
    whole = models.SmallIntegerField()
    projects = models.IntegerField(_("项目数"))
    hundredths = models.BigIntegerField()

    objects = CountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "figure", "region", "specialty", "whole"],
                name="figure_count_once",
            )
        ]

    def __str__(self):
        return f"{self.figure} {self.whole} ×{self.projects}"
