"""Sitting an exam here: the paper, what is tapped on it, handing in.

No page and no answer of this module says what is right.
"""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inspections.exam.access import exam_or_404, own_seat
from inspections.exam.paper_page import asked, standing, taps_of
from inspections.exam.sitting import hand_in, save_answers, start_attempt
from inspections.models import Attempt, Seat
from organization.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def sit(request, campaign, pk):
    """The running paper; a POST begins one."""
    seat = seat_or_404(request, campaign, pk)
    if request.method == "POST":
        try:
            start_attempt(seat=seat, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(seat.exam)
        return redirect("exam_sit", campaign, pk)
    attempt, at = latest(seat), timezone.now()
    if attempt is None or attempt.handed_in_at or not attempt.seconds_left(at=at):
        return redirect(seat.exam)
    return paper(request, attempt, at)


def paper(request, attempt: Attempt, at, *, refused="", status=200):
    exam = attempt.seat.exam
    questions = asked(attempt)
    context = {
        "campaign": exam.campaign,
        "exam": exam,
        "attempt": attempt,
        "questions": questions,
        "answered": sum(each.is_answered for each in questions),
        "left": attempt.seconds_left(at=at),
        "refused": refused,
    }
    return render(request, "inspections/exam_sit.html", context, status=status)


@require_POST
def answers(request, campaign, pk):
    """Taps of the page's script, answered with what stands; or the whole form without one."""
    attempt, at = attempt_or_404(request, campaign, pk), timezone.now()
    try:
        save_answers(attempt=attempt, taps=taps_of(request.POST), at=at)
    except Refused as refusal:
        return refused(request, attempt, refusal, at)
    if wants_data(request):
        return JsonResponse({"chosen": standing(attempt), "left": attempt.seconds_left(at=at)})
    if request.POST.get("do") == "hand_in":
        return finished(request, attempt, at)
    messages.success(request, _("答案已保存。"))
    return redirect("exam_sit", campaign, pk)


@require_POST
def finish(request, campaign, pk):
    """Hand in what is saved; the page's script has sent everything before."""
    return finished(request, attempt_or_404(request, campaign, pk), timezone.now())


def finished(request, attempt: Attempt, at):
    hand_in(attempt=attempt, by=request.user, at=at)
    messages.success(request, _("已交卷。"))
    return redirect(attempt.seat.exam)


def refused(request, attempt: Attempt, refusal: Refused, at):
    is_over = refusal.code in ("handed_in", "time_up")
    if wants_data(request):
        return JsonResponse({"error": str(refusal), "over": is_over}, status=422)
    if is_over:
        messages.error(request, str(refusal))
        return redirect(attempt.seat.exam)
    return paper(request, attempt, at, refused=str(refusal), status=422)


def wants_data(request) -> bool:
    return request.headers.get("Accept") == "application/json"


def seat_or_404(request, campaign: str, pk: int) -> Seat:
    """The reader's own place; whoever is not invited has none."""
    seat = own_seat(exam_or_404(request, campaign, pk), request.user)
    if seat is None or not seat.exam.is_online:
        raise Http404
    return seat


def latest(seat: Seat) -> Attempt | None:
    attempt = seat.attempts.order_by("-number").first()
    if attempt:
        attempt.seat = seat
    return attempt


def attempt_or_404(request, campaign: str, pk: int) -> Attempt:
    attempt = latest(seat_or_404(request, campaign, pk))
    if attempt is None:
        raise Http404
    return attempt
