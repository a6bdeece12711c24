"""A project's result, down to each deduction."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404, project_or_404
from inspections.sheet.recovery_page import MET, recovery_of
from inspections.sheet.result_page import ResultPage
from inspections.sheet.section_rows import section_rows
from organization import states
from organization.models import Project
from organization.replica import may_lag


@may_lag
@require_safe
def project_result(request, campaign, project):
    """Composite, band, rubrics, what cost most, and every deduction with what was seen."""
    campaign, found = result_or_404(request, campaign, project)
    at = timezone.now()
    result = ResultPage(campaign, found, request.user, at)
    context = {
        "campaign": campaign,
        "project": found,
        "result": result,
        "sections": section_rows(result),
        "recovery": recovery_of(result, request.GET.getlist(MET)),
        "others": own_projects(request.user, campaign).exclude(pk=found.pk),
        "provisional": states.PROVISIONAL,
        "not_applicable": states.NOT_APPLICABLE,
        "capped": states.CAPPED,
        "at": at,
    }
    return render(request, "inspections/result.html", context)


@may_lag
@require_safe
def recovery(request, campaign, project):
    """A part of the result's page: what would come of the ticked requirements."""
    campaign, found = result_or_404(request, campaign, project)
    shown = recovery_of(ResultPage(campaign, found, request.user), request.GET.getlist(MET))
    if shown is None:
        raise Http404
    return render(request, "inspections/_recovery_outcome.html", {"recovery": shown})


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


def own_projects(user, campaign):
    return Project.objects.filter(
        pk__in=user.project_ids, participations__campaign=campaign
    ).order_by("code")
