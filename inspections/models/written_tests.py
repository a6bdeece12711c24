"""Which exam a visit by the method "written test" takes its findings from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inspections.models.audit_visits import AuditVisit
from inspections.models.exams import Exam
from organization.models import User


class WrittenTest(models.Model):
    visit = models.OneToOneField(
        AuditVisit, models.PROTECT, primary_key=True, related_name="written_test"
    )
    exam = models.ForeignKey(
        Exam, models.PROTECT, related_name="written_tests", verbose_name=_("考试")
    )
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("笔试")
        verbose_name_plural = _("笔试")

    def __str__(self):
        return str(self.exam)
