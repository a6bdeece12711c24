"""When a visit by written test may end: its exam is over, or somebody says why not."""

from datetime import datetime

from django.utils.translation import gettext as _

from inspections.models import AuditVisit, Exam
from inspections.words import Method
from organization.errors import Refused


def needs_reason(visit: AuditVisit, *, at: datetime) -> bool:
    """Whether the visit would end before the exam that it is about, or has none."""
    if visit.method != Method.WRITTEN_TEST:
        return False
    exam = Exam.objects.filter(written_tests__visit=visit).first()
    return exam is None or not (exam.called_off_at or exam.is_over(at=at))


def require_over(visit: AuditVisit, reason: str, *, at: datetime) -> None:
    if not reason and needs_reason(visit, at=at):
        message = _("考试还没有结束；现在就结束检查，请写明原因。")
        raise Refused(message, code="exam_not_over", field="reason")
