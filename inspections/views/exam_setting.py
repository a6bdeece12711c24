"""Setting an exam, and changing one that nobody has sat yet; one form for both."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.exam.access import exam_or_404
from inspections.exam.setting import change_exam, check_open, set_exam
from inspections.forms.exams import USUAL, SetExamForm, initial_of
from inspections.models import Exam
from inspections.project_pick import is_finding, picking
from organization.errors import Conflict, Refused, require
from organization.models import Specialty
from organization.numbers import whole


@require_http_methods(["GET", "HEAD", "POST"])
def exam_new(request, campaign, specialty):
    held = campaign_or_404(request, campaign)
    line = get_object_or_404(Specialty, code=specialty)
    require(request.user, "inspections.set_exam", line)
    before = former(request, held, line)
    initial = initial_of(before) | again(before) if before else USUAL | {"title": usual_title(line)}
    form = SetExamForm(request.POST or None, campaign=held, specialty=line, initial=initial)
    if is_sent(request):
        made = written(form, lambda terms: set_exam(
            campaign=held, specialty=line, terms=terms, retake_of=before, by=request.user,
            at=timezone.now(),
        ))  # fmt: skip
        if made:
            words = {"count": made.seats.count()}
            messages.success(request, _("考试已安排，%(count)d 人应考。") % words)
            return redirect(made)
    context = {"campaign": held, "specialty": line, "form": form, "before": before}
    return answer(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def exam_edit(request, campaign, pk):
    found = exam_or_404(request, campaign, pk)
    require(request.user, "inspections.run_exam", found)
    about = {"campaign": found.campaign, "specialty": found.specialty}
    form = SetExamForm(request.POST or None, initial=initial_of(found), **about)
    if is_sent(request):
        made = written(form, lambda terms: change_exam(
            exam=found, terms=terms, revision=form.cleaned_data["revision"], by=request.user,
            at=timezone.now(),
        ))  # fmt: skip
        if made:
            messages.success(request, _("考试安排已修改。"))
            return redirect(made)
    elif request.method != "POST" and (closed := fixed(found)):
        messages.error(request, closed)
        return redirect(found)
    return answer(request, about | {"form": form, "exam": found})


def is_sent(request) -> bool:
    return request.method == "POST" and not is_finding(request)


def answer(request, context):
    form = context["form"]
    context |= picking(request, context["campaign"], form)
    status = 409 if getattr(form, "is_stale", False) else 422 if form.errors else 200
    return render(request, "inspections/exam_form.html", context, status=status)


def written(form: SetExamForm, act) -> Exam | None:
    """The exam that the form makes, or None with the errors beside their fields."""
    if not form.is_valid():
        return None
    try:
        return act(form.terms())
    except Refused as refusal:
        form.is_stale = isinstance(refusal, Conflict)
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return None


def fixed(exam: Exam) -> str:
    """Why its terms stay as they are; empty while they may change."""
    try:
        check_open(exam)
    except Refused as refusal:
        return str(refusal)
    return ""


def former(request, campaign, specialty) -> Exam | None:
    """The exam of which this is the retake, where the address names one."""
    asked = whole(request.GET.get("retake", ""))
    exams = campaign.exams.filter(specialty=specialty)
    return exams.filter(pk=asked).first()


def again(exam: Exam) -> dict:
    """A retake asks for the same, on another day."""
    title = _("%(exam)s（补考）") % {"exam": exam}
    return {"title": title[:120], "opens_at": None, "closes_at": None, "revision": None}


def usual_title(specialty: Specialty) -> str:
    return _("%(specialty)s专业考试") % {"specialty": specialty}
