"""The editor of a campaign's phases and milestones: to scale, with what looks wrong beside it."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from campaign.dates import check_settled, set_dates
from campaign.dates_form import DatesForm
from campaign.dates_page import DatesPage
from campaign.gates import set_gates
from organization.errors import Conflict, Refused, require


@require_http_methods(["GET", "HEAD", "POST"])
def dates(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "campaign.set_up", held)
    if request.method == "POST":
        return check_or_save(request, held)
    return show(request, DatesPage(held))


def show(request, page, status=200):
    context = {"campaign": page.campaign, "page": page, "locked": why_locked(page.campaign)}
    return render(request, "campaign/setup_dates.html", context, status=status)


def why_locked(campaign) -> str:
    """Why the dates can't be changed now; empty when they can."""
    try:
        check_settled(campaign)
    except Refused as refusal:
        return str(refusal)
    return ""


def check_or_save(request, campaign):
    """The check shows what was typed with its warnings; nothing is kept by it."""
    form = DatesForm(
        request.POST,
        phases=campaign.phases.all(),
        milestones=campaign.milestones.all(),
    )
    if not form.is_valid():
        return show(request, DatesPage(campaign, form), status=422)
    if request.POST.get("do") == "check":
        return show(request, DatesPage(campaign, form))
    try:
        moved = save(request, campaign, form)
    except Conflict:
        return show(request, DatesPage(campaign, form, is_conflict=True), status=409)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return show(request, DatesPage(campaign, form), status=422)
    messages.success(request, saved_words(moved))
    return redirect("setup_dates", campaign.code)


@transaction.atomic
def save(request, campaign, form) -> list[str]:
    """Dates and gates stand on one page and are kept together, or not at all."""
    at = timezone.now()
    moved = set_dates(
        campaign=campaign,
        phases=form.phase_days(),
        milestones=form.milestone_days(),
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["seen"],
        by=request.user,
        at=at,
    )
    if campaign.is_draft:
        set_gates(campaign=campaign, milestones=form.gates(), by=request.user, at=at)
    return moved


def saved_words(moved: list[str]) -> str:
    if not moved:
        return _("已保存。")
    words = ngettext("已保存，调整了 %(count)d 处。", "已保存，调整了 %(count)d 处。", len(moved))
    return words % {"count": len(moved)}
