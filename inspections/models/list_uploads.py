"""Lists from Excel that wait for whoever uploaded them to look at what they would do."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from inspections.models.exams import Exam
from inspections.models.trainings import Training
from organization.models import User


class ListUpload(models.Model):
    """A list of an exam's results, of who came to a training, or of post questions.

    Of post questions it says in which campaign they were uploaded: whose rubrics they name.
    """

    exam = models.ForeignKey(Exam, models.CASCADE, null=True, blank=True, related_name="+")
    training = models.ForeignKey(Training, models.CASCADE, null=True, blank=True, related_name="+")
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, blank=True, related_name="+")
    file = models.ForeignKey("organization.StoredFile", models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("名单导入")
        verbose_name_plural = _("名单导入")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(exam__isnull=False, training__isnull=True, campaign__isnull=True)
                    | Q(exam__isnull=True, training__isnull=False, campaign__isnull=True)
                    | Q(exam__isnull=True, training__isnull=True, campaign__isnull=False)
                ),
                name="list_upload_about_one",
            )
        ]

    def __str__(self):
        return self.file.name

    def get_absolute_url(self):
        return reverse("list_check", args=[self.held_in.code, self.pk])

    @property
    def kind(self) -> str:
        return self.about._meta.model_name

    @property
    def about(self) -> Exam | Training | Campaign:
        return self.exam or self.training or self.campaign

    @property
    def held_in(self) -> Campaign:
        return self.campaign or self.about.campaign
