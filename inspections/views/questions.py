"""The question bank: the list, one question, its Excel list."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from inspections.exam.bank import (
    add_question,
    edit_question,
    is_used,
    remove_question,
    restore_question,
    retire_question,
)
from inspections.exam.bank_page import BankPage, banks_of
from inspections.exam.question_list import questions_workbook
from inspections.forms.exams import NEW_QUESTION, QuestionForm, initial_question
from inspections.models import Question
from organization.downloads import download
from organization.errors import Conflict, Refused, require
from organization.files import SHEET
from organization.history import story_of
from organization.models import Specialty
from organization.replica import may_lag


def bank_or_404(request, campaign: str) -> dict:
    """The bank that the address names, else the first that the reader may know of."""
    held = campaign_or_404(request, campaign)
    banks = banks_of(request.user)
    led = [post.specialty for post in request.user.current_posts if post.specialty in banks]
    code = request.GET.get("specialty", "")
    found = next((each for each in banks if each.code == code), None)
    if found is None and (code or not banks):
        raise Http404
    return {"campaign": held, "banks": banks, "specialty": found or [*led, *banks][0]}


@may_lag
@require_safe
def bank(request, campaign):
    context = bank_or_404(request, campaign)
    found = BankPage(context["specialty"], request.user, request.GET)
    return render(
        request, "inspections/question_bank.html", context | {"found": found, "page": found.page()}
    )


@may_lag
@require_safe
def excel(request, campaign):
    """The bank's active questions; the file imports as the same."""
    specialty = bank_or_404(request, campaign)["specialty"]
    name = _("%(specialty)s题库.xlsx") % {"specialty": specialty}
    return download(questions_workbook(specialty.questions.active()), name, SHEET)


@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request, campaign):
    context = bank_or_404(request, campaign)
    specialty: Specialty = context["specialty"]
    require(request.user, "inspections.write_questions", specialty)
    form = QuestionForm(request.POST or None, initial=NEW_QUESTION)
    if request.method == "POST" and written(form, lambda content: add_question(
        specialty=specialty, content=content, by=request.user, at=timezone.now()
    )):  # fmt: skip
        messages.success(request, _("题目已加入题库。"))
        if request.POST.get("do") == "more":
            return redirect(request.get_full_path())
        return redirect(address(campaign, specialty))
    return shown(request, context | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def question(request, campaign, pk):
    found = get_object_or_404(Question.objects.select_related("specialty"), pk=pk)
    held = campaign_or_404(request, campaign)
    if found.specialty not in banks_of(request.user):
        raise Http404
    if request.method == "POST":
        require(request.user, "inspections.write_questions", found.specialty)
        return moved(request, held, found)
    return one(request, held, found)


def one(request, held, found: Question, form=None):
    context = {
        "campaign": held,
        "specialty": found.specialty,
        "question": found,
        "form": form or QuestionForm(initial=initial_question(found)),
        "is_used": is_used(found),
        "may_write": request.user.has_perm("inspections.write_questions", found.specialty),
        "entries": story_of(found),
    }
    return shown(request, context)


def shown(request, context):
    form = context["form"]
    status = 409 if getattr(form, "is_stale", False) else 422 if form.errors else 200
    return render(request, "inspections/question.html", context, status=status)


def moved(request, held, found: Question):
    """Save, retire, take into use again, delete."""
    do, at = request.POST.get("do", ""), timezone.now()
    if do in MOVES:
        act, words = MOVES[do]
        try:
            act(question=found, by=request.user, at=at)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("question", held.code, found.pk)
        messages.success(request, words())
        return redirect(address(held.code, found.specialty))
    form = QuestionForm(request.POST)
    saved = written(form, lambda content: edit_question(
        question=found, content=content, revision=form.cleaned_data["revision"],
        by=request.user, at=at,
    ))  # fmt: skip
    if saved is None:
        return one(request, held, found, form)
    replaced = _("原题已考过，已停用；改后的作为新题加入。")
    messages.success(request, _("题目已保存。") if saved == found else replaced)
    return redirect(address(held.code, found.specialty))


def written(form: QuestionForm, act) -> Question | None:
    if not form.is_valid():
        return None
    try:
        return act(form.content())
    except Refused as refusal:
        form.is_stale = isinstance(refusal, Conflict)
        field = "option_A" if refusal.field == "options" else refusal.field
        form.add_error(field if field in form.fields else None, str(refusal))
    return None


def address(campaign: str, specialty: Specialty) -> str:
    return f"{reverse('question_bank', args=[campaign])}?specialty={specialty.code}"


MOVES = {
    "retire": (retire_question, lambda: _("题目已停用，以后不再抽到。")),
    "restore": (restore_question, lambda: _("题目已恢复使用。")),
    "remove": (remove_question, lambda: _("题目已删除。")),
}
