"""Exams to sit and results to enter, as something owed (campaign.registry.DUE_SOURCES)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.owed import (
    holders,
    holding_post,
    ids_in,
    local_day_of,
    owed_rows,
    thing_named,
)
from campaign.registry import DueSource, Line
from inspections.exam.words import ExamForm
from inspections.models import Exam, Seat
from inspections.models.exams import RESULT_DAYS
from organization.roles import Role


def owed_exams(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """Due on the last day of the window from who was invited and has not sat it; once it is over
    nobody can do anything about it.
    """
    coming = Exam.objects.not_over(at=at).filter(campaign=campaign)
    yield owed_rows(
        waiting(coming),
        thing=thing_named("exam", "exam_id"),
        due=local_day_of("exam__closes_at"),
        person="person",
        project="project",
    )


def waiting(exams: QuerySet) -> QuerySet[Seat]:
    """Seats of people with an account who have neither a result nor handed in an attempt."""
    return Seat.objects.unsat().filter(exam__in=exams, person__is_active=True)


def named_exams(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    return {
        exam.thing: Line(title_to_sit(exam), exam.get_absolute_url())
        for exam in exams_in(campaign, things)
    }


def owed_results(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """Results are due three days after the exam from who runs it."""
    over = Exam.objects.to_enter(at=at).filter(campaign=campaign)
    last = ExpressionWrapper(F("closes_at") + RESULT_DAYS, DateTimeField())
    columns = {"thing": thing_named("exam_results", "pk"), "due": local_day_of(last)}
    leads = over.filter(**holding_post("specialty__post", Role.SPECIALTY_LEAD))
    yield owed_rows(leads, person="specialty__post__user", **columns)
    for person in holders(Role.MANAGEMENT_CENTER):
        yield owed_rows(over, person=person, **columns)


def named_results(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    return {
        f"exam_results:{exam.pk}": Line(
            _("录入成绩：%(exam)s") % {"exam": exam},
            reverse("exam_results", args=[campaign.code, exam.pk]),
        )
        for exam in exams_in(campaign, things)
    }


def exams_in(campaign: Campaign, things: Collection[str]) -> Iterator[Exam]:
    for exam in campaign.exams.filter(pk__in=[int(key) for (key,) in ids_in(things).values()]):
        exam.campaign = campaign
        yield exam


def title_to_sit(exam: Exam) -> str:
    words = {"form": ExamForm(exam.form).label, "exam": exam}
    return _("参加%(form)s：%(exam)s") % words


EXAMS = DueSource("exam", owed_exams, named_exams)
RESULTS = DueSource("exam_results", owed_results, named_results)
