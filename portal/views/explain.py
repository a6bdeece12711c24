"""How a project's score was made: from each observation to what people are paid."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import project_or_404
from organization import states
from organization.replica import may_lag
from portal.explain.reading import Explanation
from portal.explain.words import PLACES, VERDICTS
from rewards.own_lines import campaign_of_reader_or_404, has_line


@may_lag
@require_safe
def explain(request, campaign, project):
    """For who sees the project, and for who is paid or fined for it and has left it since."""
    campaign, at = campaign_of_reader_or_404(request, campaign), timezone.now()
    found = project_or_404(campaign, project)
    opens = request.user.has_perm("portal.explain", found)
    if not opens and not has_line(request.user, campaign=campaign.pk, project=found.pk):
        raise Http404
    explained = Explanation(campaign, found, at=at, reader=request.user)
    context = {
        "campaign": campaign,
        "project": found,
        "explained": explained,
        "opens": opens,  # whether the pages of the project's sheets are there for the reader
        "result": explained.result,
        "verdicts": VERDICTS,
        "places": PLACES,
        "provisional": states.PROVISIONAL,
        "not_applicable": states.NOT_APPLICABLE,
        "capped": states.CAPPED,
        "at": at,
    }
    return render(request, "portal/explain.html", context)
