"""Audit visits (检查), and the schedule of the announced ones that an executive approves."""

from datetime import datetime

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import Campaign
from inspections.words import Method
from organization import states
from organization.models import Project, User
from organization.states import State

FINISHED = State("finished", _("已完成"), "circle-check", "ok")


class AuditSchedule(models.Model):
    """Which announced visits a campaign has is in `AuditVisit`; here is how far the whole is.

    `shortfalls` are what the planner could not meet: {code, project} each (audit_visit.planning).
    """

    campaign = models.OneToOneField(
        Campaign, models.CASCADE, related_name="audit_schedule", verbose_name=_("专项工作")
    )
    first = models.DateField(_("第一天"))
    last = models.DateField(_("最后一天"))
    doubles = models.PositiveSmallIntegerField(
        _("两人检查的项目占比"), validators=[MaxValueValidator(100)]
    )
    per_day = models.PositiveSmallIntegerField(_("每人每天最多检查几个项目"))
    seed = models.PositiveIntegerField(_("随机数"))
    shortfalls = models.JSONField(default=list, blank=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.TextField(_("退回原因"), blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("检查安排")
        verbose_name_plural = _("检查安排")

    def __str__(self):
        return str(_("检查安排"))

    def get_absolute_url(self) -> str:
        return reverse("audit_visits", args=[self.campaign.code])

    @property
    def is_waiting(self) -> bool:
        return bool(self.submitted_at) and not self.approved_at

    def state(self, *, at: datetime | None = None) -> State:
        if self.approved_at:
            return states.APPROVED
        if self.submitted_at:
            return states.WAITING_APPROVAL
        return states.RETURNED if self.returned_at else states.DRAFT


class AuditVisitQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at__isnull=True)

    def announced(self):
        return self.filter(method=Method.OPEN)

    def under_way(self):
        return self.standing().filter(started_at__isnull=False, finished_at__isnull=True)

    def settled(self):
        """Those that are certain: announced ones once the schedule was approved."""
        approved = AuditSchedule.objects.filter(
            campaign=OuterRef("campaign"), approved_at__isnull=False
        )
        return self.filter(~Q(method=Method.OPEN) | Exists(approved))

    def told_before_cancelled(self):
        """Without those that were cancelled before their project was told of them."""
        told = AuditSchedule.objects.filter(
            campaign=OuterRef("campaign"), approved_at__lte=OuterRef("withdrawn_at")
        )
        return self.filter(Q(withdrawn_at__isnull=True) | Exists(told))

    def visible_to(self, user):
        """A project sees the announced ones to itself once they are certain, also what is
        cancelled from then on, and others only when they are over; company roles see all but
        what their own project, if any, must not know.
        """
        known = Q(method=Method.OPEN) | Q(finished_at__isnull=False)
        own = Q(project__in=user.project_ids)
        if user.sees_company:
            return self.exclude(own & ~known) if user.project_ids else self
        return self.settled().told_before_cancelled().filter(own & known)

    def of_auditor(self, user):
        return self.filter(auditors=user)


class AuditVisit(models.Model):
    """Somebody goes to a project by one method on one day."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="audit_visits", verbose_name=_("专项工作")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="audit_visits", verbose_name=_("项目")
    )
    method = models.CharField(_("检查方式"), max_length=20, choices=Method, default=Method.OPEN)
    day = models.DateField(_("日期"))
    auditors = models.ManyToManyField(User, related_name="audit_visits", verbose_name=_("检查人"))
    by_hand = models.BooleanField(_("手工增加"), default=False)  # a new draft leaves it alone
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    started_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    finished_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("取消原因"), blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = AuditVisitQuerySet.as_manager()

    class Meta:
        ordering = ["day", "project__code", "pk"]
        verbose_name = _("检查")
        verbose_name_plural = pgettext_lazy("several", "检查")
        indexes = [
            models.Index(fields=["campaign", "day"], name="audit_visit_day"),
            # how many there are from when to when
            models.Index(
                fields=["campaign", "day"],
                condition=Q(withdrawn_at__isnull=True),
                name="audit_visit_standing",
            ),
            # whose come next: with all that is asked of them, for SQLite its condition as well
            models.Index(
                fields=["campaign", "day", "id", "method", "withdrawn_at"],
                condition=Q(withdrawn_at__isnull=True),
                name="audit_visit_coming",
            ),
            # which of somebody's are still to come, by their keys alone
            models.Index(
                fields=["id", "day", "campaign", "method"],
                condition=Q(withdrawn_at__isnull=True),
                name="audit_visit_by_key",
            ),
            # whom call-backs were to, which are a few of many visits
            models.Index(
                fields=["campaign", "project", "id"],
                condition=Q(method=Method.CUSTOMER_CALLBACK, withdrawn_at__isnull=True),
                name="audit_visit_called",
            ),
        ]

    def __str__(self):
        return f"{self.project} · {self.day:%Y-%m-%d} · {self.get_method_display()}"

    def get_absolute_url(self) -> str:
        return reverse("audit_visit", args=[self.campaign.code, self.pk])

    @property
    def thing(self) -> str:
        return f"audit_visit:{self.pk}"

    def state(self, *, at: datetime | None = None) -> State:
        if self.withdrawn_at:
            return states.CANCELLED
        if self.finished_at:
            return FINISHED
        return states.IN_PROGRESS if self.started_at else states.NOT_STARTED
