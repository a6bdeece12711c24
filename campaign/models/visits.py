"""On-site support: visits to projects, each confirmed or objected to by the project."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models.obligations import Obligation
from organization import states
from organization.models import Project, StoredFile, User
from organization.roles import PROJECT_LEADERS


class SupportVisitQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at__isnull=True)

    def to_confirm(self):
        """The project has to say something."""
        return self.standing().filter(confirmed_at__isnull=True, disputed_at__isnull=True)

    def disputed(self):
        """The project objected, and the one who logged it has not answered yet."""
        return self.standing().filter(confirmed_at__isnull=True, disputed_at__isnull=False)

    def confirmed(self):
        return self.standing().filter(confirmed_at__isnull=False)

    def visible_to(self, user):
        """Company roles see all, project people the visits to their own project."""
        return self if user.sees_company else self.filter(project__in=user.project_ids)

    def confirmable_by(self, user):
        """Of projects that this person leads."""
        led = [p.project_id for p in user.current_posts if p.role in PROJECT_LEADERS]
        return self.to_confirm().filter(project__in=led)

    def with_all(self):
        return self.select_related(
            "project", "obligation__campaign", "obligation__specialty", "obligation__milestone",
            "obligation__project", "logged_by",
        )  # fmt: skip


class SupportVisit(models.Model):
    """One visit to one project on one day. Facts only: an edit empties `disputed_at`."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="visits")
    project = models.ForeignKey(Project, models.PROTECT, related_name="support_visits")
    day = models.DateField(_("日期"))
    went = models.CharField(_("到场人员"), max_length=200)
    found = models.TextField(_("发现和协调的问题"))
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    disputed_at = models.DateTimeField(null=True, blank=True)
    disputed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    dispute_reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    objects = SupportVisitQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("现场督导")
        verbose_name_plural = _("现场督导")
        indexes = [
            # the newest first, and how many wait for which word
            models.Index(
                fields=["-day", "-id", "obligation", "withdrawn_at", "confirmed_at", "disputed_at"],
                name="visit_newest",
            ),
            # what a project's leaders have to confirm
            models.Index(
                fields=["project", "logged_at"],
                condition=models.Q(confirmed_at=None, disputed_at=None, withdrawn_at=None),
                name="visit_to_confirm",
            ),
            # an obligation's in the order of the page, and how many stand where
            models.Index(
                fields=["obligation", "-day", "-id", "confirmed_at", "disputed_at"],
                condition=models.Q(withdrawn_at=None),
                name="visit_of_obligation",
            ),
            # what of an obligation is not confirmed, disputed or not; for SQLite its condition too
            models.Index(
                fields=["obligation", "day", "id", "disputed_at", "confirmed_at", "withdrawn_at"],
                condition=models.Q(confirmed_at=None, withdrawn_at=None),
                name="visit_open",
            ),
            # what was confirmed since the last count
            models.Index(
                fields=["confirmed_at", "obligation", "withdrawn_at"],
                condition=models.Q(confirmed_at__isnull=False),
                name="visit_confirmed_on",
            ),
        ]

    def __str__(self):
        return f"{self.project} · {self.day:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("visit", args=[self.obligation.campaign.code, self.pk])

    @property
    def thing(self) -> str:
        """What the ledger of reminders calls it."""
        return f"visit:{self.pk}"

    @property
    def is_to_confirm(self) -> bool:
        return not (self.confirmed_at or self.disputed_at or self.withdrawn_at)

    @property
    def is_disputed(self) -> bool:
        return bool(self.disputed_at) and not (self.confirmed_at or self.withdrawn_at)

    def state(self) -> states.State:
        if self.withdrawn_at:
            return states.WITHDRAWN
        if self.confirmed_at:
            return states.CONFIRMED
        return states.DISPUTED if self.disputed_at else states.WAITING_CONFIRM


class VisitFile(models.Model):
    """A photo or paper of a visit; taking it away leaves it on record."""

    visit = models.ForeignKey(SupportVisit, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="visit_files")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("督导资料")
        verbose_name_plural = _("督导资料")

    def __str__(self):
        return str(self.file)
