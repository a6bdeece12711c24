"""A survey of what projects need: asked, answered by each project, counted for its lead."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.forms.trainings import AnswerForm, NeedsForm
from inspections.training.needs import (
    answer_needs,
    ask_needs,
    move_closing,
    remind_needs,
    topic_counts,
)
from inspections.training.needs_counts import NeedsCounts, survey_or_404
from organization.errors import Conflict, Refused, move_of, require
from organization.formatting import formatted, joined
from organization.history import story_of

ENTRIES_SHOWN = 20
LINE = "<li><b>{}</b> {}</li>"


@require_http_methods(["GET", "HEAD", "POST"])
def needs_new(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.plan_training")
    form = NeedsForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made = asked(request, held, form)
        if made:
            messages.success(request, _("已发给各项目，项目负责人已收到通知。"))
            return redirect(made)
    status = 422 if form.errors else 200
    context = {"campaign": held, "form": form}
    return render(request, "inspections/needs_new.html", context, status=status)


def asked(request, campaign, form):
    typed = dict(form.cleaned_data)
    require(request.user, "inspections.train", typed["specialty"])
    typed["topics"] = typed["topics"].splitlines()
    try:
        return ask_needs(campaign=campaign, by=request.user, at=timezone.now(), **typed)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def needs(request, campaign, pk):
    held = campaign_or_404(request, campaign)
    found = survey_or_404(held, request.user, pk)
    if request.method == "POST":
        return move_of(MOVES, request.POST.get("move"))(request, found, timezone.now())
    return show(request, found)


def show(request, survey, *, form=None, status=200, refused=""):
    at, user = timezone.now(), request.user
    project = answering_project(survey, user, request)
    answer = survey.answers.filter(project=project).first() if project else None
    chosen = chosen_topics(request, answer, form)
    counts = topic_counts(survey) if user.sees_company else survey.topics.all()
    topics = sorted(counts, key=lambda topic: topic.order)
    context = {
        "campaign": survey.campaign,
        "survey": survey,
        "state": survey.state(at=at),
        "is_open": survey.is_open(at=at),
        "project": project,
        "answer": answer,
        "form": form or answer_form(survey, project, answer),
        "topics": [(topic, chosen.get(topic.pk)) for topic in topics],
        "ranks": range(1, len(topics) + 1),
        "refused": refused,
        "today": at,
        "entries": story_of(survey, ENTRIES_SHOWN) if user.sees_company else [],
    }
    if user.sees_company:
        came = NeedsCounts(survey)
        missing, lines = (
            came.missing(request.GET.get("missing")),
            came.lines(request.GET.get("page")),
        )
        context |= {
            "counts": counts,
            "asked": came.asked,
            "answered_count": came.answered,
            "missing": missing,
            "missing_names": joined(map(str, missing), _("、")),
            "page": lines,
            "lines": joined(formatted(LINE, each.project, each.line) for each in lines),
        }
    return render(request, "inspections/needs.html", context, status=status)


def answering_project(survey, user, request):
    """The project that the reader answers for; of several the one in the address."""
    if not user.project_ids:
        return None
    mine = survey.projects.filter(pk__in=user.project_ids).order_by("code")
    own = [each for each in mine if user.has_perm("inspections.answer_needs", each)]
    wanted = request.GET.get("project", "")
    return next((each for each in own if each.code == wanted), own[0] if own else None)


def answer_form(survey, project, answer):
    if project is None:
        return None
    initial = {"project": project.code, "revision": answer.revision if answer else 0}
    if answer:
        initial["line"] = answer.line
    return AnswerForm(initial=initial, projects=survey.projects)


def chosen_topics(request, answer, form) -> dict[int, int]:
    """Rank by topic: as typed where a form came back, else as it was answered."""
    if form is not None:
        return {pk: rank for rank, pk in enumerate(ranked_topics(request.POST), 1)}
    if answer is None:
        return {}
    return {each.topic_id: each.rank or 1 for each in answer.needed.all()}


def ranked_topics(data) -> list[int]:
    """Ids of the ticked topics, or of those with a rank, in the order of the ranks."""
    ticked = [int(pk) for pk in data.getlist("topic") if pk.isdecimal() and len(pk) < 12]
    ranked = sorted(
        (int(rank), int(name.removeprefix("rank-")))
        for name, rank in data.items()
        if name.removeprefix("rank-").isdecimal()
        and name.startswith("rank-")
        and rank.isdecimal()
        and len(rank) < 4
        and len(name) < 17
    )
    return ticked + [pk for _rank, pk in ranked]


def answer(request, survey, at):
    form = AnswerForm(request.POST, projects=survey.projects)
    if not form.is_valid():
        return show(request, survey, form=form, status=422, refused=_("请检查填写的内容。"))
    typed = form.cleaned_data
    require(request.user, "inspections.answer_needs", typed["project"])
    try:
        answer_needs(
            survey=survey, topics=ranked_topics(request.POST), by=request.user, at=at, **typed
        )
    except Conflict as conflict:
        form.data = form.data.copy()
        form.data["revision"] = conflict.theirs.revision if conflict.theirs else 0
        said = _("%(message)s您填的还在下面，再提交就以您的为准。") % {"message": conflict}
        return show(request, survey, form=form, status=409, refused=said)
    except Refused as refusal:
        return show(request, survey, form=form, status=422, refused=str(refusal))
    messages.success(request, _("已提交，截止前可以修改。"))
    return redirect(survey)


def remind(request, survey, at):
    require(request.user, "inspections.train", survey.specialty)
    try:
        told = remind_needs(survey=survey, by=request.user, at=at)
        words = ngettext("已提醒 %(n)d 人", "已提醒 %(n)d 人", told)
        messages.success(request, words % {"n": told})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(survey)


def extend(request, survey, at):
    """Another closing day."""
    require(request.user, "inspections.train", survey.specialty)
    form = NeedsForm(request.POST, user=request.user)
    form.is_valid()
    closes = form.cleaned_data.get("closes")
    try:
        if closes is None:
            raise Refused(_("请填写新的截止日期。"))
        move_closing(survey=survey, closes=closes, by=request.user, at=at)
        messages.success(request, _("已改截止日期。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(survey)


MOVES = {"answer": answer, "remind": remind, "extend": extend}
