"""Exams as work: to sit them, and to enter what came of those that are over."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign
from inspections.models import Exam, Seat
from organization import states
from organization.clock import days_late, local_day
from organization.models import User
from organization.prepared import prepared
from organization.roles import Role
from organization.states import State
from portal.queues import led_by
from portal.work.campaigns import Campaigns
from portal.work.rows import Row


def exams_in(*, campaigns, at) -> QuerySet[Exam]:
    found = Exam.objects.going_on(at=at).filter(campaign__pk__in=campaigns)
    return found.select_related("specialty").order_by("closes_at", "pk")


def unsat_by(*, person, exams) -> QuerySet:
    found = Seat.objects.unsat().filter(person=person, exam__pk__in=exams)
    return found.order_by().values_list("exam")


going_on = prepared(
    exams_in, {"campaigns": Campaign._meta.pk, "at": Exam._meta.get_field("closes_at")}
)
seats_of = prepared(unsat_by, {"person": User._meta.pk, "exams": Exam._meta.pk})


def exams_to_do(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """An exam is to be sat until it is over, then its results are to be entered.

    One query while there is none, and one more for each kind.
    """
    exams = list(campaigns.of(going_on(campaigns=[*campaigns.running], at=at)))
    for exam in to_sit(person, [each for each in exams if each.closes_at > at]):
        yield sitting(exam, at=at)
    for exam, left in to_enter(person, [each for each in exams if each.closes_at <= at]):
        yield entering(exam, left, at=at)


def to_sit(person: User, exams: list[Exam]) -> Iterator[Exam]:
    if not exams:
        return
    mine = {exam for (exam,) in seats_of(person=person.pk, exams=[each.pk for each in exams])}
    yield from (exam for exam in exams if exam.pk in mine)


def to_enter(person: User, over: list[Exam]) -> Iterator[tuple[Exam, int]]:
    """Exams not held here with how many have no result: any for the center, a specialty's own
    for its lead.
    """
    everything, led = person.has_role(Role.MANAGEMENT_CENTER), led_by(person)
    mine = [e for e in over if not e.is_online and (everything or e.specialty_id in led)]
    if not mine:
        return
    seats = Seat.objects.unentered().filter(exam__in=mine).order_by().values_list("exam")
    left = dict(seats.annotate(Count("pk")))
    yield from ((exam, left[exam.pk]) for exam in mine if exam.pk in left)


def sitting(exam: Exam, *, at: datetime) -> Row:
    """Due on the last day of the window; what is over is nobody's to do any more."""
    is_open = exam.is_online and exam.is_open(at=at)
    return Row(
        title=str(exam),
        meta=f"{exam.get_form_display()} · {exam.specialty}",
        state=states.DUE_TODAY if exam.last_day == local_day(at) else exam.state(at=at),
        url=exam.get_absolute_url(),
        action=_("去考试") if is_open else _("打开"),
        due=exam.last_day,
    )


def entering(exam: Exam, left: int, *, at: datetime) -> Row:
    words = ngettext("%(count)d 人没有成绩", "%(count)d 人没有成绩", left)
    return Row(
        title=str(exam),
        meta=f"{exam.specialty} · " + words % {"count": left},
        state=late_or(exam, left, at=at),
        url=reverse("exam_results", args=[exam.campaign.code, exam.pk]),
        action=_("录成绩"),
        due=exam.results_due,
    )


def late_or(exam: Exam, left: int, *, at: datetime) -> State:
    behind = days_late(exam.results_due, at)
    return states.overdue(behind) if behind else exam.state(at=at, unentered=left)
