"""How the campaign stands, for those who lead it, and the projects behind one of its figures."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from organization.errors import require
from organization.replica import may_lag
from portal.dashboard.missing import PER_PAGE, Projects
from portal.dashboard.page import LONGEST, Dashboard
from scoring.models import Requirement


@may_lag
@require_safe
def dashboard(request, campaign):
    held = seen_campaign(request, campaign)
    at = timezone.now()
    context = {"campaign": held, "dash": Dashboard(held, request.GET, at), "at": at}
    return render(request, "portal/dashboard.html", context)


def seen_campaign(request, code):
    campaign = campaign_or_404(request, code)
    require(request.user, "portal.see_dashboard", campaign)
    return campaign


@may_lag
@require_safe
def missed(request, campaign, requirement):
    """The projects that miss a requirement, the dearest first; of finished audits alone."""
    held = seen_campaign(request, campaign)
    rubric = "item__rubric__specialty"
    found = get_object_or_404(
        Requirement.objects.select_related(rubric), pk=requirement, item__rubric__campaign=held
    )
    region = request.GET.get("region", "").replace("\0", "").strip()[:LONGEST]
    projects = Projects(held, found, region)
    page = Paginator(projects, PER_PAGE).get_page(request.GET.get("page"))
    context = {"campaign": held, "requirement": found, "region": region, "page": page}
    return render(request, "portal/missed.html", context)
