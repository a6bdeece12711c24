"""A project's improvement plan: its facts, its revisions, each version as it was submitted."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import Campaign
from inspections.words import Source
from organization import states
from organization.models import Project, Specialty, User

UNDER_WAY = Q(filed_at__isnull=True, discarded_at__isnull=True)


class PlanQuerySet(models.QuerySet):
    def waiting_review(self):
        return self.filter(submitted_at__isnull=False, filed_at__isnull=True)

    def visible_to(self, user):
        if user.sees_company:
            return self
        return self.filter(project__in=user.project_ids)


class RevisionQuerySet(models.QuerySet):
    def under_way(self):
        """Neither filed nor discarded; a plan has one of them at most."""
        return self.filter(UNDER_WAY)

    def waiting_review(self):
        return self.under_way().filter(submitted_at__isnull=False)


class Reviewed(models.Model):
    """What is written by a project and filed, or returned, by the center."""

    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.TextField(_("退回意见"), blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def state(self, *, at: datetime) -> states.State:
        if self.filed_at:
            return states.FILED
        if self.submitted_at:
            return states.WAITING_REVIEW
        return states.RETURNED if self.returned_at else states.DRAFT

    @property
    def is_editable(self) -> bool:
        return not self.submitted_at


class ImprovementPlan(Reviewed):
    """品质提升实施方案: findings with measure, responsible person and due date, for review."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="plans")
    project = models.ForeignKey(Project, models.PROTECT, related_name="plans")
    created_at = models.DateTimeField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "project__code"]
        verbose_name = _("实施方案")
        verbose_name_plural = pgettext_lazy("several", "实施方案")
        constraints = [models.UniqueConstraint(fields=["campaign", "project"], name="plan_once")]
        indexes = [
            models.Index(
                fields=["campaign", "submitted_at"],
                condition=Q(submitted_at__isnull=False, filed_at__isnull=True),
                name="plan_waiting",
            )
        ]

    def __str__(self):
        return f"{self.project} {_('实施方案')}"

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.campaign.code, self.project.code])

    @property
    def root(self) -> "ImprovementPlan":
        return self

    @property
    def lines(self):
        """What stands in it: its draft while it is written, what is in force once it is filed."""
        return self.findings.filter(withdrawn_at__isnull=True)

    @property
    def place(self) -> dict:
        """Where a new line of it belongs."""
        return {"plan": self}


class PlanRevision(Reviewed):
    """The next version of a filed plan while it is written; what is filed stays in force.

    Its lines are findings that no plan has yet: new ones, and one that `amends` each finding in
    force. They never come into force themselves unless they are new; all of them stay on record.
    """

    plan = models.ForeignKey(ImprovementPlan, models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField(_("修订原因"))
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    discarded_at = models.DateTimeField(null=True, blank=True)
    discarded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    discard_reason = models.TextField(_("放弃原因"), blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "-number"]
        verbose_name = _("方案修订")
        verbose_name_plural = _("方案修订")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_revision_number"),
            models.UniqueConstraint(fields=["plan"], condition=UNDER_WAY, name="plan_revision_one"),
        ]

    def __str__(self):
        return _("%(plan)s 第 %(number)d 次修订") % {"plan": self.plan, "number": self.number}

    def get_absolute_url(self) -> str:
        place = [self.campaign.code, self.project.code, self.number]
        return reverse("plan_revision", args=place)

    def state(self, *, at: datetime) -> states.State:
        return states.DISCARDED if self.discarded_at else super().state(at=at)

    @property
    def is_editable(self) -> bool:
        return not (self.submitted_at or self.discarded_at)

    @property
    def root(self) -> ImprovementPlan:
        return self.plan

    @property
    def campaign(self) -> Campaign:
        return self.plan.campaign

    @property
    def project(self) -> Project:
        return self.plan.project

    @property
    def project_id(self) -> int:
        return self.plan.project_id

    @property
    def place(self) -> dict:
        return {"draft_of": self}


class SetAside(models.Model):
    """Something found before that a plan knowingly does not take up, and why."""

    plan = models.ForeignKey(ImprovementPlan, models.CASCADE, related_name="set_aside")
    key = models.CharField(max_length=60, help_text="what is offered (inspections.past)")
    problem = models.TextField(_("问题"))
    source = models.CharField(_("来源"), max_length=20, choices=Source)
    specialty = models.ForeignKey(Specialty, models.PROTECT, null=True, verbose_name=_("专业"))
    reason = models.TextField(_("不列入的原因"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["plan", "at", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="set_aside_once")]

    def __str__(self):
        return self.problem[:80]


class PlanVersion(models.Model):
    """The findings as they were submitted, which never change, and what the center decided."""

    plan = models.ForeignKey(ImprovementPlan, models.CASCADE, related_name="versions")
    amendment = models.ForeignKey(
        PlanRevision, models.CASCADE, null=True, blank=True, related_name="versions"
    )
    number = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True)
    findings = models.JSONField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    is_filed = models.BooleanField(default=False)
    return_reason = models.TextField(_("退回意见"), blank=True)
    remarks = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self):
        return f"{self.plan} v{self.number}"

    @property
    def state(self) -> states.State:
        if self.is_filed:
            return states.FILED
        return states.RETURNED if self.decided_at else states.WAITING_REVIEW
