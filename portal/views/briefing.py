"""The briefing deck to take away."""

from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from organization.downloads import download
from organization.errors import require
from organization.files import SLIDES
from organization.replica import may_lag
from portal.briefing import briefing_deck


@may_lag
@require_safe
def deck(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "portal.briefing", held)
    content = briefing_deck(held, at=timezone.now())
    return download(content, f"briefing-{held.code}.pptx", SLIDES)
