"""A specialty's seminar on key and difficult problems, with a solution for each."""

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from inspections.models.findings import Finding
from organization import states
from organization.models import Specialty, User


class Seminar(models.Model):
    """When and where, who led it and took part, its minutes; problems and solutions are lines."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="seminars")
    specialty = models.ForeignKey(Specialty, models.PROTECT, verbose_name=_("专业口"))
    day = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主持人")
    )
    attendees = models.TextField(_("参加人"), blank=True)
    minutes = models.TextField(_("会议纪要"), blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["campaign", "-day", "specialty__order", "-id"]
        verbose_name = _("研讨会")
        verbose_name_plural = _("研讨会")

    def __str__(self):
        return f"{self.specialty} {_('研讨会')} {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("seminar", args=[self.campaign.code, self.pk])

    def state(self, *, at=None) -> states.State:
        return states.CLOSED if self.closed_at else states.IN_PROGRESS


class SeminarProblem(models.Model):
    """A key or difficult problem, the findings behind it, and what the seminar agreed on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="problems")
    position = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(_("重点难点问题"), blank=True)
    solution = models.TextField(_("解决方案"), blank=True)
    responsible = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人")
    )
    due = models.DateField(_("期限"), null=True, blank=True)
    findings = models.ManyToManyField(Finding, blank=True, related_name="seminar_problems")
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["seminar", "position", "created_at"]
        verbose_name = _("重点难点问题")
        verbose_name_plural = _("重点难点问题")

    def __str__(self):
        return self.problem[:80]

    def get_absolute_url(self) -> str:
        return f"{self.seminar.get_absolute_url()}#problem-{self.pk}"
