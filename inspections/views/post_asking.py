"""Asking at a post: draw questions, note an answer, take what a wrong one costs."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.access import campaign_or_404
from inspections.forms.post_questions import AnswerForm, DrawForm
from inspections.models import AuditVisit, DrawnQuestion, PostAnswer
from inspections.post_question.answer_list import answers_workbook
from inspections.post_question.asking import draw_questions, note_answer, observe_answer
from inspections.post_question.taking_back import give_points_back
from inspections.post_question.visit_page import VisitQuestions
from organization.downloads import download
from organization.errors import Conflict, Refused, require
from organization.lists import number_of
from organization.replica import may_lag
from scoring.exports import XLSX

TYPED = 80  # characters of a refused field that come back


def visit_or_404(request, campaign: str, pk: int) -> AuditVisit:
    """A visit that the reader may know of, to be carried out by its auditors only."""
    held = campaign_or_404(request, campaign)
    visible = AuditVisit.objects.visible_to(request.user).filter(campaign=held)
    found = get_object_or_404(visible.select_related("project"), pk=pk)
    found.campaign = held
    require(request.user, "inspections.carry_out_visit", found)
    return found


@require_POST
def draw(request, campaign, pk):
    """Draw for one post; leads on to the first question."""
    visit = visit_or_404(request, campaign, pk)
    form = DrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(each for some in form.errors.values() for each in some))
        return back_with(request, visit, "post", "number")
    specialty, role = form.cleaned_data["post"]
    try:
        made = draw_questions(
            visit=visit, specialty=specialty, role=role, number=form.cleaned_data["number"],
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back_with(request, visit, "post", "number")
    return redirect("post_question_ask", campaign, pk, made.drawn.first().pk)


def back_with(request, page, *names: str, **more: str):
    """To the page that something was refused on, with what was typed there."""
    typed = {name: request.POST.get(name, "")[:TYPED] for name in names}
    return redirect(f"{page.get_absolute_url()}?{urlencode(typed | more)}")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, campaign, pk, drawn):
    """One question: who was asked, how they answered. A right answer leads to the next one."""
    visit = visit_or_404(request, campaign, pk)
    questions = VisitQuestions(visit, request.user)
    found = next((each for each in questions.drawn if each.pk == drawn), None)
    if found is None or not questions.may_ask:
        messages.warning(request, _("这次检查已经结束。"))
        return redirect(visit)
    if request.method != "POST":
        return shown(request, questions, found, form_of(request, questions, found))
    form = AnswerForm(request.POST, visit=visit, draw=found.draw)
    if not form.is_valid():
        return shown(request, questions, found, form, status=422)
    typed = form.cleaned_data
    former = get_object_or_404(PostAnswer, pk=typed["replaces"]) if typed["replaces"] else None
    try:
        made = note_answer(
            drawn=found, id=typed["id"], asked=form.asked(), result=typed["result"],
            note=typed["note"], replaces=former, by=request.user, at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        status = 409 if isinstance(refusal, Conflict) else 422
        return shown(request, questions, found, form, status=status)
    messages.success(request, _("已记下：%(answer)s") % {"answer": made})
    after = None if made.is_wanting else VisitQuestions(visit, request.user).next_after(found)
    return redirect(found if made.is_wanting else after or visit)


def form_of(request, questions: VisitQuestions, found: DrawnQuestion) -> AnswerForm:
    """A new answer of whoever was asked last here, or the one that is to be corrected."""
    replaced = request.GET.get("correct", "")
    former = next((each for each in questions.every.values() if str(each.pk) == replaced), None)
    last = former or questions.last_asked(found)
    first = {"id": uuid.uuid4(), "replaces": former and former.pk}
    if last:
        first |= {"person": last.person_id, "position": last.position}
        first |= {"name": "" if last.person_id else last.name}
    if former:
        first |= {"result": former.result, "note": former.note}
    return AnswerForm(initial=first, visit=questions.visit, draw=found.draw)


def shown(request, questions: VisitQuestions, found: DrawnQuestion, form, status=200):
    context = {
        "campaign": questions.visit.campaign,
        "visit": questions.visit,
        "questions": questions,
        "drawn": found,
        "said": questions.said(found),
        "next": questions.next_after(found),
        "form": form,
    }
    return render(request, "inspections/post_question_ask.html", context, status=status)


def answer_or_404(visit: AuditVisit, pk: uuid.UUID) -> PostAnswer:
    related = ("drawn__question__specialty", "drawn__draw", "replaces")
    found = PostAnswer.objects.select_related(*related).filter(drawn__draw__visit=visit)
    answer = get_object_or_404(found, pk=pk)
    answer.drawn.draw.visit = visit
    return answer


@require_POST
def observe(request, campaign, pk, answer):
    """Take what a wrong answer costs from the project's sheet."""
    visit = visit_or_404(request, campaign, pk)
    found = answer_or_404(visit, answer)
    require(request.user, "inspections.open_sheet", found.drawn.question.specialty)
    page = found.drawn if request.POST.get("back") == "ask" else visit
    try:
        points = number_of(request.POST.get("points", ""))
        observe_answer(answer=found, points=points, by=request.user, at=timezone.now())
        messages.success(request, _("已记到评分表上。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back_with(request, page, "points", answer=str(found.pk))
    return redirect(page)


@require_POST
def back(request, campaign, pk, answer):
    """Withdraw what an answer cost before it was corrected."""
    visit = visit_or_404(request, campaign, pk)
    found = answer_or_404(visit, answer)
    try:
        give_points_back(answer=found, by=request.user, at=timezone.now())
        messages.success(request, _("扣分已撤回。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect((request.POST.get("back") == "ask" and found.drawn) or visit)


@may_lag
@require_safe
def excel(request, campaign):
    """Every answer of the campaign's visits, for the center and the company's leaders."""
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.read_post_answers", held)
    return download(answers_workbook(held), f"post-answers-{held.code}.xlsx", XLSX)
