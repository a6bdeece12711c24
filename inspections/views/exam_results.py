"""Entering results: a table that saves by itself, people without an account, an Excel list."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.taking_part import projects_of
from inspections.exam.access import exam_or_404
from inspections.exam.result_list import results_workbook
from inspections.exam.results_page import ResultsPage, save_row, typed_of
from inspections.exam.setting import add_seat
from inspections.list_uploads import keep_list
from inspections.models import Exam
from organization.downloads import download
from organization.errors import Conflict, Refused, require
from organization.files import SHEET
from organization.lists import ListRefused
from organization.numbers import whole
from organization.project_choice import ProjectChoice
from organization.replica import may_lag


@require_http_methods(["GET", "HEAD", "POST"])
def results(request, campaign, pk):
    """A table to fill in; to read for who may only do that. An online exam's own page has them."""
    if request.method == "POST":
        return save_page(request, run_or_404(request, campaign, pk))
    exam = read_or_404(request, campaign, pk)
    if exam.is_online and not request.user.has_perm("inspections.run_exam", exam):
        return redirect(exam)
    return shown(request, exam)


def shown(request, exam: Exam, *, page=None, problems=(), typed=None, status=200):
    found = ResultsPage(exam, request.GET)
    context = {
        "campaign": exam.campaign,
        "exam": exam,
        "may_run": request.user.has_perm("inspections.run_exam", exam),
        "found": found,
        "page": page or found.page(),
        "problems": problems,
        "typed": typed or {},
        "to_add": among_projects(exam, (typed or {}).get("project", "")),
        "is_coming": timezone.now() < exam.opens_at,
    }
    return render(request, "inspections/exam_results.html", context, status=status)


def among_projects(exam: Exam, asked: str) -> ProjectChoice:
    campaign = exam.campaign
    return ProjectChoice(
        campaign.projects.all(), asked, lambda most: projects_of(campaign=campaign.pk, most=most)
    )


def save_page(request, exam: Exam):
    """Every row of the page that changed; one that is refused keeps what was typed in it."""
    page, at, status = ResultsPage(exam, request.GET).page(), timezone.now(), 200
    reason = request.POST.get("reason", "")
    for row in page.object_list:
        if f"revision-{row.seat.pk}" not in request.POST:
            continue
        typed = typed_of(request.POST, row.seat.pk)
        try:
            save_row(row.seat, typed, reason=reason, by=request.user, at=at)
        except Refused as refusal:
            row.error, row.typed = str(refusal), typed
            status = max(status, 409 if isinstance(refusal, Conflict) else 422)
    if status == 200:
        messages.success(request, _("成绩已保存。"))
        return redirect(request.get_full_path())
    return shown(request, exam, page=page, typed=request.POST, status=status)


@require_POST
def result(request, campaign, pk):
    """One row, for the page's script."""
    exam = run_or_404(request, campaign, pk)
    seat = get_object_or_404(exam.seats, pk=whole(request.POST.get("seat", "")))
    seat.exam = exam
    typed = typed_of(request.POST, seat.pk)
    try:
        save_row(
            seat, typed, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
        )
    except Conflict as conflict:
        return JsonResponse(
            {"error": str(conflict), "revision": conflict.theirs.revision}, status=409
        )
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    left = exam.seats.unentered().count()
    return JsonResponse({"revision": seat.revision, "left": left, "words": left_words(left)})


def left_words(left: int) -> str:
    if not left:
        return _("成绩已录完")
    words = ngettext("还有 %(count)d 人没有成绩", "还有 %(count)d 人没有成绩", left)
    return words % {"count": left}


@require_POST
def seat_new(request, campaign, pk):
    exam = run_or_404(request, campaign, pk)
    choice = among_projects(exam, request.POST.get("project", ""))
    try:
        if choice.is_part:
            raise Refused(choice.objection, code="project")
        seat = add_seat(
            exam=exam,
            name=request.POST.get("name", ""),
            project=choice.chosen,
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        typed = {"add_error": str(refusal), "name": request.POST.get("name", "")}
        typed["project"] = choice.asked
        return shown(request, exam, typed=typed, status=422)
    messages.success(request, _("%(name)s已加入应考名单。") % {"name": seat.name})
    return redirect("exam_results", campaign, pk)


@require_POST
def results_import(request, campaign, pk):
    """A list of results: looked at on the next page, or every bad cell named on this one."""
    exam = run_or_404(request, campaign, pk)
    upload = request.FILES.get("file")
    if upload is None:
        return shown(request, exam, problems=[_("先选一个文件。")], status=422)
    try:
        return redirect(keep_list(about=exam, upload=upload, by=request.user, at=timezone.now()))
    except ListRefused as refusal:
        return shown(request, exam, problems=refusal.errors, status=422)
    except ValidationError as error:
        return shown(request, exam, problems=error.messages, status=422)
    except Refused as refusal:
        return shown(request, exam, problems=[refusal], status=422)


@may_lag
@require_safe
def results_excel(request, campaign, pk):
    """The list to be filled in, with what is there."""
    exam = read_or_404(request, campaign, pk)
    seats = exam.seats.select_related("person", "project").order_by("project__code", "name", "pk")
    name = _("%(exam)s成绩.xlsx") % {"exam": exam}
    return download(results_workbook(seats), name, SHEET)


def run_or_404(request, campaign: str, pk: int) -> Exam:
    exam = exam_or_404(request, campaign, pk)
    require(request.user, "inspections.run_exam", exam)
    return exam


def read_or_404(request, campaign: str, pk: int) -> Exam:
    exam = exam_or_404(request, campaign, pk)
    require(request.user, "inspections.read_exam", exam)
    return exam
