"""A project's result, down to each deduction."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404, project_or_404
from campaign.models import Campaign
from inspections.sheet.recovery_page import MET, recovery_of
from inspections.sheet.result_page import ResultPage, ToldResult
from inspections.sheet.section_rows import section_rows
from organization import states
from organization.models import Project
from organization.prepared import prepared
from organization.replica import may_lag


@may_lag
@require_safe
def project_result(request, campaign, project):
    """Composite, band, rubrics, sections beside the company's, what cost most."""
    campaign, found = result_or_404(request, campaign, project)
    if ticked := request.GET.getlist(MET):  # where the preview once was
        address = reverse("recovery", args=[campaign.code, found.code])
        return redirect(f"{address}?{urlencode([(MET, each) for each in ticked])}")
    result = ResultPage(campaign, found, request.user, timezone.now())
    return shown(request, "inspections/result.html", result, sections=section_rows(result))


@may_lag
@require_safe
def result_deductions(request, campaign, project):
    """Every deduction with what was seen, by whom and how, sheet after sheet."""
    result = ToldResult(*result_or_404(request, campaign, project), request.user, timezone.now())
    return shown(request, "inspections/result_deductions.html", result)


@may_lag
@require_safe
def recovery(request, campaign, project):
    """Which requirements, if met, would bring which band."""
    result = ResultPage(*result_or_404(request, campaign, project), request.user, timezone.now())
    found = recovery_of(result, request.GET.getlist(MET))
    return shown(request, "inspections/recovery.html", result, recovery=found)


@may_lag
@require_safe
def recovery_outcome(request, campaign, project):
    """A part of that page: what would come of the ticked requirements."""
    result = ResultPage(*result_or_404(request, campaign, project), request.user)
    found = recovery_of(result, request.GET.getlist(MET))
    if found is None:
        raise Http404
    return render(request, "inspections/_recovery_outcome.html", {"recovery": found})


def shown(request, template: str, result: ResultPage, **more):
    """One of a result's pages, with what stands above all of them."""
    own = own_projects(request.user, result.campaign)
    context = {
        "campaign": result.campaign,
        "project": result.project,
        "result": result,
        "others": [project for project in own if project.pk != result.project.pk],
        "provisional": states.PROVISIONAL,
        "capped": states.CAPPED,
        "at": result.at,
    }
    return render(request, template, context | more)


def result_or_404(request, campaign, project):
    """A campaign and a project of it, for somebody who may read its result."""
    held = campaign_or_404(request, campaign)
    found = project_or_404(held, project)
    if not request.user.has_perm("inspections.see_result", found):
        raise Http404
    return held, found


@may_lag
@require_safe
def mine(request, campaign):
    """To the result of the project that the reader works in, at the highest post."""
    campaign = campaign_or_404(request, campaign)
    entered = {project.pk: project for project in own_projects(request.user, campaign)}
    for post in request.user.current_posts:
        if post.project_id in entered:
            code = entered[post.project_id].code
            return redirect("project_result", campaign.code, code)
    raise Http404


def own_projects(user, campaign) -> list[Project]:
    """The campaign's projects that somebody has a post in; no query for who has none."""
    if not user.project_ids:
        return []
    return entered_of(campaign=campaign.pk, projects=sorted(user.project_ids))


def entered_by(*, campaign, projects):
    entered = Project.objects.filter(pk__in=projects, participations__campaign__pk=campaign)
    return entered.order_by("code")


entered_of = prepared(entered_by, {"campaign": Campaign._meta.pk, "projects": Project._meta.pk})
