"""A project's improvement plan: its facts, and each version as it was submitted."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from organization import states
from organization.models import Project, User


class PlanQuerySet(models.QuerySet):
    def waiting_review(self):
        return self.filter(submitted_at__isnull=False, filed_at__isnull=True)

    def visible_to(self, user):
        if user.sees_company:
            return self
        return self.filter(project__in=user.project_ids)


class ImprovementPlan(models.Model):
    """品质提升实施方案: findings with measure, responsible person and due date, for review."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="plans")
    project = models.ForeignKey(Project, models.PROTECT, related_name="plans")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.TextField(_("退回意见"), blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "project__code"]
        verbose_name = _("实施方案")
        verbose_name_plural = _("实施方案")
        constraints = [models.UniqueConstraint(fields=["campaign", "project"], name="plan_once")]
        indexes = [
            models.Index(
                fields=["campaign", "submitted_at"],
                condition=models.Q(submitted_at__isnull=False, filed_at__isnull=True),
                name="plan_waiting",
            )
        ]

    def __str__(self):
        return f"{self.project} {_('实施方案')}"

    def state(self, *, at: datetime) -> states.State:
        if self.filed_at:
            return states.FILED
        if self.submitted_at:
            return states.WAITING_REVIEW
        return states.RETURNED if self.returned_at else states.DRAFT

    @property
    def is_editable(self) -> bool:
        return not self.submitted_at


class PlanVersion(models.Model):
    """The findings as they were submitted; never changed afterwards."""

    plan = models.ForeignKey(ImprovementPlan, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True)
    findings = models.JSONField()

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self):
        return f"{self.plan} v{self.number}"
