"""The projects of a campaign to choose one from (`ProjectChoice`), put into SQL once."""

from django.db.models import QuerySet

from campaign.models import Campaign
from organization.models import Project
from organization.prepared import prepared
from organization.project_choice import in_order


def taking_part(*, campaign, most: int) -> QuerySet:
    return in_order(Project.objects.filter(participations__campaign=campaign), most)


projects_of = prepared(taking_part, {"campaign": Campaign._meta.pk})
