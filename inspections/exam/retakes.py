"""Who has to sit an exam again: whoever failed it or was absent, once it is over."""

from datetime import datetime

from django.db.models import F, Q

from inspections.models import Exam, Seat


def to_retake(exam: Exam, *, at: datetime) -> list[Seat]:
    """In the order of the list; while an exam is running nobody has failed it yet."""
    if not exam.is_over(at=at):
        return []
    missing = Q(absent=True) | (Q(result__isnull=True) if exam.is_online else Q(pk__in=[]))
    failed = Q(result__lt=F("exam__pass_mark"))
    seats = exam.seats.with_result(at=at).filter(missing | failed)
    return list(seats.select_related("person", "project"))
