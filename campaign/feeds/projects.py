"""A project's calendar: phases, what it owes, and what other apps know of it; done ones too."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaign.feeds.entries import Entry, note_of, phase_entries
from campaign.models import Campaign
from campaign.registry import PROJECT_ENTRIES, page_of
from organization.models import Project

# A calendar is looked back at; what is older is found in the application.
KEPT_AFTER_CLOSING = timedelta(days=365)


def project_entries(project: Project, *, at: datetime) -> Iterable[Entry]:
    """In a fixed number of queries for each campaign that the project takes part in."""
    for campaign in campaigns_of(project, at=at):
        yield from phase_entries(campaign)
        yield from obligation_entries(campaign, project, at=at)
        for entries in PROJECT_ENTRIES:
            yield from entries(campaign, project, at)


def campaigns_of(project: Project, *, at: datetime) -> QuerySet[Campaign]:
    recent = Q(closed_at=None) | Q(closed_at__gt=at - KEPT_AFTER_CLOSING)
    started = Campaign.objects.filter(recent, started_at__isnull=False)
    return started.filter(participations__project=project).prefetch_related("phases")


def obligation_entries(campaign: Campaign, project: Project, *, at: datetime) -> list[Entry]:
    owed = campaign.obligations.filter(project=project).with_all()
    return [
        Entry(
            thing=each.thing,
            title=each.milestone.title,
            url=page_of(each),
            start=each.due,
            end=each.due,
            about=_("任务"),
            note=note_of(each.state(at=at)),
        )
        for each in owed
    ]
