"""Documents of a campaign's results to take away: the league table as PDF."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from organization.downloads import download
from organization.errors import Refused, require
from rewards.documents import league_pdf
from scoring.league_page import LeaguePage


@require_safe
def league(request, campaign):
    """Exactly the rows that the league page's filters leave, in the page's order."""
    held = campaign_or_404(request, campaign)
    require(request.user, "scoring.see_league", held)
    try:
        content = league_pdf(LeaguePage(held, request.GET), at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("league", held.code)
    return download(content, f"league-{held.code}.pdf", "application/pdf")
