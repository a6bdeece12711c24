"""Company policies in versions: approved ones never change, a correction is the next version."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from inspections.words import PolicyKind, RootCause
from organization import states
from organization.clock import local_day
from organization.models import Specialty, StoredFile, User
from organization.roles import Role

# Who sees what is not approved yet: who writes it, and who decides on it.
DRAFT_READERS = (Role.MANAGEMENT_CENTER, Role.PRESIDENT, Role.EXECUTIVE)
IN_FORCE = states.State("in_force", _("现行"), "circle-check", "ok")
REPLACED = states.State("replaced", _("已被替代"), "history")


class PolicyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody reads approved ones; drafts are seen by the center and company leaders."""
        if user.has_role(*DRAFT_READERS):
            return self
        return self.filter(pk__in=PolicyVersion.objects.approved().values("policy"))


class Policy(models.Model):
    """A company policy, procedure or standard; what it says is in its versions."""

    kind = models.CharField(_("类别"), max_length=20, choices=PolicyKind)
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, null=True, blank=True, verbose_name=_("专业口")
    )
    is_preventive = models.BooleanField(_("事前干预"), default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("制度")
        verbose_name_plural = _("制度")

    def __str__(self):
        newest = self.versions.first()
        return newest.title if newest else f"{self.get_kind_display()} {self.pk}"


class VersionQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(approved_at__isnull=False)

    def waiting_approval(self):
        return self.filter(submitted_at__isnull=False, approved_at__isnull=True)

    def in_force(self, *, at: datetime | None = None, today: date | None = None):
        """The approved version of each policy that holds on this day."""
        today = local_day(at) if today is None else today
        holding = PolicyVersion.objects.approved().filter(
            policy=OuterRef("policy"), in_force_from__lte=today
        )
        newest = Subquery(holding.order_by("-number").values("pk")[:1])
        return self.annotate(holds=newest).filter(pk=F("holds"))

    def visible_to(self, user):
        return self if user.has_role(*DRAFT_READERS) else self.approved()


class PolicyVersion(models.Model):
    """One version: text in the browser and/or a file; in force from a day once approved."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="versions")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="policy_versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=120)
    text = models.TextField(_("正文"), blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="policy_versions"
    )
    in_force_from = models.DateField(_("生效日期"), null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.TextField(_("退回原因"), blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["policy", "-number"]
        verbose_name = _("制度版本")
        verbose_name_plural = _("制度版本")
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(approved_at__isnull=True), name="policy_one_draft"
            ),
        ]

    def __str__(self):
        return f"{self.title} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("policy", args=[self.campaign.code, self.policy_id])

    @property
    def stage(self) -> str:
        """Where it stands whatever the day is: draft, returned, waiting or approved."""
        if self.approved_at:
            return "approved"
        if self.submitted_at:
            return "waiting"
        return "returned" if self.returned_at else "draft"

    def state(self, *, at: datetime, holds: bool = False) -> states.State:
        """`holds`: it is the version of its policy that is in force on this day."""
        if self.approved_at is None:
            return {
                "draft": states.DRAFT,
                "returned": states.RETURNED,
                "waiting": states.WAITING_APPROVAL,
            }[self.stage]
        if self.in_force_from > local_day(at):
            return states.APPROVED
        return IN_FORCE if holds else REPLACED


class Prevented(models.Model):
    """A kind of finding that a version is to prevent, by codes that outlive rubric and campaign."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="prevents")
    specialty = models.ForeignKey(Specialty, models.PROTECT, verbose_name=_("专业口"))
    item = models.SlugField(_("评分项"), max_length=20, blank=True)
    number = models.PositiveSmallIntegerField(_("检查内容"), null=True, blank=True)
    words = models.CharField(max_length=700, blank=True, help_text="what the codes said then")
    root_cause = models.CharField(_("根本原因"), max_length=20, choices=RootCause, blank=True)

    class Meta:
        ordering = ["version", "id"]
        indexes = [models.Index(fields=["specialty", "item"], name="prevented_kind")]

    def __str__(self):
        return self.words or str(self.specialty)

    @property
    def in_words(self) -> str:
        """Specialty, what of its rubric, and the cause, as far as they are named."""
        cause = str(RootCause(self.root_cause).label) if self.root_cause else ""
        return " · ".join(filter(None, (str(self.specialty), self.words, cause)))
