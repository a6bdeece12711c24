"""How a project's score was made: from each observation to what people are paid."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from organization import states
from portal.explain.reading import Explanation
from portal.explain.words import PLACES, VERDICTS


@require_safe
def explain(request, campaign, project):
    campaign, at = campaign_or_404(request, campaign), timezone.now()
    found = get_object_or_404(campaign.projects, code=project)
    if not request.user.has_perm("portal.explain", found):
        raise Http404
    explained = Explanation(campaign, found, at=at, reader=request.user)
    context = {
        "campaign": campaign,
        "project": found,
        "explained": explained,
        "result": explained.result,
        "verdicts": VERDICTS,
        "places": PLACES,
        "provisional": states.PROVISIONAL,
        "not_applicable": states.NOT_APPLICABLE,
        "capped": states.CAPPED,
        "at": at,
    }
    return render(request, "portal/explain.html", context)
