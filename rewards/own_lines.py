"""Who is paid or fined in an approved settlement, and may therefore see where it comes from.

People move on: whoever has left a project, or never had a post in it, and is on its list still
reads their own amount, its notice, and what it is made of down to the pictures.
"""

from django.http import Http404

from campaign.access import remember, visible_campaign
from campaign.models import Campaign
from organization.models import Project, User
from organization.prepared import prepared
from rewards.models import Adjustment, Award, Settlement


def own_projects(settlement: Settlement, person: User) -> list[Project]:
    """The projects in which the settlement has a line for this person, by code. One query."""
    return with_line(settlement=settlement.pk, person=person.pk)


def of_person(*, settlement, person):
    about = {"settlement__pk": settlement, "person__pk": person}
    awards = Award.objects.filter(**about).order_by().values("project")
    added = Adjustment.objects.standing().filter(**about).order_by().values("project")
    # one list of few: by either of two, a database looks at every project
    return Project.objects.filter(pk__in=awards.union(added)).order_by("code")


with_line = prepared(of_person, {"settlement": Settlement._meta.pk, "person": User._meta.pk})


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
        if own_projects(settlement, request.user):
            return settlement.campaign
    raise Http404
