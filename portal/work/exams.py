"""Exams as work: to sit them, and to enter what came of those that are over."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.exam.due import waiting
from inspections.models import Exam
from organization import states
from organization.clock import days_late, local_day
from organization.models import User
from organization.roles import Role
from organization.states import State
from portal.queues import led_by
from portal.work.rows import Row

RUNNING = {"campaign__started_at__isnull": False, "campaign__closed_at": None}


def exams_to_do(person: User, *, at: datetime) -> list[Row]:
    rows = list(to_sit(person, at=at))
    if person.has_role(Role.MANAGEMENT_CENTER, Role.SPECIALTY_LEAD):
        rows += to_enter(person, at=at)
    return rows


def to_sit(person: User, *, at: datetime) -> Iterator[Row]:
    """Due on the last day of the window; what is over is nobody's to do any more."""
    exams = Exam.objects.not_over(at=at).filter(**RUNNING)
    seats = waiting(exams).filter(person=person).select_related("exam__specialty", "exam__campaign")
    for seat in seats.order_by("exam__closes_at"):
        exam = seat.exam
        is_open = exam.is_online and exam.is_open(at=at)
        yield Row(
            title=str(exam),
            meta=f"{exam.get_form_display()} · {exam.specialty}",
            state=states.DUE_TODAY if exam.last_day == local_day(at) else exam.state(at=at),
            url=exam.get_absolute_url(),
            action=_("去考试") if is_open else _("打开"),
            due=exam.last_day,
        )


def to_enter(person: User, *, at: datetime) -> Iterator[Row]:
    exams = Exam.objects.to_enter(at=at).filter(**RUNNING)
    if not person.has_role(Role.MANAGEMENT_CENTER):
        exams = exams.filter(specialty__in=led_by(person))
    for exam in exams.select_related("specialty", "campaign").with_unentered():
        words = ngettext("%(count)d 人没有成绩", "%(count)d 人没有成绩", exam.unentered)
        yield Row(
            title=str(exam),
            meta=f"{exam.specialty} · " + words % {"count": exam.unentered},
            state=late_or(exam, at=at),
            url=reverse("exam_results", args=[exam.campaign.code, exam.pk]),
            action=_("录成绩"),
            due=exam.results_due,
        )


def late_or(exam: Exam, *, at: datetime) -> State:
    behind = days_late(exam.results_due, at)
    return states.overdue(behind) if behind else exam.state(at=at, unentered=exam.unentered)
