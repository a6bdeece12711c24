"""One case, many sites (举一反三): a serious finding that every project looks for at home."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaign.models import Campaign
from inspections.models.findings import Finding
from inspections.words import Reply
from organization import states
from organization.models import Project, StoredFile, User
from organization.roles import Role
from organization.states import State

NOT_HERE = State("not_here", _("本项目没有"), "circle-check", "ok")
FOUND = State("found", _("也有，已开问题"), "alert-triangle", "warn")
UNANSWERED = State("unanswered", _("未答复"), "circle-dashed")
NOT_ASKED = State("not_asked", _("不用再答复"), "circle-off")


class CaseQuerySet(models.QuerySet):
    def running(self):
        return self.filter(closed_at__isnull=True, withdrawn_at__isnull=True)

    def visible_to(self, user):
        """Company roles see all; a project those that it was asked."""
        if user.sees_company:
            return self
        return self.filter(sites__project__in=user.project_ids).distinct()


class Case(models.Model):
    """A question to many projects, to be answered until `answer_by`."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="cases")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="cases")
    question = models.TextField(_("要查什么"))
    hours = models.PositiveSmallIntegerField(_("几小时内答复"))
    spread_at = models.DateTimeField()
    spread_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answer_by = models.DateTimeField(_("答复期限"))
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("关闭或撤回的原因"), blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-spread_at", "-pk"]
        verbose_name = _("举一反三")
        verbose_name_plural = _("举一反三")
        constraints = [
            models.UniqueConstraint(
                fields=["finding"],
                condition=Q(closed_at__isnull=True, withdrawn_at__isnull=True),
                name="case_running_once",
            )
        ]

    def __str__(self):
        return " ".join(self.question.split())[:80]

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.campaign.code, self.pk])

    @property
    def is_running(self) -> bool:
        return not (self.closed_at or self.withdrawn_at)

    def is_past(self, *, at: datetime) -> bool:
        return at > self.answer_by

    def state(self, *, at: datetime | None = None) -> State:
        if self.withdrawn_at:
            return states.WITHDRAWN
        if self.closed_at:
            return states.CLOSED
        return states.IN_PROGRESS


class SiteQuerySet(models.QuerySet):
    def unanswered(self):
        return self.filter(answered_at__isnull=True)

    def answered(self):
        return self.filter(answered_at__isnull=False)

    def overdue(self, *, at: datetime):
        """Still to be answered, past the hour."""
        running = Q(case__closed_at__isnull=True, case__withdrawn_at__isnull=True)
        return self.unanswered().filter(running, case__answer_by__lt=at)

    def late(self):
        return self.answered().filter(answered_at__gt=models.F("case__answer_by"))

    def visible_to(self, user):
        if user.sees_company:
            return self
        return self.filter(project__in=user.project_ids)

    def owed_by(self, user):
        """What the leaders and heads of a project are still asked."""
        roles = {Role.PROJECT_MANAGER, Role.DEPUTY_PROJECT_MANAGER, Role.DEPARTMENT_HEAD}
        mine = [post.project_id for post in user.current_posts if post.role in roles]
        running = Q(case__closed_at__isnull=True, case__withdrawn_at__isnull=True)
        return self.unanswered().filter(running, project__in=mine)


class CaseSite(models.Model):
    """One project that is asked. `reply` is its answer as it stands, `answered_at` when the first
    one came: what makes it late. Every answer stays on record (`CaseAnswer`).
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="sites")
    project = models.ForeignKey(Project, models.PROTECT, related_name="case_sites")
    reply = models.CharField(_("答复"), max_length=10, choices=Reply, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    finding = models.ForeignKey(
        Finding, models.SET_NULL, null=True, blank=True, related_name="opened_by_cases"
    )
    revision = models.PositiveIntegerField(default=0)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["case", "project__code"]
        constraints = [models.UniqueConstraint(fields=["case", "project"], name="case_site_once")]
        indexes = [
            models.Index(
                fields=["project"], condition=Q(answered_at__isnull=True), name="case_site_open"
            )
        ]

    def __str__(self):
        return f"{self.project} · {self.case}"

    def get_absolute_url(self) -> str:
        return reverse("case_site", args=[self.case.campaign.code, self.case_id, self.project.code])

    def hours_late(self, *, at: datetime) -> int:
        """Begun hours after the deadline, 0 when in time: late is late, also by minutes."""
        seconds = ((self.answered_at or at) - self.case.answer_by).total_seconds()
        return max(0, -int(-seconds // 3600))

    def state(self, *, at: datetime) -> State:
        if self.reply:
            return FOUND if self.reply == Reply.FOUND else NOT_HERE
        if not self.case.is_running:
            return NOT_ASKED
        behind = self.hours_late(at=at)
        return overdue_by(behind) if behind else UNANSWERED


def overdue_by(hours: int) -> State:
    word = ngettext("逾期 %(hours)d 小时", "逾期 %(hours)d 小时", hours) % {"hours": hours}
    return State("overdue", word, "alert-circle", "late")


class CaseAnswer(models.Model):
    """What a project answered, as it was; a correction is one more of them."""

    site = models.ForeignKey(CaseSite, models.CASCADE, related_name="answers")
    reply = models.CharField(max_length=10, choices=Reply)
    note = models.TextField(_("说明"), blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    files = models.ManyToManyField(StoredFile, related_name="case_answers")

    class Meta:
        ordering = ["site", "-answered_at", "-pk"]
        indexes = [
            models.Index(fields=["site", "-answered_at", "-id"], name="case_answer_newest"),
        ]

    def __str__(self):
        return f"{self.site} {self.get_reply_display()}"
