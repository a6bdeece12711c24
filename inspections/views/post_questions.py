"""The bank of post questions: the list, one question, its Excel list."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from inspections.forms.exams import ListUploadForm
from inspections.forms.post_questions import PostQuestionForm, initial_question
from inspections.list_uploads import keep_list
from inspections.models import PostQuestion
from inspections.post_question.bank import (
    add_question,
    edit_question,
    is_used,
    restore_question,
    retire_question,
)
from inspections.post_question.bank_page import PostBank
from inspections.post_question.question_list import POST_QUESTIONS, questions_workbook
from organization.downloads import download
from organization.errors import Conflict, Refused, require
from organization.files import SHEET
from organization.history import story_of
from organization.lists import ListRefused
from organization.replica import may_lag

READ, WRITE = "inspections.read_post_questions", "inspections.write_post_questions"
MOVES = {"retire": retire_question, "restore": restore_question}


@may_lag
@require_safe
def bank(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, READ)
    context = {"campaign": held, "found": PostBank(request.user, request.GET)}
    return render(request, "inspections/post_questions.html", context)


@may_lag
@require_safe
def excel(request, campaign):
    """What the filters leave; the file imports as the same."""
    campaign_or_404(request, campaign)
    require(request.user, READ)
    found = PostBank(request.user, request.GET).found
    return download(questions_workbook(found), _("岗位询问题库.xlsx"), SHEET)


@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, WRITE)
    form = PostQuestionForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and saved(form, lambda content: add_question(
        campaign=held, content=content, by=request.user, at=timezone.now()
    )):  # fmt: skip
        messages.success(request, _("题目已加入题库。"))
        return redirect("post_questions", held.code)
    return shown(request, {"campaign": held, "form": form, "may_write": True})


@require_http_methods(["GET", "HEAD", "POST"])
def question(request, campaign, pk):
    """One question: read it, change it, retire it, take it into use again."""
    held = campaign_or_404(request, campaign)
    visible = PostQuestion.objects.visible_to(request.user).select_related("specialty")
    found = get_object_or_404(visible, pk=pk)
    if request.method != "POST":
        return one(request, held, found)
    require(request.user, WRITE)
    if act := MOVES.get(request.POST.get("do")):
        return moved(request, held, found, act)
    form = PostQuestionForm(request.POST)
    kept = saved(form, lambda content: edit_question(
        campaign=held, question=found, content=content, by=request.user, at=timezone.now(),
        revision=form.cleaned_data["revision"],
    ))  # fmt: skip
    if kept is None:
        return one(request, held, found, form)
    replaced = _("原题已问过，已停用；改后的作为新题加入。")
    messages.success(request, _("题目已保存。") if kept == found else replaced)
    return redirect("post_questions", held.code)


def moved(request, held, found: PostQuestion, act):
    try:
        act(question=found, by=request.user, at=timezone.now())
        messages.success(request, _("已保存。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("post_question", held.code, found.pk)


def one(request, held, found: PostQuestion, form=None):
    return shown(request, {
        "campaign": held,
        "question": found,
        "form": form or PostQuestionForm(initial=initial_question(found)),
        "is_used": is_used(found),
        "may_write": request.user.has_perm(WRITE),
        "entries": story_of(found),
    })  # fmt: skip


def shown(request, context):
    form = context["form"]
    status = 409 if getattr(form, "is_stale", False) else 422 if form.errors else 200
    return render(request, "inspections/post_question.html", context, status=status)


def saved(form: PostQuestionForm, act) -> PostQuestion | None:
    """What a move made of what was typed; None where it stays in the form with the reason."""
    if not form.is_valid():
        return None
    try:
        return act(form.content())
    except Refused as refusal:
        form.is_stale = isinstance(refusal, Conflict)
        if form.is_stale:
            form.data = form.data.copy()
            form.data["revision"] = refusal.theirs.revision
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def question_import(request, campaign):
    """Choose a list; what it would do is looked at before anything is written."""
    held = campaign_or_404(request, campaign)
    require(request.user, WRITE)
    form = ListUploadForm(request.POST or None, request.FILES or None)
    problems = []
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(keep_list(
                about=held, upload=form.cleaned_data["file"], by=request.user, at=timezone.now()
            ))  # fmt: skip
        except ListRefused as refusal:
            problems = refusal.errors
        except (ValidationError, Refused) as error:
            form.add_error("file", error if isinstance(error, ValidationError) else str(error))
    context = {
        "campaign": held, "form": form, "problems": problems, "heads": POST_QUESTIONS.heads(),
    }  # fmt: skip
    status = 422 if form.errors or problems else 200
    return render(request, "inspections/post_question_import.html", context, status=status)
