"""The campaigns that work is done in: read once, since most lines of work refer to one."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeVar

from django.db.models import Exists, F, QuerySet

from campaign.models import Campaign, Milestone, Phase
from inspections.models import AuditVisit
from organization.models import User

Thing = TypeVar("Thing")


class Campaigns:
    """Those that are not closed and that this person may open, with their phases; two queries.

    Each says whether this person ever was an auditor of a visit (`has_visits`), and since when its
    schedule waits for approval (`schedule_waits`), so that nobody asks for what is not there.
    """

    def __init__(self, person: User):
        visible = Campaign.objects.visible_to(person).filter(closed_at__isnull=True)
        if person.sees_company:
            mine = AuditVisit.auditors.through.objects.filter(user=person)
            visible = visible.annotate(
                has_visits=Exists(mine),
                schedule_waits=F("audit_schedule__submitted_at"),
            )
        self.open = list(visible.with_phases())
        self.running = {each.pk: each for each in self.open if each.started_at}

    @cached_property
    def milestones(self) -> list[Milestone]:
        """Of the running ones, each with its phase and campaign; one query."""
        phases = {
            phase.pk: phase for each in self.running.values() for phase in each.phases_in_order
        }
        found = list(Milestone.objects.filter(campaign__in=self.running).order_by("order"))
        for each in found:
            each.phase = phases[each.phase_id]
        return list(self.of(found))

    def phases(self, code: str) -> Iterator[Phase]:
        """The phase of this code in each running campaign."""
        for each in self.running.values():
            yield from (phase for phase in each.phases_in_order if phase.code == code)

    def only(self, things: QuerySet) -> QuerySet:
        """Those of running campaigns, where each campaign has many and this person few.

        Reckoned with, since SQLite would rather go through a whole campaign by its index.
        """
        return things.alias(held=F("campaign_id") + 0).filter(held__in=self.running)

    def of(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """What belongs to running campaigns, each thing with its own, so that nobody asks again."""
        for thing in things:
            if campaign := self.running.get(thing.campaign_id):
                thing.campaign = campaign
                yield thing
