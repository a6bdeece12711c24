"""Who is paid or fined in an approved settlement, and may therefore see where it comes from.

People move on: whoever has left a project, or never had a post in it, and is on its list still
reads their own amount, its notice, and what it is made of down to the pictures.
"""

from django.db.models import QuerySet
from django.http import Http404

from campaign.access import remember, visible_campaign
from campaign.models import Campaign
from organization.models import Project, User
from rewards.models import Adjustment, Award, Settlement


def own_projects(settlement: Settlement, person: User) -> QuerySet[Project]:
    """The projects in which the settlement has a line for this person, by code. One query."""
    awards = settlement.awards.filter(person=person).order_by().values("project")
    added = settlement.adjustments.standing().filter(person=person).order_by().values("project")
    # one list of few: by either of two, a database looks at every project
    return Project.objects.filter(pk__in=awards.union(added)).order_by("code")


def has_line(person: User, *, campaign: int, project: int) -> bool:
    """Whether an approved settlement of the campaign has a line for them in the project (ids)."""
    about = {"person": person, "project": project, "settlement__campaign": campaign}
    approved = {"settlement__approved_at__isnull": False}
    return (
        Award.objects.filter(**about, **approved).exists()
        or Adjustment.objects.standing().filter(**about, **approved).exists()
    )


def campaign_of_reader_or_404(request, code: str) -> Campaign:
    """The campaign named in the address, also for who is out of its projects and on its list."""
    if found := visible_campaign(request.user, code):
        remember(request, found)
        return found
    approved = Settlement.objects.filter(campaign__code=code, approved_at__isnull=False)
    for settlement in approved.select_related("campaign"):
        if own_projects(settlement, request.user).exists():
            return settlement.campaign
    raise Http404
