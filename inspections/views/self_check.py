"""Self-checks: all projects' for the company, one project's own, opened, reopened, taken up."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.access import campaign_or_404, project_or_404
from campaign.models import Campaign
from inspections.models import ScoreSheet
from inspections.self_check.self_check_page import SelfCheckPage
from inspections.self_check.self_checks import address, reopen_self_check, running_phase
from inspections.self_check.take_up import take_up_all
from inspections.sheet.sheet_list import Asked, SheetList
from inspections.sheet.sheets import open_sheet
from inspections.views.sheets import sheet_or_404
from organization.errors import Refused, require
from organization.models import Project, Specialty
from organization.replica import may_lag
from scoring.models.results import ScoreKind


@may_lag
@require_safe
def self_checks(request, campaign):
    """Every project's self-check; a project's people go straight to their own."""
    campaign = campaign_or_404(request, campaign)
    if not request.user.sees_company:
        mine = list(campaign.projects.visible_to(request.user)[:2])
        if len(mine) == 1:
            return redirect("self_check", campaign.code, mine[0].code)
    asked = Asked.of(request.GET)
    found = SheetList(campaign, request.user, asked, ScoreKind.SELF)
    context = {"campaign": campaign, "found": found, "asked": asked, "at": timezone.now()}
    return render(request, "inspections/self_checks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request, campaign, project):
    """One project's self-check by specialty; a POST opens the sheet that is not there yet."""
    campaign = campaign_or_404(request, campaign)
    found = seen_project(request, campaign, project)
    if request.method == "POST":
        return open_one(request, campaign, found)
    at = timezone.now()
    context = {
        "campaign": campaign,
        "project": found,
        "page": SelfCheckPage(campaign, found, request.user),
        "phase": running_phase(campaign, at),
        "at": at,
    }
    return render(request, "inspections/self_check.html", context)


def seen_project(request, campaign: Campaign, code: str) -> Project:
    found = project_or_404(campaign, code)
    if not request.user.has_perm("organization.see_project", found):
        raise Http404
    return found


def open_one(request, campaign: Campaign, project: Project):
    specialty = get_object_or_404(Specialty, code=request.POST.get("specialty", ""))
    about = {"campaign": campaign, "project": project, "specialty": specialty}
    require(request.user, "inspections.fill_sheet", ScoreSheet(**about, kind=ScoreKind.SELF))
    try:
        sheet = open_sheet(**about, kind=ScoreKind.SELF, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(address(campaign, project))
    return redirect(sheet)


@require_POST
def reopen(request, campaign, pk):
    """Another round on a sheet that was handed in."""
    sheet = sheet_or_404(request, campaign, pk)
    require(request.user, "inspections.fill_sheet", sheet)
    try:
        reopen_self_check(sheet=sheet, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("可以接着评了，评完要再提交一次。"))
    return redirect(sheet)


@require_POST
def take_all(request, campaign, pk):
    """Everything missing into the plan; whoever did it goes on there."""
    sheet = sheet_or_404(request, campaign, pk)
    require(request.user, "inspections.take_up", sheet)
    try:
        count = take_up_all(sheet=sheet, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(sheet)
    words = ngettext(
        "列入了 %(count)d 条。补上措施、责任人和期限就能提交。",
        "列入了 %(count)d 条。补上措施、责任人和期限就能提交。",
        count,
    )
    messages.success(request, words % {"count": count} if count else _("缺失都已在方案里。"))
    return redirect("plan", sheet.campaign.code, sheet.project.code)
