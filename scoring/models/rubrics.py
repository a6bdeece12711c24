"""Rubrics: sections, items with points, requirements; and the campaign's weights and bands."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import Campaign
from organization import states
from organization.models import Specialty, StoredFile, User


class RuleKind(models.TextChoices):
    """How a deduction rule takes points; the engine's kinds, in words (ruling 4)."""

    RANGE = "range", _("幅度内扣分")
    FIXED = "fixed", _("固定扣分")
    PER_OCCURRENCE = "per_occurrence", _("按次数扣分")
    LOSE_ITEM = "lose_item", _("本项不得分")
    LEVELS = "levels", _("分档")
    EXTRA = "extra", _("项外追加扣分")


class Critical(models.TextChoices):
    """What it does when a critical requirement is missing (ruling 4)."""

    ZERO = "zero", _("缺失则本表零分")
    CAP = "cap", _("缺失则等级最高为良好")


class RubricQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Company roles see all; project people what they are scored by, not what is drafted."""
        if user.sees_company:
            return self
        return self.published().filter(campaign__in=Campaign.objects.visible_to(user))

    def published(self):
        return self.filter(published_at__isnull=False)

    def current(self):
        """The published version that new sheets are opened on: one per specialty."""
        return self.published().filter(superseded_at__isnull=True)

    def drafts(self):
        return self.filter(published_at__isnull=True)


class Rubric(models.Model):
    """One specialty's scoring table. A published one never changes (ruling 13)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rubrics")
    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="rubrics")
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    name = models.CharField(_("名称"), max_length=120)
    is_sample = models.BooleanField(_("样例"), default=False)
    source = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    proposed_weight = models.DecimalField(
        _("表内注明的权重"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = RubricQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "specialty__order", "-version"]
        verbose_name = _("评分细则")
        verbose_name_plural = pgettext_lazy("several", "评分细则")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "specialty", "version"], name="rubric_version_once"
            ),
            models.UniqueConstraint(
                fields=["campaign", "specialty"],
                condition=models.Q(published_at__isnull=False, superseded_at__isnull=True),
                name="rubric_one_current",
            ),
        ]

    def __str__(self):
        return f"{self.name} v{self.version}"

    def get_absolute_url(self):
        return reverse("rubric", args=[self.campaign.code, self.pk])

    @property
    def mark(self) -> str:
        """Tells whether a draft is still the one that somebody saw."""
        return f"{self.pk}.{self.revision}"

    def state(self) -> states.State:
        return states.PUBLISHED if self.published_at else states.DRAFT


class Section(models.Model):
    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="sections")
    code = models.SlugField(max_length=40)
    name = models.CharField(_("类别"), max_length=120)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rubric", "order"]
        verbose_name = _("类别")
        verbose_name_plural = pgettext_lazy("several", "类别")
        constraints = [models.UniqueConstraint(fields=["rubric", "code"], name="section_code_once")]

    def __str__(self):
        return self.name


class Item(models.Model):
    """An item with its points, and what each missing requirement costs, in points.

    `deduct_kind` is RANGE, FIXED or PER_OCCURRENCE (then the figures are those of one
    occurrence). Points and figures may be unknown in a draft. A published item has points, and
    figures or further rules (`rules`).
    """

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="items")
    section = models.ForeignKey(Section, models.CASCADE, related_name="items")
    code = models.SlugField(_("编码"), max_length=20)
    name = models.CharField(_("项目"), max_length=200)
    standard = models.TextField(_("标准内容"), blank=True)
    points = models.DecimalField(
        _("规定分值"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    deduct_min = models.DecimalField(
        _("每缺一项最少扣"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    deduct_max = models.DecimalField(
        _("每缺一项最多扣"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    deduct_kind = models.CharField(
        _("每缺一项的扣法"), max_length=20, choices=RuleKind, default=RuleKind.RANGE
    )
    rule_text = models.CharField(_("评分细则原文"), max_length=500, blank=True)
    photo_required = models.BooleanField(_("扣分须拍照"), default=False)
    is_sample = models.BooleanField(_("样例"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rubric", "order"]
        verbose_name = _("评分项")
        verbose_name_plural = pgettext_lazy("several", "评分项")
        constraints = [models.UniqueConstraint(fields=["rubric", "code"], name="item_code_once")]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def is_complete(self) -> bool:
        return None not in (self.points, self.deduct_min, self.deduct_max)


class Requirement(models.Model):
    """One numbered line of an item; each one that is missing costs a deduction in its range."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="requirements")
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.CharField(_("检查内容"), max_length=500)
    critical = models.CharField(_("关键项"), max_length=10, choices=Critical, blank=True)

    class Meta:
        ordering = ["item", "number"]
        verbose_name = _("检查内容")
        verbose_name_plural = pgettext_lazy("several", "检查内容")
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="requirement_number_once")
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"


class DeductionRule(models.Model):
    """A rule of an item besides the price of a missing requirement: an occasion and its cost.

    未以文件形式发布的，扣1分 is FIXED, 每人次扣2分 PER_OCCURRENCE (figures of one occurrence),
    不得分 LOSE_ITEM (no figures), 符合2，基本符合1 LEVELS (`levels` are the points lost, as
    text). Without a kind it is text that nobody has settled: a draft's only.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="rules")
    number = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("扣法"), max_length=20, choices=RuleKind, blank=True)
    text = models.CharField(_("评分细则"), max_length=500)
    minimum = models.DecimalField(
        _("最少扣"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    maximum = models.DecimalField(
        _("最多扣"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    levels = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["item", "number"]
        verbose_name = _("扣分规则")
        verbose_name_plural = pgettext_lazy("several", "扣分规则")
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="rule_number_once")]

    def __str__(self):
        return self.text

    @property
    def code(self) -> str:
        """What the engine calls it among its item's rules."""
        return f"r{self.number}"


class Weight(models.Model):
    """What a rubric counts in the composite, in percent; the campaign's own (ruling 6)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="weights")
    specialty = models.ForeignKey(Specialty, models.PROTECT)
    percent = models.DecimalField(
        _("权重（%）"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    is_sample = models.BooleanField(_("样例"), default=False)

    class Meta:
        ordering = ["campaign", "specialty__order"]
        verbose_name = _("权重")
        verbose_name_plural = pgettext_lazy("several", "权重")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "specialty"], name="weight_once")
        ]

    def __str__(self):
        return f"{self.specialty} {self.percent}%"


class Band(models.Model):
    """A band on the rounded composite; `lowest` and `highest` are whole points (ruling 1)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="bands")
    code = models.SlugField(_("编码"), max_length=20)
    name = models.CharField(_("名称"), max_length=30)
    lowest = models.PositiveSmallIntegerField(_("起"))
    highest = models.PositiveSmallIntegerField(_("止"))

    class Meta:
        ordering = ["campaign", "lowest"]
        verbose_name = _("等级")
        verbose_name_plural = pgettext_lazy("several", "等级")
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="band_code_once")]

    def __str__(self):
        return self.name
