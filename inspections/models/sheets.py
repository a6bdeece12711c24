"""Score sheets, and the append-only observations that they fold from."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import Campaign
from inspections.words import Method, ObservationKind
from organization import states
from organization.models import Project, Specialty, StoredFile, User
from scoring.models import DeductionRule, Item, Requirement, Rubric
from scoring.models.results import ScoreKind


class SheetQuerySet(models.QuerySet):
    def audits(self):
        return self.filter(kind=ScoreKind.AUDIT)

    def self_checks(self):
        return self.filter(kind=ScoreKind.SELF)

    def unfinished(self):
        return self.filter(submitted_at__isnull=True)

    def submitted(self):
        return self.filter(submitted_at__isnull=False)

    def with_appeals(self):
        """`is_contested`: whether the project appealed against anything on the sheet."""
        same = ScoreSheet.objects.filter(pk=models.OuterRef("pk"), appeals__isnull=False)
        return self.annotate(is_contested=models.Exists(same))

    def with_signing(self):
        """`signing_refused`: whether the project refused to sign; None while nothing is signed."""
        return self.annotate(signing_refused=models.F("sign_off__refused"))

    def signed_as(self, state: str):
        """Submitted audit sheets that are signed, refused or unsigned (`SIGNING_STATES`)."""
        found = self.audits().submitted()
        if state == "unsigned":
            return found.filter(sign_off=None)
        return found.filter(sign_off__refused=state == "refused")

    def shown_in(self, projects):
        """What people of these projects (ids) see, who have no post in the company."""
        begun = Q(kind=ScoreKind.AUDIT, submitted_at__isnull=True)
        return self.filter(Q(project__pk__in=projects) & ~begun)

    def visible_to(self, user):
        """Company roles see all; a project sees its own audit sheets once they are submitted.

        That binds whoever of the company has a post in the project as well, but for what such a
        person opened or noted.
        """
        begun = Q(kind=ScoreKind.AUDIT, submitted_at__isnull=True)
        own = Q(project__in=user.project_ids)
        if not user.sees_company:
            return self.shown_in(user.project_ids)
        if not user.project_ids:
            return self
        noted = Observation.objects.filter(sheet=models.OuterRef("pk"), by=user)
        return self.filter(~own | ~begun | Q(opened_by=user) | models.Exists(noted))


class ScoreSheet(models.Model):
    """One project scored on one rubric in one campaign. What was seen is in its observations.

    `looked_at` items and the points `kept` of those `possible` so far are for lists; a score that
    counts is made when the sheet is submitted.
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="sheets", verbose_name=_("专项工作")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="sheets", verbose_name=_("项目")
    )
    specialty = models.ForeignKey(Specialty, models.PROTECT, verbose_name=_("专业口"))
    rubric = models.ForeignKey(
        Rubric, models.PROTECT, related_name="sheets", verbose_name=_("评分细则")
    )
    kind = models.CharField(_("类型"), max_length=5, choices=ScoreKind, default=ScoreKind.AUDIT)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # From when the time to contest runs once that is not the submission (ruling 14): signed,
    # signing refused, or a late observation accepted.
    appeal_from = models.DateTimeField(_("申诉期起算时间"), null=True, blank=True)
    looked_at = models.PositiveSmallIntegerField(_("已评项数"), default=0)
    kept = models.DecimalField(_("得分"), max_digits=7, decimal_places=2, default=0)
    possible = models.DecimalField(_("应得分"), max_digits=7, decimal_places=2, default=0)
    item_count = models.PositiveSmallIntegerField(_("项数"), default=0)
    # how many events are on record, the last one's seal, and the seal over all (sheet.sealing)
    events = models.PositiveIntegerField(default=0)
    tip = models.CharField(max_length=60, blank=True)
    seal = models.CharField(max_length=60, blank=True)
    # how many of them stand in the counts of auditors (auditor.counting); null while none
    compared = models.PositiveIntegerField(null=True, editable=False)

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "project__code", "specialty__order"]
        verbose_name = _("评分表")
        verbose_name_plural = pgettext_lazy("several", "评分表")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "project", "specialty", "kind"], name="sheet_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["opened_by"],
                condition=Q(submitted_at__isnull=True),
                name="sheet_unfinished",
            ),
            # how far the audit has come is counted from this alone
            models.Index(
                fields=["campaign", "kind", "specialty", "submitted_at", "looked_at"],
                name="sheet_progress",
            ),
            # what is handed in, nearly all: PostgreSQL counts it from this, six bytes a row, and
            # SQLite from the one above, since there a partial index never covers its condition
            models.Index(
                fields=["campaign", "kind", "specialty"],
                condition=Q(submitted_at__isnull=False),
                name="sheet_handed_in",
            ),
            # what was handed in since the auditors were counted: little, as a rule
            models.Index(
                fields=["campaign"],
                condition=Q(submitted_at__isnull=False) & ~Q(compared=models.F("events")),
                name="sheet_uncounted",
            ),
        ]

    def __str__(self):
        return f"{self.project} · {self.specialty}"

    def get_absolute_url(self):
        return reverse("sheet", args=[self.campaign.code, self.pk])

    @property
    def is_self_check(self) -> bool:
        return self.kind == ScoreKind.SELF

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None

    def state(self, *, at=None) -> states.State:
        if self.submitted_at:
            return states.SUBMITTED
        return states.IN_PROGRESS if self.looked_at else states.NOT_STARTED


class Observation(models.Model):
    """What somebody saw, as they saw it; never changed, never deleted.

    The id is made by the client, so that sending twice does no harm. `points` are those of a
    MISSING observation: `count` times what one occurrence costs. `rule` is the item's rule that
    applies, None for the price of a missing requirement; one on the item as a whole (neither
    requirement nor rule) comes from an imported form. A WITHDRAWAL names the observation that it
    takes back.
    """

    id = models.UUIDField(primary_key=True)
    sheet = models.ForeignKey(
        ScoreSheet, models.PROTECT, related_name="observations", verbose_name=_("评分表")
    )
    kind = models.CharField(_("结论"), max_length=20, choices=ObservationKind)
    item = models.ForeignKey(Item, models.PROTECT, verbose_name=_("评分项"))
    requirement = models.ForeignKey(
        Requirement, models.PROTECT, null=True, blank=True, verbose_name=_("检查内容")
    )
    rule = models.ForeignKey(
        DeductionRule, models.PROTECT, null=True, blank=True, verbose_name=_("扣分规则")
    )
    count = models.PositiveSmallIntegerField(_("次数"), default=1)
    points = models.DecimalField(_("扣分"), max_digits=6, decimal_places=2, null=True, blank=True)
    method = models.CharField(_("检查方式"), max_length=20, choices=Method, blank=True)
    note = models.TextField(_("说明"), blank=True)
    withdraws = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="withdrawal",
        verbose_name=_("撤回的记录"),
    )
    by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name=_("检查人"))
    observed_at = models.DateTimeField(_("检查时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    # of what a client sent: its device, its number there, and when by that device's clock
    device = models.UUIDField(null=True, blank=True)
    sequence = models.PositiveBigIntegerField(null=True, blank=True)
    device_at = models.DateTimeField(null=True, blank=True)
    # its place among the sheet's events, and its seal
    place = models.PositiveIntegerField(default=0)
    seal = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["sheet", "recorded_at", "id"]
        verbose_name = _("检查记录")
        verbose_name_plural = pgettext_lazy("several", "检查记录")
        indexes = [
            # what was noted before about the same items
            models.Index(
                fields=["item"], condition=Q(points__isnull=False), name="observation_noted"
            ),
        ]

    def __str__(self):
        return f"{self.item} {self.get_kind_display()}"

    @property
    def known_visit(self):
        """The visit that it came from, where a page read it along (`source__visit`); else None."""
        source = self._state.fields_cache.get("source")
        return source and source.visit


class ObservationPhoto(models.Model):
    observation = models.ForeignKey(Observation, models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="observation_photos")
    added_at = models.DateTimeField()
    # of what a client sent: its id, the camera's own file by its digest, when it was taken by the
    # server's clock and by the device's, what was drawn on top
    sent_id = models.UUIDField(null=True, blank=True, db_index=True)
    device = models.UUIDField(null=True, blank=True)
    sequence = models.PositiveBigIntegerField(null=True, blank=True)
    original_sha256 = models.CharField(max_length=64, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    device_at = models.DateTimeField(null=True, blank=True)
    layer = models.JSONField(default=list, blank=True)
    place = models.PositiveIntegerField(default=0)
    seal = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["observation", "id"]

    def __str__(self):
        return self.file.name


class ReceivedEvent(models.Model):
    """An event that a client sent and that is on record, so that it counts once however often it
    comes; `digest` is that of what it says. Its observations carry ids that follow from its own.
    """

    id = models.UUIDField(primary_key=True)
    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="received_events")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    device = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "sequence"]

    def __str__(self):
        return str(self.pk)


class ImportedForm(models.Model):
    """A filled form that became a sheet; the same file again changes nothing."""

    sheet = models.OneToOneField(ScoreSheet, models.PROTECT, related_name="imported_form")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(User, models.PROTECT, null=True)

    def __str__(self):
        return self.name
