"""The materialised results: written only by scoring.results, read by everyone.

They know nothing of where a deduction came from: a line carries the id of its observation.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import Campaign
from organization.models import Project, Specialty
from scoring.models.rubrics import DeductionRule, Item, Requirement, Rubric


class ScoreKind(models.TextChoices):
    AUDIT = "audit", _("检查评分")
    SELF = "self", _("自查评分")


class CampaignResultsManager(models.Manager):
    def hold(self, campaign: Campaign) -> "CampaignResults":
        """The campaign's row, locked until the transaction ends: one change of rules at a time."""
        return self.select_for_update().get_or_create(campaign=campaign)[0]


class CampaignResults(models.Model):
    """Whether a campaign's scoring is open, and since when its results are frozen.

    `extra_allowed`: deductions beyond an item count (ruling 4).
    """

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="results")
    opened_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    # a correction was granted: results are open once more, and until when appeals are as well
    reopened_at = models.DateTimeField(null=True, blank=True)
    appeals_until = models.DateTimeField(null=True, blank=True)
    extra_allowed = models.BooleanField(_("项外追加扣分计入"), default=False)

    objects = CampaignResultsManager()

    def __str__(self):
        return str(self.campaign)


class ScoreQuerySet(models.QuerySet):
    def audits(self):
        return self.filter(kind=ScoreKind.AUDIT)

    def finished(self):
        return self.filter(finished_at__isnull=False)

    def uncounted(self):
        """Finished audits that are in no count yet, from before there were counts."""
        return self.filter(kind="audit", finished_at__isnull=False, counted__isnull=True)


class Score(models.Model):
    """A project's score on one rubric: points kept of points possible; the percent is derived."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="scores")
    project = models.ForeignKey(Project, models.PROTECT, related_name="scores")
    specialty = models.ForeignKey(Specialty, models.PROTECT)
    rubric = models.ForeignKey(Rubric, models.PROTECT)
    kind = models.CharField(max_length=5, choices=ScoreKind, default=ScoreKind.AUDIT)
    kept = models.DecimalField(_("得分"), max_digits=7, decimal_places=2)
    possible = models.DecimalField(_("应得分"), max_digits=7, decimal_places=2)
    finished_at = models.DateTimeField(_("评完"), null=True, blank=True)
    objections_until = models.DateTimeField(_("申诉期至"), null=True, blank=True)
    open_objections = models.PositiveSmallIntegerField(default=0)
    # what a missing critical requirement did (ruling 4)
    zeroed = models.BooleanField(_("关键项缺失，记零分"), default=False)
    capped = models.BooleanField(_("关键项缺失，等级封顶"), default=False)
    # what it has put into the counts (scoring.counting); None while it counts in nothing
    counted = models.JSONField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField()

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "project", "specialty__order"]
        verbose_name = _("专业得分")
        verbose_name_plural = pgettext_lazy("several", "专业得分")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "project", "specialty", "kind"], name="score_once"
            )
        ]
        indexes = [
            # what an earlier release finished and nobody has counted yet: none, as a rule
            models.Index(
                fields=["campaign"],
                condition=Q(kind="audit", finished_at__isnull=False, counted__isnull=True),
                name="score_uncounted",
            ),
            # which projects a settlement waits for
            models.Index(
                fields=["campaign", "kind", "project", "objections_until", "open_objections"],
                name="score_objections",
            ),
            # in how many projects' results a rubric counts
            models.Index(fields=["rubric", "project"], name="score_of_rubric"),
        ]

    def __str__(self):
        return f"{self.project} · {self.specialty}"


class ScoreLine(models.Model):
    """One deduction that counts: points lost on one requirement, by one of the item's rules, or
    (with neither) on the item as a whole.
    """

    score = models.ForeignKey(Score, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT)
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, blank=True)
    rule = models.ForeignKey(DeductionRule, models.PROTECT, null=True, blank=True)
    points = models.DecimalField(_("扣分"), max_digits=6, decimal_places=2)
    observation = models.UUIDField(help_text="the observation that counts, kept by inspections")

    class Meta:
        ordering = ["score", "item__order", "requirement__number"]
        constraints = [
            # three, because SQLite has no NULLS NOT DISTINCT
            models.UniqueConstraint(fields=["score", "requirement"], name="line_once"),
            models.UniqueConstraint(
                fields=["score", "item"],
                condition=Q(requirement=None, rule=None),
                name="line_of_whole_item_once",
            ),
            models.UniqueConstraint(fields=["score", "rule"], name="line_of_rule_once"),
        ]
        # the projects that miss a requirement, the dearest first
        indexes = [
            models.Index(fields=["requirement", "-points", "score"], name="line_dearest"),
        ]

    def __str__(self):
        return f"{self.item} −{self.points}"


class StandingQuerySet(models.QuerySet):
    def ranked(self):
        """Final standings; provisional ones get no rank, band or reward (ruling 8)."""
        return self.filter(provisional=False, composite__isnull=False)  # as the index has it

    def provisional(self):
        return self.filter(Q(provisional=True) | Q(composite__isnull=True))


class Standing(models.Model):
    """A project's composite, kept to two decimals; band and rank are derived on read.

    `scores` holds the shown sheet scores by specialty code ({"order": "91.00"}), so that a league
    page reads one row per project: nothing while a sheet is unfinished, null for a specialty that
    left the composite because nothing of it applies (ruling 5). `capped`: a counted sheet lacks a
    critical requirement that caps the band, the composite stays (ruling 4).

    `own` is what a final composite is compared with: that of the project's own sheets by the same
    weights, null until all of them are handed in. `gap` is how much higher the project's own
    composite is than the audited one over the specialties that have both, null while none has.
    Neither is part of the result (ruling 6).
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="standings")
    project = models.ForeignKey(Project, models.PROTECT, related_name="standings")
    composite = models.DecimalField(
        _("综合得分"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    provisional = models.BooleanField(_("暂列"), default=True)
    capped = models.BooleanField(_("关键项缺失，等级封顶"), default=False)
    scores = models.JSONField(default=dict)
    own = models.DecimalField(
        _("自查综合得分"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    gap = models.DecimalField(
        _("自查与检查之差"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    updated_at = models.DateTimeField()

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "-composite", "project__code"]
        verbose_name = _("排名")
        verbose_name_plural = pgettext_lazy("several", "排名")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "project"], name="standing_once")
        ]
        indexes = [
            # a condition and not a column: SQLite finds no column by "NOT provisional"
            models.Index(
                fields=["campaign", "-composite", "project"],
                condition=Q(provisional=False, composite__isnull=False),
                name="league_order",
            ),
            # what the center counts on its first page: the fewer the nearer the end
            models.Index(
                fields=["campaign"], condition=Q(provisional=True), name="standing_provisional"
            ),
            # the few whose band a critical requirement lowers
            models.Index(
                fields=["campaign", "composite"], condition=Q(capped=True), name="league_capped"
            ),
            # who thinks too well of itself (inspections.self_check.honesty_page)
            models.Index(fields=["campaign", "gap", "project"], name="standing_gap"),
            # whether anything changed (scoring.league_board.mark_of)
            models.Index(fields=["campaign", "-updated_at", "-id"], name="standing_newest"),
        ]

    def __str__(self):
        return str(self.project) if self.composite is None else f"{self.project} {self.composite}"
