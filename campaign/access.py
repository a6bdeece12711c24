"""Which campaign a page is about, and whether its reader may know of it."""

from collections.abc import Collection

from django.http import Http404

from campaign.models import Campaign
from organization.models import Project, User
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
    return next(iter(begun(code=code, projects=sorted(user.project_ids))), None)


def project_or_404(campaign: Campaign, code: str) -> Project:
    """The campaign's project named in the address; whether the reader may know of it is asked of
    the project.
    """
    found = next(iter(entered(campaign=campaign.pk, code=code)), None)
    if found is None:
        raise Http404
    return found


def taking_part(*, campaign, code):
    return Project.objects.filter(participations__campaign__pk=campaign, code=code).order_by("pk")


def by_code(*, code):
    return Campaign.objects.filter(code=code).order_by("pk")


def of_projects(*, code, projects):
    return by_code(code=code).begun_with(projects)


CODE = {"code": Campaign._meta.get_field("code")}
called = prepared(by_code, CODE)
entered = prepared(
    taking_part, {"campaign": Campaign._meta.pk, "code": Project._meta.get_field("code")}
)
begun = prepared(of_projects, CODE | {"projects": Project._meta.pk})


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
    if request.user.sees_company and (found := started_last()):
        return found[0]
    visible = Campaign.objects.visible_to(request.user)
    return visible.running().order_by("-started_at").first() or visible.first()


def newest():
    return Campaign.objects.running().order_by("-started_at")[:1]


started_last = prepared(newest, {})
