"""A later due date that somebody asks for, and what the center says to it."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections.models.findings import Finding
from organization import states
from organization.models import User


class ExtensionQuerySet(models.QuerySet):
    def undecided(self):
        return self.filter(decided_at__isnull=True)

    def waiting(self):
        """To be decided in running campaigns; no need once its finding is verified or withdrawn."""
        return self.undecided().filter(
            finding__verified_at__isnull=True,
            finding__withdrawn_at__isnull=True,
            finding__campaign__started_at__isnull=False,
            finding__campaign__closed_at__isnull=True,
        )


class Extension(models.Model):
    """延期申请: one at a time per finding, kept with its answer.

    `due_before` is the due date in force when it was asked for; `granted` is null until decided.
    """

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="extensions")
    due_before = models.DateField(_("申请时的期限"))
    asked_due = models.DateField(_("申请延到"))
    reason = models.TextField(_("延期原因"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    granted = models.BooleanField(null=True, blank=True)
    granted_due = models.DateField(_("同意延到"), null=True, blank=True)
    decision = models.TextField(_("审批意见"), blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["finding", "asked_at", "id"]
        verbose_name = _("延期申请")
        verbose_name_plural = _("延期申请")
        constraints = [
            models.UniqueConstraint(
                fields=["finding"],
                condition=Q(decided_at__isnull=True),
                name="extension_one_undecided",
            )
        ]
        indexes = [
            # in the order in which they wait
            models.Index(
                fields=["asked_at", "id", "finding", "asked_by"],
                condition=Q(decided_at__isnull=True),
                name="extension_waiting",
            ),
            # what was decided since it was counted
            models.Index(
                fields=["decided_at", "asked_at", "finding"],
                condition=Q(decided_at__isnull=False),
                name="extension_decided",
            ),
        ]

    def __str__(self):
        return f"{self.finding} → {self.asked_due}"

    def state(self, *, at: datetime | None = None) -> states.State:
        if self.decided_at is None:
            return states.WAITING_APPROVAL
        if self.granted:
            return states.APPROVED.saying(_("已同意"))
        return states.RETURNED.saying(_("未同意"))
