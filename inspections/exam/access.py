"""Which exam a page is about, and whether its reader may know of it."""

from django.shortcuts import get_object_or_404

from campaign.access import campaign_or_404
from inspections.models import Exam, Seat


def exam_or_404(request, code: str, pk: int) -> Exam:
    """An exam that the reader may know of, of a campaign that the reader may know of."""
    held = campaign_or_404(request, code)
    visible = Exam.objects.visible_to(request.user).filter(campaign=held)
    exam = get_object_or_404(visible.select_related("specialty", "set_by", "retake_of"), pk=pk)
    exam.campaign = held
    return exam


def own_seat(exam: Exam, user) -> Seat | None:
    """The reader's own place in this exam."""
    seat = exam.seats.filter(person=user).first()
    if seat:
        seat.exam = exam
    return seat
