"""The campaign, its phases and milestones, and the projects that take part."""

from datetime import date, datetime

from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.words import EvidenceKind, Rounding, Scope
from organization import states
from organization.clock import local_day
from organization.models import Project, Specialty, User
from organization.prepared import prepared
from organization.roles import Role


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Company roles see all; project people the started ones that their project is in."""
        return self if user.sees_company else self.begun_with(user.project_ids)

    def begun_with(self, projects):
        """Those that one of these projects takes part in, by their ids, once started."""
        return self.filter(
            started_at__isnull=False, participations__project__pk__in=projects
        ).distinct()

    def running(self):
        return self.filter(started_at__isnull=False, closed_at__isnull=True)

    def awaiting_start(self):
        return self.filter(approved_at__isnull=False, started_at__isnull=True)

    def with_phases(self):
        """With the phases of all of them, for `Campaign.phases_in_order`; one more query."""
        return self.prefetch_related(
            Prefetch("phases", Phase.objects.order_by("order"), to_attr="phases_in_order")
        )


class Campaign(models.Model):
    """One run of the plan, in one year. Its status is derived from the facts stored here."""

    code = models.SlugField(_("编码"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    year = models.PositiveSmallIntegerField(_("年度"))
    rounding = models.CharField(
        _("等级取整"), max_length=10, choices=Rounding, default=Rounding.HALF_UP
    )
    appeal_days = models.PositiveSmallIntegerField(_("申诉天数"), default=3)
    # the least share of a project's people whose notes have to be on file; empty asks for none
    notes_percent = models.PositiveSmallIntegerField(
        _("笔记覆盖率要求（%）"), null=True, blank=True
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    projects = models.ManyToManyField(Project, through="Participation")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "code"]
        verbose_name = _("专项工作")
        verbose_name_plural = pgettext_lazy("several", "专项工作")

    def __str__(self):
        return str(_("%(title)s（%(year)d）") % {"title": self.title, "year": self.year})

    def get_absolute_url(self):
        return reverse("campaign", args=[self.code])

    def state(self) -> states.State:
        if self.closed_at:
            return states.CLOSED
        if self.started_at:
            return states.IN_PROGRESS
        if self.approved_at:
            return states.APPROVED
        if self.submitted_at:
            return states.WAITING_APPROVAL
        return states.RETURNED if self.returned_at else states.DRAFT

    @cached_property
    def phases_in_order(self) -> list["Phase"]:
        """Its phases in order, read once for a page: here or along with it.

        Django's own property, of which a prefetch knows that it is not to be asked first.
        """
        if "phases" in getattr(self, "_prefetched_objects_cache", {}):
            return list(self.phases.all())
        phases = in_order(campaign=self.pk)
        for phase in phases:
            phase.campaign = self
        return phases

    @cached_property
    def number_taking_part(self) -> int:
        """How many projects take part, counted once for a page."""
        return next((number for (number,) in entered(campaign=self.pk)), 0)

    def phase_called(self, code: str) -> "Phase | None":
        return next((phase for phase in self.phases_in_order if phase.code == code), None)

    @property
    def is_draft(self) -> bool:
        """Its set-up may still change freely: nobody has been asked to approve it."""
        return not (self.submitted_at or self.approved_at)

    @property
    def is_running(self) -> bool:
        """Work goes on in it: it was started, and not closed yet."""
        return bool(self.started_at and not self.closed_at)


class PhaseQuerySet(models.QuerySet):
    def on(self, day: date):
        return self.filter(start__lte=day, end__gte=day)


class Phase(models.Model):
    """One of the campaign's stretches of time, both days inclusive; days between belong to none."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    code = models.SlugField(_("编码"), max_length=30)
    name = models.CharField(_("名称"), max_length=60)
    order = models.PositiveSmallIntegerField(_("顺序"))
    start = models.DateField(_("开始"))
    end = models.DateField(_("结束"))

    objects = PhaseQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "order"]
        verbose_name = _("阶段")
        verbose_name_plural = pgettext_lazy("several", "阶段")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="phase_code_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="phase_ends_after_start"),
        ]

    def __str__(self):
        return self.name

    def state(self, *, at: datetime) -> states.State:
        today = local_day(at)
        if today < self.start:
            return states.NOT_STARTED
        return states.CLOSED if today > self.end else states.IN_PROGRESS

    def days_left(self, *, at: datetime) -> int:
        """Days after today until the last one; 0 on the last day."""
        return (self.end - local_day(at)).days


def of_campaign(*, campaign):
    return Phase.objects.filter(campaign__pk=campaign).order_by("order")


in_order = prepared(of_campaign, {"campaign": Campaign._meta.pk})


class Milestone(models.Model):
    """Something due by a date, owed by the company, every project or every specialty."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestones")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="milestones")
    code = models.SlugField(_("编码"), max_length=40)
    title = models.CharField(_("内容"), max_length=200)
    due = models.DateField(_("期限"))
    scope = models.CharField(_("由谁完成"), max_length=10, choices=Scope)
    owner = models.CharField(_("责任岗位"), max_length=30, choices=Role)
    approver = models.CharField(_("审批岗位"), max_length=30, choices=Role, blank=True)
    evidence = models.JSONField(_("必交资料"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_gate = models.BooleanField(
        _("阶段关卡"), default=True, help_text=_("通过后，专项工作才进入下一阶段")
    )

    class Meta:
        ordering = ["campaign", "order"]
        verbose_name = _("节点")
        verbose_name_plural = pgettext_lazy("several", "节点")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="milestone_code_once")
        ]

    def __str__(self):
        return self.title

    @property
    def reviewer(self) -> str:
        """The role that accepts it: the one that the plan names, else the center (ruling 15)."""
        return self.approver or Role.MANAGEMENT_CENTER

    def is_reviewed_by(self, user: User) -> bool:
        """Whether this person accepts what is handed in; no plan, reviewed on its own page."""
        return user.has_role(self.reviewer) and not self.is_met_by_plan

    @property
    def is_met_by_plan(self) -> bool:
        """Met by the filed improvement plan, no upload (ruling 15)."""
        return EvidenceKind.IMPROVEMENT_PLAN in self.evidence

    @property
    def kinds(self) -> list[EvidenceKind]:
        """The kinds of material that the plan asks for."""
        return [EvidenceKind(kind) for kind in self.evidence]

    @property
    def days_outside(self) -> int:
        """Days of its due date before (negative) or after its phase; 0 within it."""
        if self.due < self.phase.start:
            return (self.due - self.phase.start).days
        return max((self.due - self.phase.end).days, 0)

    @property
    def is_outside_its_phase(self) -> bool:
        """Allowed and flagged, never refused (ruling 12)."""
        return self.days_outside != 0


class GatePass(models.Model):
    """The center's word that the campaign goes on although a phase's gate is not met.

    Its own record: never changed, never taken back.
    """

    phase = models.OneToOneField(Phase, models.CASCADE, related_name="gate_pass")
    reason = models.TextField(_("理由"))
    passed_at = models.DateTimeField()
    passed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("关卡放行")
        verbose_name_plural = _("关卡放行")

    def __str__(self):
        return str(self.phase)


class Participation(models.Model):
    """A project that takes part, and the specialties that it does not have (ruling 5)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="participations")
    project = models.ForeignKey(Project, models.PROTECT, related_name="participations")
    lacks = models.ManyToManyField(Specialty, blank=True, verbose_name=_("不涉及的专业"))
    # the project's own number where not all of its staff are in the system
    headcount = models.PositiveSmallIntegerField(_("员工总数"), null=True, blank=True)

    class Meta:
        ordering = ["campaign", "project__code"]
        verbose_name = _("参与项目")
        verbose_name_plural = pgettext_lazy("several", "参与项目")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "project"], name="participation_once")
        ]

    def __str__(self):
        return str(self.project)


def those_in(*, campaign):
    parts = Participation.objects.filter(campaign__pk=campaign).order_by()
    return parts.values("campaign").annotate(number=Count("*")).values_list("number")


entered = prepared(those_in, {"campaign": Campaign._meta.pk})
