"""Written material that shows an obligation was done, and whose notes are in a file of notes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.models.obligations import Obligation
from campaign.words import EvidenceKind
from organization.models import StoredFile, User


class EvidenceQuerySet(models.QuerySet):
    def standing(self):
        """What counts: neither taken away nor replaced by a newer version."""
        return self.filter(withdrawn_at__isnull=True, replaced_by__isnull=True)

    def visible_to(self, user):
        if user.sees_company:
            return self  # and not those of all obligations, which SQLite looks up one by one
        return self.filter(obligation__in=Obligation.objects.visible_to(user))

    def of_subject(self, obligation: Obligation):
        """Files that the same project, specialty or the company handed in anywhere."""
        return self.filter(
            obligation__project__pk=obligation.project_id,
            obligation__specialty__pk=obligation.specialty_id,
        )


class Evidence(models.Model):
    """A file of a kind that an obligation carries; taking it away leaves it on record.

    A better version is a row of its own, to which the older one points. `others` are people
    whose notes are in the file and who have no post in the system.
    """

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="evidence")
    kind = models.CharField(_("类别"), max_length=20, choices=EvidenceKind)
    about = models.DateField(_("资料日期"), null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    reused_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reuses"
    )
    others = models.PositiveSmallIntegerField(default=0)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "added_at", "pk"]
        verbose_name = _("书面资料")
        verbose_name_plural = _("书面资料")

    def __str__(self):
        return f"{self.get_kind_display()} {self.file.name}"

    @property
    def stands(self) -> bool:
        return not self.withdrawn_at and not self.replaced_by_id


class NotesOnFile(models.Model):
    """One person's notes are in this file of notes; a mark taken back stays on record."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="notes_of", db_index=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="notes_on_file")
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    unmarked_at = models.DateTimeField(null=True, blank=True)
    unmarked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("笔记")
        verbose_name_plural = _("笔记")
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "person"],
                condition=Q(unmarked_at__isnull=True),
                name="notes_on_file_once",
            )
        ]

    def __str__(self):
        return str(self.person)
