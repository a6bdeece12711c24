"""Exams: the list of all of them, one exam, its moves."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaign.access import campaign_or_404
from inspections.exam.access import exam_or_404
from inspections.exam.exam_list import ExamList
from inspections.exam.paper_page import judged
from inspections.exam.report import report_obligation
from inspections.exam.results import publish_results
from inspections.exam.screen import ExamScreen
from inspections.exam.setting import call_off_exam
from inspections.exam.sitting import allow_again
from inspections.exam.words import ExamForm
from organization.errors import Refused, move_of, require
from organization.history import story_of
from organization.numbers import whole
from organization.replica import may_lag
from organization.specialties import every_specialty


@may_lag
@require_safe
def exams(request, campaign):
    held = campaign_or_404(request, campaign)
    found = ExamList(held, request.user, timezone.now(), request.GET)
    context = {
        "campaign": held,
        "found": found,
        "page": found.page(request.GET.get("page")),
        "specialties": every_specialty(),
        "forms": ExamForm.choices,
    }
    return render(request, "inspections/exams.html", context)


@require_safe
def exam(request, campaign, pk):
    return shown(request, exam_or_404(request, campaign, pk))


def shown(request, found, *, typed=None, refused="", status=200):
    """The page as things stand, with a reason that was refused."""
    screen = ExamScreen(found, request.user, timezone.now(), request.GET.get("projects"))
    context = {
        "campaign": found.campaign,
        "exam": found,
        "screen": screen,
        "page": screen.people(request.GET.get("page")) if screen.sees_others else None,
        "entries": story_of(found) if screen.may_read else [],
        "obligation": report_obligation(found) if screen.shows_report else None,
        "typed": typed or {},
        "refused": refused,
    }
    return render(request, "inspections/exam.html", context, status=status)


@require_POST
def move(request, campaign, pk):
    """Publish, call off, allow somebody to sit it again."""
    found = exam_or_404(request, campaign, pk)
    require(request.user, "inspections.run_exam", found)
    do, _colon, target = request.POST.get("do", "").partition(":")
    try:
        move_of(DOORS, do)(request, found, target)
    except Refused as refusal:
        return shown(request, found, typed=request.POST, refused=str(refusal), status=422)
    return redirect(found)


def publish(request, found, target):
    publish_results(exam=found, by=request.user, at=timezone.now())
    messages.success(request, _("成绩已公布，应考的人收到了通知。"))


def call_off(request, found, target):
    reason = request.POST.get("reason", "")
    call_off_exam(exam=found, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("考试已取消，应考的人收到了通知。"))


def again(request, found, target):
    seat = get_object_or_404(found.seats, pk=whole(target))
    reason = request.POST.get("reason", "")
    allow_again(seat=seat, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s可以再考一次。") % {"name": seat.name})


@require_safe
def review(request, campaign, pk):
    """One's own paper with the right answers, once the exam is over."""
    found = exam_or_404(request, campaign, pk)
    screen = ExamScreen(found, request.user, timezone.now())
    if not screen.may_review:
        messages.info(request, _("考试结束后可以看答案和解析。"))
        return redirect(found)
    asked = request.GET.get("attempt", "")
    attempt = next((a for a in screen.attempts if str(a.number) == asked), screen.attempts[0])
    context = {
        "campaign": found.campaign,
        "exam": found,
        "screen": screen,
        "attempt": attempt,
        "questions": judged(attempt),
    }
    return render(request, "inspections/exam_review.html", context)


DOORS = {"publish": publish, "call_off": call_off, "again": again}
