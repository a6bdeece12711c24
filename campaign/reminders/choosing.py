"""On which channels a person wants reminders; what is urgent comes whatever is chosen."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from campaign.models import ChannelChoice, Robot
from organization.history import record
from organization.models import Project, User


@transaction.atomic
def choose_channels(
    *, person: User, mail: bool, robots: bool, by: User, at: datetime
) -> ChannelChoice:
    """Switch mail and groups' robots on or off for what is not urgent; on record if it changes.

    The inbox can't be switched off. What waits to be sent is asked about when it is sent.
    """
    User.objects.select_for_update().get(pk=person.pk)  # two clicks at once make one row
    choice = choice_of(person)
    if choice.pk and (choice.mail, choice.robots) == (mail, robots):
        return choice
    choice.mail, choice.robots = mail, robots
    choice.save()
    record(on=person, verb="choose_channels", by=by, at=at, mail=mail, robots=robots)
    return choice


def choice_of(person: User) -> ChannelChoice:
    """What a person chose; who chose nothing wants all that there is."""
    return ChannelChoice.objects.filter(person=person).first() or ChannelChoice(person=person)


def robots_for(person: User) -> QuerySet[Robot]:
    """The groups that hear of this person's things: of the projects, their regions, the company."""
    projects = Project.objects.filter(pk__in=person.project_ids)
    here = Q(project__in=projects) | Q(region__in=projects.exclude(region="").values("region"))
    if person.sees_company:
        here |= Q(project=None, region="")
    return Robot.objects.active().filter(here)
