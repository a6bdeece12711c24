"""Which campaign a page is about, and whether its reader may know of it."""

from django.http import Http404

from campaign.models import Campaign


def campaign_or_404(request, code: str) -> Campaign:
    """The campaign named in the address; a stranger learns nothing of it."""
    found = Campaign.objects.visible_to(request.user).filter(code=code).first()
    if found is None:
        raise Http404
    remember(request, found)
    return found


def remember(request, campaign: Campaign) -> None:
    """Keep the page's campaign: the shell shows it without asking again, the session later."""
    request.campaign = campaign
    if request.session.get("campaign") != campaign.code:
        request.session["campaign"] = campaign.code


def current_campaign(request) -> Campaign | None:
    """The campaign of this page, else the one last opened, else the running one."""
    if getattr(request, "campaign", None):
        return request.campaign
    visible = Campaign.objects.visible_to(request.user)
    code = request.session.get("campaign")
    chosen = visible.filter(code=code).first() if code else None
    running = visible.running().order_by("-started_at")
    request.campaign = chosen or running.first() or visible.first()
    return request.campaign
