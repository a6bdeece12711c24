"""Something wrong, from any source, until it is verified as rectified."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import Campaign
from inspections.models.plans import ImprovementPlan, PlanRevision
from inspections.models.repeats import count_of_earlier, earlier_than
from inspections.words import Moment, RootCause, Source
from organization import states
from organization.clock import days_late, local_day
from organization.models import Post, Project, Specialty, StoredFile, User
from organization.roles import PROJECT_LEADERS, Role
from scoring.models import Requirement


def concerns(user) -> Q:
    mine = Q(responsible=user)
    for post in user.current_posts:
        if post.role in PROJECT_LEADERS:
            mine |= Q(project=post.project_id)
    return mine


def of_department(user) -> Q:
    """The findings of the departments that somebody heads; without a name, of the whole project.

    The same as `permissions.heads_department_of`, asked of many at once.
    """
    found = Q(pk__in=())
    for post in user.current_posts:
        if post.role == Role.DEPARTMENT_HEAD:
            staff = Post.objects.current().filter(project=post.project_id)
            staff = staff.filter(department=post.department) if post.department else staff
            found |= Q(project=post.project_id, responsible__in=staff.values("user"))
    return found


class FindingQuerySet(models.QuerySet):
    def opened(self):
        """In force: its plan was filed, or it came from an audit. Drafts of plans are not, nor
        what a revision of the plan withdrew."""
        return self.on_record().filter(withdrawn_at__isnull=True)

    def on_record(self):
        """In force now, or withdrawn after it was: its page stays readable."""
        return self.filter(opened_at__isnull=False)

    def drafts(self):
        return self.filter(opened_at__isnull=True)

    def open(self):
        """Somebody has to rectify it."""
        return self.opened().filter(rectified_at__isnull=True, verified_at__isnull=True)

    def waiting_verify(self):
        return self.opened().filter(rectified_at__isnull=False, verified_at__isnull=True)

    def verified(self):
        return self.filter(verified_at__isnull=False)

    def overdue(self, *, at: datetime):
        return self.open().filter(due__lt=local_day(at))

    def with_repeats(self):
        """`earlier_count`: how often the same requirement was opened in the project before."""
        return self.annotate(earlier_count=count_of_earlier(Finding.objects.opened()))

    def repeated(self):
        """Not the first opening of their requirement in their project."""
        return self.filter(Exists(earlier_than(Finding.objects.opened(), OuterRef)))

    def visible_to(self, user):
        """Company roles see all; project people those of their projects, the drafts too."""
        if user.sees_company:
            return self
        return self.filter(project__in=user.project_ids)

    def concerning(self, user):
        """One's own to see to, and for project leaders their project's."""
        return self.filter(concerns(user))

    def rectifiable_by(self, user):
        """What concerns somebody, and for a head of department what its people are to do."""
        return self.filter(concerns(user) | of_department(user))

    def with_department_of(self, user):
        """`is_departments`: whether the user heads the department of who is responsible."""
        return self.annotate(
            is_departments=ExpressionWrapper(of_department(user), output_field=BooleanField())
        )

    def owed_by(self, user):
        return self.open().concerning(user)

    def with_all(self):
        return self.select_related("project", "specialty", "responsible", "campaign", "plan")


class Finding(models.Model):
    """A plan's line from its first typed word on, and the finding that is then rectified.

    While its plan is a draft anything but the problem may still be empty and `opened_at` is
    null. `revision` grows with every edit, so that a stale page is noticed. `due` is the date in
    force; `first_due` the one that it had before it was first changed, null while it never was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="findings")
    project = models.ForeignKey(Project, models.PROTECT, related_name="findings")
    plan = models.ForeignKey(
        ImprovementPlan, models.CASCADE, null=True, blank=True, related_name="findings"
    )
    draft_of = models.ForeignKey(
        PlanRevision, models.CASCADE, null=True, blank=True, related_name="lines"
    )
    amends = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="amendments",
        help_text="the finding in force that this line of a revision is to change",
    )
    base = models.JSONField(
        null=True, blank=True, help_text="what an amending line started from, field by field"
    )
    position = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(_("问题"), blank=True)
    source = models.CharField(_("来源"), max_length=20, choices=Source, blank=True)
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, null=True, blank=True, verbose_name=_("专业")
    )
    measure = models.TextField(_("整改措施"), blank=True)
    responsible = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("责任人"),
    )
    due = models.DateField(_("期限"), null=True, blank=True)
    first_due = models.DateField(_("原定期限"), null=True, blank=True)
    root_cause = models.CharField(_("根本原因"), max_length=20, choices=RootCause, blank=True)
    root_cause_text = models.CharField(_("具体原因"), max_length=300, blank=True)
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, blank=True)
    observation = models.UUIDField(null=True, blank=True)
    origin = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="successors",
        help_text="the finding of an earlier campaign that this line takes up again",
    )
    remark = models.TextField(_("审核意见"), blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    rectified_at = models.DateTimeField(null=True, blank=True)
    rectified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    rectification = models.TextField(_("整改情况"), blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verification = models.TextField(_("验证说明"), blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reopen_reason = models.TextField(_("重开原因"), blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdraw_reason = models.TextField(_("撤销原因"), blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "project__code", "position", "created_at"]
        verbose_name = _("问题")
        verbose_name_plural = pgettext_lazy("several", "问题")
        indexes = [
            models.Index(fields=["campaign", "due"], name="finding_due"),
            # what is in force by its due date, and how many there are of each state
            models.Index(
                fields=[
                    "campaign",
                    "due",
                    "rectified_at",
                    "verified_at",
                    "reopened_at",
                    "opened_at",
                    "withdrawn_at",
                    "project",
                ],
                name="finding_in_force",
            ),
            # what is open, in the order in which it falls due
            models.Index(
                fields=["campaign", "due", "project", "position", "id"],
                condition=Q(
                    opened_at__isnull=False,
                    withdrawn_at__isnull=True,
                    rectified_at__isnull=True,
                    verified_at__isnull=True,
                ),
                name="finding_open",
            ),
            # what there was before a policy, and since
            models.Index(
                fields=["specialty", "opened_at"],
                condition=Q(opened_at__isnull=False, withdrawn_at__isnull=True),
                name="finding_of_specialty",
            ),
            models.Index(fields=["project", "campaign"], name="finding_project"),
            models.Index(fields=["project", "requirement", "opened_at"], name="finding_repeats"),
            models.Index(fields=["responsible", "campaign"], name="finding_responsible"),
            models.Index(
                fields=["campaign", "specialty", "rectified_at"],
                condition=Q(
                    opened_at__isnull=False, rectified_at__isnull=False, verified_at__isnull=True
                ),
                name="finding_waiting",
            ),
            # by the finding: what is asked about those that still need something
            models.Index(
                fields=["id", "campaign"],
                condition=Q(verified_at__isnull=True, withdrawn_at__isnull=True),
                name="finding_not_over",
            ),
            # what is to be verified, in the order in which it waits; SQLite counts by it
            # without the findings, since it has all that its condition asks
            models.Index(
                fields=[
                    "campaign",
                    "rectified_at",
                    "id",
                    "opened_at",
                    "withdrawn_at",
                    "verified_at",
                ],
                condition=Q(
                    opened_at__isnull=False,
                    withdrawn_at__isnull=True,
                    rectified_at__isnull=False,
                    verified_at__isnull=True,
                ),
                name="finding_unverified",
            ),
            # what was verified, the newest first, and how many of it are in force
            models.Index(
                fields=["campaign", "-verified_at", "id", "opened_at", "withdrawn_at"],
                condition=Q(verified_at__isnull=False),
                name="finding_verified_on",
            ),
            # how many are over, which most are, and how many came back
            models.Index(
                # the second is always empty: SQLite takes finding_verified_on otherwise
                fields=["campaign", "withdrawn_at"],
                condition=Q(
                    opened_at__isnull=False, verified_at__isnull=False, withdrawn_at__isnull=True
                ),
                name="finding_over",
            ),
            models.Index(
                fields=["campaign", "reopened_at", "id"],
                condition=Q(
                    opened_at__isnull=False,
                    rectified_at__isnull=True,
                    reopened_at__isnull=False,
                    verified_at__isnull=True,
                    withdrawn_at__isnull=True,
                ),
                name="finding_reopened",
            ),
        ]

    def __str__(self):
        return self.problem[:80]

    REQUIRED = ("problem", "source", "specialty", "measure", "responsible", "due")

    def get_absolute_url(self) -> str:
        return reverse("finding", args=[self.campaign.code, self.pk])

    def missing_fields(self) -> list[str]:
        """Field names that still have to be filled in: no line may go without any of the six."""
        return [name for name in self.REQUIRED if not getattr(self, self.key_of(name))]

    def missing_words(self) -> list[str]:
        return [str(self._meta.get_field(name).verbose_name) for name in self.missing_fields()]

    @property
    def document(self) -> ImprovementPlan | PlanRevision | None:
        """What it is a line of: the revision that is to bring it, later the plan."""
        return self.plan if self.plan_id else self.draft_of

    @staticmethod
    def key_of(name: str) -> str:
        return f"{name}_id" if name in ("specialty", "responsible") else name

    def earlier_openings(self):
        """The same requirement in the same project, opened before this; the newest first."""
        if self.requirement_id is None or self.opened_at is None:
            return Finding.objects.none()
        mine = {
            "project": self.project_id,
            "opened_at": self.opened_at,
            "requirement__item__code": self.requirement.item.code,
            "requirement__item__rubric__specialty": self.requirement.item.rubric.specialty_id,
            "requirement__item": self.requirement.item_id,
            "requirement__number": self.requirement.number,
            "requirement__text_zh_hans": self.requirement.text_zh_hans,
        }
        found = earlier_than(Finding.objects.opened(), mine.__getitem__)
        return found.order_by("-opened_at", "pk")

    def days_late(self, *, at: datetime) -> int:
        return days_late(self.due, self.rectified_at or at) if self.due else 0

    def state(self, *, at: datetime) -> states.State:
        behind = self.days_late(at=at)
        if not self.opened_at:
            return states.DRAFT
        if self.withdrawn_at:
            return states.WITHDRAWN
        if self.verified_at:
            return states.late(behind) if behind else states.VERIFIED
        if self.rectified_at:
            return states.WAITING_VERIFY
        if behind:
            return states.overdue(behind)
        if self.reopened_at:
            return states.REOPENED
        return states.DUE_TODAY if self.due == local_day(at) else states.IN_PROGRESS


class FindingPhoto(models.Model):
    """A picture of a finding before or after its rectification."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="finding_photos")
    moment = models.CharField(max_length=6, choices=Moment)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, null=True)

    class Meta:
        ordering = ["finding", "added_at", "id"]

    def __str__(self):
        return f"{self.get_moment_display()} {self.file.name}"
