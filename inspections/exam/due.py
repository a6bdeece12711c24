"""Exams to sit and results to enter, as something due (campaign.registry.DUE_SOURCES)."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.registry import Due
from inspections.exam.words import ExamForm
from inspections.models import Attempt, Exam, Seat
from inspections.sheet.due_sheets import answering, auditors


def due_exams(campaign: Campaign, at: datetime) -> list[Due]:
    """Exams are due on the last day of their window, results three days later.

    Five queries, whatever the number of exams and people.
    """
    if not campaign.started_at or campaign.closed_at:
        return []
    return [*to_sit(campaign, at), *to_enter(campaign, at)]


def to_sit(campaign: Campaign, at: datetime) -> Iterator[Due]:
    """From who was invited and has not sat it; once it is over nobody can do anything about it."""
    exams = list(Exam.objects.not_over(at=at).filter(campaign=campaign))
    people: dict[int, list[int]] = {}
    for exam, person in waiting(exams).values_list("exam_id", "person_id"):
        people.setdefault(exam, []).append(person)
    for exam in exams:
        exam.campaign = campaign
        yield Due(
            thing=exam.thing,
            campaign=campaign,
            due=exam.last_day,
            title=partial(title_to_sit, exam),
            url=exam.get_absolute_url(),
            people=people.get(exam.pk, []),
        )


def waiting(exams):
    """Seats of people with an account who have neither a result nor handed in an attempt."""
    done = Attempt.objects.filter(handed_in_at__isnull=False, seat__exam__in=exams).values("seat")
    seats = Seat.objects.unentered().filter(exam__in=exams, person__is_active=True)
    return seats.exclude(pk__in=done)


def to_enter(campaign: Campaign, at: datetime) -> Iterator[Due]:
    exams = list(Exam.objects.to_enter(at=at).filter(campaign=campaign))
    if not exams:
        return
    people = auditors()
    for exam in exams:
        exam.campaign = campaign
        yield Due(
            thing=f"exam_results:{exam.pk}",
            campaign=campaign,
            due=exam.results_due,
            title=partial(title_to_enter, exam),
            url=reverse("exam_results", args=[campaign.code, exam.pk]),
            people=answering(people, exam.specialty_id),
        )


def title_to_sit(exam: Exam) -> str:
    words = {"form": ExamForm(exam.form).label, "exam": exam}
    return _("参加%(form)s：%(exam)s") % words


def title_to_enter(exam: Exam) -> str:
    return _("录入成绩：%(exam)s") % {"exam": exam}
