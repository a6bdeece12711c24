"""Which campaign a page is about, and whether its reader may know of it."""

from collections.abc import Collection

from django.http import Http404

from campaign.models import Campaign
from organization.models import User
from organization.prepared import prepared


def campaign_or_404(request, code: str) -> Campaign:
    """The campaign named in the address; a stranger learns nothing of it."""
    found = visible_campaign(request.user, code)
    if found is None:
        raise Http404
    remember(request, found)
    return found


def visible_campaign(user: User, code: str) -> Campaign | None:
    if user.sees_company:  # sees all of them
        return next(iter(called(code=code)), None)
    return Campaign.objects.visible_to(user).filter(code=code).order_by("pk").first()


def by_code(*, code):
    return Campaign.objects.filter(code=code).order_by("pk")


called = prepared(by_code, {"code": Campaign._meta.get_field("code")})


def remember(request, campaign: Campaign) -> None:
    """Keep the page's campaign: the shell shows it without asking again, the session later."""
    request.campaign = campaign
    if request.session.get("campaign") != campaign.code:
        request.session["campaign"] = campaign.code


def current_campaign(request, among: Collection[Campaign] = ()) -> Campaign | None:
    """The campaign of this page, else the one last opened, else the running one.

    `among` are those that are not closed and visible to the reader, where a page has them at
    hand: only one that is not among them is asked for.
    """
    if not getattr(request, "campaign", None):
        request.campaign = last_opened(request, among) or running(request, among)
    return request.campaign


def last_opened(request, among: Collection[Campaign]) -> Campaign | None:
    code = request.session.get("campaign")
    if not code:
        return None
    at_hand = next((each for each in among if each.code == code), None)
    return at_hand or visible_campaign(request.user, code)


def running(request, among: Collection[Campaign]) -> Campaign | None:
    """The one that started last; else the newest that there is."""
    started = [each for each in among if each.started_at]
    if started:
        return max(started, key=lambda each: each.started_at)
    visible = Campaign.objects.visible_to(request.user)
    return visible.running().order_by("-started_at").first() or visible.first()
