"""A milestone owed by one subject."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models.campaigns import Campaign, Milestone
from campaign.words import EvidenceKind
from organization import states
from organization.clock import days_late, local_day
from organization.models import Project, Specialty, User
from organization.roles import Role


def owed_through(posts) -> dict:
    """Whose obligations these posts make somebody's: ids of projects and specialties, and whether
    the company's are.
    """
    leads = (Role.PROJECT_MANAGER, Role.DEPUTY_PROJECT_MANAGER)
    return {
        "projects": [post.project_id for post in posts if post.role in leads],
        "specialties": [p.specialty_id for p in posts if p.role == Role.SPECIALTY_LEAD],
        "is_center": any(post.role == Role.MANAGEMENT_CENTER for post in posts),
    }


class ObligationQuerySet(models.QuerySet):
    def open(self):
        """Not yet submitted, or returned and not submitted again: somebody has to act."""
        return self.filter(accepted_at__isnull=True, submitted_at__isnull=True)

    def waiting_review(self):
        return self.filter(submitted_at__isnull=False, accepted_at__isnull=True)

    def accepted(self):
        return self.filter(accepted_at__isnull=False)

    def overdue(self, *, at: datetime):
        return self.open().filter(due__lt=local_day(at))

    def not_yet_due(self, *, at: datetime):
        """Open, and its day has not passed."""
        return self.open().filter(due__gte=local_day(at))

    def returned(self):
        """Sent back and not submitted again."""
        return self.open().filter(returned_at__isnull=False)

    def visible_to(self, user):
        """Company roles see all; project people what their project owes and the company does."""
        return self if user.sees_company else self.of_projects_or_company(user.project_ids)

    def of_projects_or_company(self, projects: Iterable):
        """By the projects' ids."""
        return self.filter(Q(project__pk__in=projects) | Q(project=None, specialty=None))

    def owed_by(self, user):
        """What this person's posts make theirs to do."""
        return self.owed_for(**owed_through(user.current_posts))

    def owed_for(self, *, projects: Iterable, specialties: Iterable, is_center: bool):
        """The same, by what the posts lead to."""
        mine = Q(project__pk__in=projects) | Q(specialty__pk__in=specialties)
        return self.filter(mine | Q(project=None, specialty=None) if is_center else mine)

    def reviewable_by(self, user, milestones: Iterable[Milestone]):
        """Waiting for this very person: not one's own, and no plan (reviewed on its own page).

        `milestones` are the campaigns' that are asked about: few, and one by one they make the
        index of what waits serve.
        """
        theirs = [each.pk for each in milestones if each.is_reviewed_by(user)]
        return self.handed_in_by_others(user, theirs)

    def handed_in_by_others(self, user, milestones: Iterable):
        """Of these milestones, by their ids; the user may be an id as well."""
        return self.waiting_review().filter(milestone__pk__in=milestones).exclude(submitted_by=user)

    def with_all(self):
        return self.select_related("milestone__phase", "project", "specialty", "campaign")


class Obligation(models.Model):
    """One milestone owed by one subject: a project, a specialty, or (neither) the company.

    Facts only: `submitted_at` is emptied by a return, `first_submitted_at` and the history keep
    what happened. Lateness is measured on the submission that was accepted.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="obligations")
    milestone = models.ForeignKey(
        Milestone, models.CASCADE, related_name="obligations", db_index=False
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    due = models.DateField(_("期限"))
    note = models.TextField(_("说明"), blank=True)
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.TextField(blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["due", "milestone__order", "project__code", "specialty__order"]
        verbose_name = _("任务")
        verbose_name_plural = pgettext_lazy("several", "任务")
        constraints = [
            # three, because SQLite has no NULLS NOT DISTINCT
            models.UniqueConstraint(
                fields=["milestone", "project"],
                condition=Q(project__isnull=False),
                name="project_owes_once",
            ),
            models.UniqueConstraint(
                fields=["milestone", "specialty"],
                condition=Q(specialty__isnull=False),
                name="specialty_owes_once",
            ),
            models.UniqueConstraint(
                fields=["milestone"],
                condition=Q(project=None, specialty=None),
                name="company_owes_once",
            ),
            models.CheckConstraint(
                condition=Q(project=None) | Q(specialty=None), name="obligation_one_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "due"]),
            models.Index(fields=["project", "campaign"]),
            models.Index(
                fields=["milestone", "accepted_at", "submitted_at", "submitted_by", "campaign"],
                name="obligation_review",
            ),
            # how far each milestone is, counted from this alone
            models.Index(
                fields=[
                    "campaign",
                    "milestone",
                    "due",
                    "accepted_at",
                    "submitted_at",
                    "returned_at",
                ],
                name="obligation_tally",
            ),
            # what waits for a review, the longest wait first
            models.Index(
                fields=["submitted_at", "id", "milestone", "submitted_by"],
                condition=Q(submitted_at__isnull=False, accepted_at__isnull=True),
                name="obligation_waiting",
            ),
            # a milestone's list put in order without its rows
            models.Index(
                fields=["milestone", "project", "specialty", "due", "id"],
                name="obligation_of_milestone",
            ),
            # how those stand that are not accepted
            models.Index(
                fields=["campaign", "milestone", "due", "submitted_at", "returned_at"],
                condition=Q(accepted_at__isnull=True),
                name="obligation_unaccepted",
            ),
            # the filing matrix counts a campaign's subjects from this alone, in its order
            models.Index(
                fields=[
                    "campaign",
                    "project",
                    "specialty",
                    "milestone",
                    "due",
                    "accepted_at",
                    "submitted_at",
                    "submitted_by",
                    "returned_at",
                    "reminded_at",
                ],
                name="obligation_matrix",
            ),
            models.Index(
                fields=["project", "specialty"],
                condition=Q(project=None, specialty=None),
                name="obligation_company",
            ),
        ]

    def __str__(self):
        return f"{self.subject} · {self.milestone.title}"

    def get_absolute_url(self):
        return reverse("obligation", args=[self.campaign.code, self.pk])

    @property
    def subject(self):
        """Who owes it: the project, the specialty, or the company (as a word)."""
        return self.project or self.specialty or _("公司")

    @property
    def asks_for_notes(self) -> bool:
        """Whether it is measured how many of a project's people have notes on file."""
        return bool(self.project_id) and EvidenceKind.NOTES in self.milestone.evidence

    @property
    def asks_for_visits(self) -> bool:
        """On-site support: shown by a list of visits, which counts as the log (no upload)."""
        return EvidenceKind.VISIT_LOG in self.milestone.evidence

    @property
    def thing(self) -> str:
        """What the ledger of reminders calls it."""
        return f"obligation:{self.pk}"

    @property
    def is_open(self) -> bool:
        return not self.submitted_at and not self.accepted_at

    @property
    def is_waiting(self) -> bool:
        return bool(self.submitted_at) and not self.accepted_at

    @property
    def is_done_when_submitted(self) -> bool:
        """The company's own, where the plan names no approver (ruling 15)."""
        return not (self.project_id or self.specialty_id or self.milestone.approver)

    @property
    def is_met_by_plan(self) -> bool:
        """The improvement plan's obligation is met by the filed plan, no upload (ruling 15)."""
        return self.milestone.is_met_by_plan

    def days_late(self, *, at: datetime) -> int:
        """Days after the due date: of the submission, or up to now while it is open."""
        return days_late(self.due, self.submitted_at or at)

    @property
    def was_handed_in_again(self) -> bool:
        """After a return; the first submission stays on record with its own lateness."""
        first = self.first_submitted_at
        return bool(first and self.submitted_at and first != self.submitted_at)

    @property
    def first_days_late(self) -> int:
        return days_late(self.due, self.first_submitted_at) if self.first_submitted_at else 0

    def state(self, *, at: datetime) -> states.State:
        behind = self.days_late(at=at)
        if self.accepted_at:
            return states.late(behind) if behind else states.ACCEPTED
        if self.submitted_at:
            return states.WAITING_REVIEW
        if behind:
            return states.overdue(behind)
        if self.returned_at:
            return states.RETURNED
        return states.DUE_TODAY if self.due == local_day(at) else states.NOT_STARTED
