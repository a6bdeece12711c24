"""Which exam a page is about, and whether its reader may know of it."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaign.access import campaign_or_404
from campaign.models import Campaign
from inspections.models import Exam, Seat
from organization.models import User
from organization.prepared import prepared

PARTS = ("specialty", "set_by", "retake_of")


def of_campaign(*, campaign, exam) -> QuerySet[Exam]:
    return Exam.objects.filter(campaign=campaign, pk=exam).select_related(*PARTS)


def of_person(*, exam, person) -> QuerySet[Seat]:
    return Seat.objects.filter(exam=exam, person=person)


for_company = prepared(of_campaign, {"campaign": Campaign._meta.pk, "exam": Exam._meta.pk})
seats_of = prepared(of_person, {"exam": Exam._meta.pk, "person": User._meta.pk})


def exam_or_404(request, code: str, pk: int) -> Exam:
    """An exam that the reader may know of, of a campaign that the reader may know of."""
    held = campaign_or_404(request, code)
    if request.user.sees_company:
        exam = next(iter(for_company(campaign=held.pk, exam=pk)), None)
        if exam is None:
            raise Http404
    else:
        visible = Exam.objects.visible_to(request.user).filter(campaign=held)
        exam = get_object_or_404(visible.select_related(*PARTS), pk=pk)
    exam.campaign = held
    return exam


def own_seat(exam: Exam, user) -> Seat | None:
    """The reader's own place in this exam."""
    seat = next(iter(seats_of(exam=exam.pk, person=user.pk)), None)
    if seat:
        seat.exam = exam
    return seat
