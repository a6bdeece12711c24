"""The campaign told on one page: read by everybody once handed in, written by the center."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from inspections.closing.summary import (
    choose_pairs,
    draft_summary,
    edit_chapter,
    refresh_facts,
    with_both_pictures,
)
from inspections.closing.summary_paper import summary_paper
from inspections.closing.summary_screen import SummaryScreen
from inspections.forms.writing import ChapterForm
from inspections.handing_in import hand_in_summary
from inspections.models import Summary
from inspections.views.papers import paper_response
from inspections.views.self_saving import answered, is_uuid, save
from organization.errors import Refused, move_of, require
from organization.numbers import whole


@require_http_methods(["GET", "HEAD", "POST"])
def summary(request, campaign):
    held, at = campaign_or_404(request, campaign), timezone.now()
    found = Summary.objects.filter(campaign=held).first()
    if found:
        found.campaign = held
    if request.method == "POST":
        require(request.user, "inspections.write_summary")
        do, _colon, target = request.POST.get("do", "").partition(":")
        return move_of(DOORS, do)(request, held, found, at, target)
    return shown(request, held, found, at)


@require_safe
def paper(request, campaign, ending):
    held = campaign_or_404(request, campaign)
    found = get_object_or_404(Summary.objects.select_related("campaign"), campaign=held)
    if not request.user.has_perm("inspections.see_summary", found):
        raise Http404
    return paper_response(request, summary_paper(found), ending)


def shown(request, held, found: Summary | None, at, typed=None, status=200, **more):
    """Who may not read it yet is told that it is still to come."""
    if not request.user.has_perm("inspections.see_summary", found):
        found = None
    screen = SummaryScreen(held, found, request.user, at, typed)
    context = {"campaign": held, "screen": screen, "summary": found} | more
    return render(request, "inspections/summary.html", context, status=status)


def save_chapter(request, held, found, at, target):
    """A chapter's words; asked by the page's script or by a plain form."""
    key = whole(target.partition("-")[2])
    chapter = found.chapters.filter(pk=key).first() if found else None
    if chapter is None:
        raise Http404
    chapter.summary = found
    form = ChapterForm(request.POST, thing=chapter)

    def edit(**how):
        return edit_chapter(chapter=chapter, **how)

    refused = save(request, form, edit, verb="edit_chapter", at=at)
    unsaved = [form["text"].value() or ""] if refused else []

    def page(form, status):
        return shown(request, held, found, at, typed=form, status=status, unsaved=unsaved)

    return answered(request, form, refused, at, page=page, done=redirect("summary", held.code))


def acting(move, done):
    """A door that makes one move and says so, or says why not."""

    def door(request, held, found, at, target):
        try:
            if found is None and move is not draft:
                raise Refused(_("先起草总结。"), code="none")
            move(request, held, found, at, target)
        except Refused as refusal:
            messages.error(request, refusal)
            return shown(request, held, found, at, status=409)
        messages.success(request, done())
        return redirect("summary", held.code)

    return door


def draft(request, held, found, at, target):
    draft_summary(campaign=held, by=request.user, at=at)


def refresh(request, held, found, at, target):
    refresh_facts(summary=found, codes=[target] if target else (), by=request.user, at=at)


def choose(request, held, found, at, target):
    ticked = [key for key in request.POST.getlist("finding") if is_uuid(key)]
    findings = with_both_pictures(held).filter(pk__in=ticked)
    choose_pairs(summary=found, findings=findings, by=request.user, at=at)


def hand_in(request, held, found, at, target):
    for obligation in SummaryScreen(held, found, request.user, at).obligations:
        require(request.user, "campaign.submit", obligation)
    hand_in_summary(summary=found, by=request.user, at=at)


DOORS = {
    "save": save_chapter,
    "draft": acting(draft, lambda: _("总结草稿已经按现有数据写好，可以逐章修改。")),
    "refresh": acting(refresh, lambda: _("数据已更新，您写的文字没有动。")),
    "choose": acting(choose, lambda: _("照片已换好。")),
    "hand_in": acting(hand_in, lambda: _("总结已经交到任务的书面资料里，检查后提交即可。")),
}
