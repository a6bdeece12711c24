"""What is worth keeping: a problem and the method that solved it, found again by its words."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from inspections.models.findings import Finding
from inspections.models.seminars import SeminarProblem
from organization.models import Specialty, StoredFile, User
from scoring.models import Requirement


class LessonQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at__isnull=True)

    def same_requirement(self, requirement: Requirement):
        """By codes, so that a lesson is found under the rubrics of later campaigns too."""
        return self.same_codes(**lasting_codes(requirement))

    def same_codes(self, *, specialty, item, number):
        return self.filter(specialty=specialty, item=item, number=number)


def lasting_codes(requirement: Requirement) -> dict:
    item = requirement.item
    return {
        "specialty": item.rubric.specialty_id,
        "item": item.code,
        "number": requirement.number,
    }


class Lesson(models.Model):
    """`item` and `number` are its requirement's codes, which outlive rubric and campaign."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="lessons")
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, null=True, blank=True, verbose_name=_("专业口")
    )
    problem = models.TextField(_("问题"))
    method = models.TextField(_("办法"))
    requirement = models.ForeignKey(Requirement, models.SET_NULL, null=True, blank=True)
    item = models.SlugField(max_length=20, blank=True)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    finding = models.ForeignKey(
        Finding, models.SET_NULL, null=True, blank=True, related_name="lessons"
    )
    seminar_problem = models.ForeignKey(
        SeminarProblem, models.SET_NULL, null=True, blank=True, related_name="lessons"
    )
    photos = models.ManyToManyField(StoredFile, blank=True, related_name="lessons")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("经验")
        verbose_name_plural = _("经验")
        indexes = [
            models.Index(fields=["specialty", "item", "number"], name="lesson_requirement"),
            models.Index(
                fields=["-created_at", "-id"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="lesson_newest",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["finding"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="lesson_of_finding_once",
            ),
            models.UniqueConstraint(
                fields=["seminar_problem"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="lesson_of_problem_once",
            ),
        ]

    def __str__(self):
        return self.problem[:80]

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.campaign.code, self.pk])


class LessonPiece(models.Model):
    """A piece of a lesson's words: two Chinese characters, or a Latin word (inspections.pieces)."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="pieces", db_index=False)
    piece = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "piece"], name="lesson_piece_once")
        ]
        indexes = [models.Index(fields=["piece", "lesson"], name="lesson_by_piece")]

    def __str__(self):
        return self.piece
