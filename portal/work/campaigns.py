"""The campaigns that work is done in: read once, since most lines of work refer to one."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeVar

from django.db.models import Exists, F, QuerySet

from campaign.models import Campaign, Milestone, Phase
from inspections.models import AuditVisit
from organization.models import User
from organization.prepared import prepared

Thing = TypeVar("Thing")


def not_closed(*, person) -> QuerySet[Campaign]:
    """For who sees the company."""
    mine = AuditVisit.auditors.through.objects.filter(user=person)
    found = Campaign.objects.filter(closed_at__isnull=True)
    return found.annotate(has_visits=Exists(mine), schedule_waits=F("audit_schedule__submitted_at"))


def phases_in(*, campaigns) -> QuerySet[Phase]:
    return Phase.objects.filter(campaign__pk__in=campaigns).order_by("order")


def milestones_in(*, campaigns) -> QuerySet[Milestone]:
    return Milestone.objects.filter(campaign__pk__in=campaigns).order_by("order")


def only_of(things: QuerySet, campaigns: Iterable) -> QuerySet:
    """Reckoned with, since SQLite would rather go through a whole campaign by its index."""
    return things.alias(held=F("campaign_id") + 0).filter(held__in=campaigns)


OF_CAMPAIGNS = {"campaigns": Campaign._meta.pk}
open_for_company = prepared(not_closed, {"person": User._meta.pk})
phases_of = prepared(phases_in, OF_CAMPAIGNS)
milestones_of = prepared(milestones_in, OF_CAMPAIGNS)


class Campaigns:
    """Those that are not closed and that this person may open, with their phases; two queries.

    Each says whether this person ever was an auditor of a visit (`has_visits`), and since when its
    schedule waits for approval (`schedule_waits`), so that nobody asks for what is not there.
    """

    def __init__(self, person: User):
        if person.sees_company:
            self.open = open_for_company(person=person.pk)
        else:
            visible = Campaign.objects.visible_to(person)
            self.open = list(visible.filter(closed_at__isnull=True))
        self.read_phases()
        self.running = {each.pk: each for each in self.open if each.started_at}

    def read_phases(self) -> None:
        known = {each.pk: each for each in self.open}
        for each in self.open:
            each.phases_in_order = []
        for phase in phases_of(campaigns=[*known]):
            phase.campaign = known[phase.campaign_id]
            phase.campaign.phases_in_order.append(phase)

    @cached_property
    def milestones(self) -> list[Milestone]:
        """Of the running ones, each with its phase and campaign; one query."""
        phases = {
            phase.pk: phase for each in self.running.values() for phase in each.phases_in_order
        }
        found = milestones_of(campaigns=[*self.running])
        for each in found:
            each.phase = phases[each.phase_id]
        return list(self.of(found))

    def phases(self, code: str) -> Iterator[Phase]:
        """The phase of this code in each running campaign."""
        for each in self.running.values():
            yield from (phase for phase in each.phases_in_order if phase.code == code)

    def only(self, things: QuerySet) -> QuerySet:
        """Those of running campaigns, where each campaign has many and this person few."""
        return only_of(things, self.running)

    def of(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """What belongs to running campaigns, each thing with its own, so that nobody asks again."""
        for thing in things:
            if campaign := self.running.get(thing.campaign_id):
                thing.campaign = campaign
                yield thing
