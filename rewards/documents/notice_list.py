"""Whose notices an approved settlement has: its projects, a page at a time, and their people."""

from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, QuerySet

from campaign.models import Campaign, Participation
from organization.models import Project, User
from organization.prepared import prepared
from rewards.models import Adjustment, Award, Settlement
from scoring.models import Standing

PER_PAGE = 20
PERSON = ("id", "username", "name")
LINE = ("project", "person", "person__username", "person__name")


class EveryProject:
    """Those of a campaign with a final standing, by code, of which slices alone are read."""

    def __init__(self, campaign: Campaign):
        self.campaign = campaign

    def __len__(self) -> int:
        ((_campaign, number),) = counted(campaign=self.campaign.pk) or [(None, 0)]
        return number

    def __getitem__(self, part: slice) -> list[Project]:
        if part.start:  # of which each would be a statement of its own
            return list(with_notice(campaign=self.campaign.pk)[part])
        return first_by_code(campaign=self.campaign.pk)[: part.stop]


def final(campaign) -> QuerySet[Standing]:
    return Standing.objects.ranked().filter(campaign__pk=campaign)


def with_notice(*, campaign) -> QuerySet[Project]:
    found = Project.objects.filter(participations__campaign__pk=campaign)
    return found.filter(standings__in=final(campaign)).order_by("code")


def first_with_notice(*, campaign) -> QuerySet[Project]:
    return with_notice(campaign=campaign)[:PER_PAGE]


def counting(*, campaign) -> QuerySet[Participation]:
    """Without the projects themselves."""
    found = Participation.objects.filter(campaign__pk=campaign).order_by()
    found = found.filter(project__in=final(campaign).order_by().values("project"))
    return found.values("campaign").annotate(n=Count("pk")).values_list("campaign", "n")


CAMPAIGN = {"campaign": Campaign._meta.pk}
first_by_code, counted = prepared(first_with_notice, CAMPAIGN), prepared(counting, CAMPAIGN)


def people_of(settlement: Settlement, projects: Iterable[Project]) -> dict[int, list[User]]:
    """Project id -> whoever has a line there; two queries."""
    found: dict[int, dict[int, User]] = {}
    about = {"settlement": settlement.pk, "projects": [each.pk for each in projects]}
    for project, *person in [*awarded(**about), *adjusted(**about)]:
        known = found.setdefault(project, {})
        if person[0] not in known:
            known[person[0]] = User.from_db(DEFAULT_DB_ALIAS, PERSON, person)
    return {project: list(people.values()) for project, people in found.items()}


def lines(rows: QuerySet, settlement, projects) -> QuerySet:
    rows = rows.filter(settlement__pk=settlement, project__pk__in=projects, person__isnull=False)
    return rows.order_by("pk").values_list(*LINE)


def awards_in(*, settlement, projects) -> QuerySet[Award]:
    return lines(Award.objects.all(), settlement, projects)


def adjustments_in(*, settlement, projects) -> QuerySet[Adjustment]:
    return lines(Adjustment.objects.standing(), settlement, projects)


ABOUT = {"settlement": Settlement._meta.pk, "projects": Project._meta.pk}
awarded, adjusted = prepared(awards_in, ABOUT), prepared(adjustments_in, ABOUT)
