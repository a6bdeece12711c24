"""What a campaign owes at a moment, as tests look at it: by thing, with its people and words."""

from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from django.utils import translation

from campaign.models import Campaign
from campaign.registry import Line, named, owed


@dataclass
class Owed:
    campaign: Campaign
    thing: str
    due: date
    people: set[int] = field(default_factory=set)
    projects: set[int | None] = field(default_factory=set)

    def line(self, language="zh-hans") -> Line:
        with translation.override(language):
            return named(self.campaign, [self.thing])[self.thing]

    @property
    def title(self) -> str:
        return self.line().title

    @property
    def url(self) -> str:
        return self.line().url


def owed_in(campaign, at, *kinds) -> dict[str, Owed]:
    """By thing; of some kinds, or of all."""
    found: dict[str, Owed] = {}
    for rows in chain.from_iterable(owed(campaign, at=at, kinds=kinds or None)):
        for thing, due, person, project in rows.values_list("thing", "due", "person", "project"):
            one = found.setdefault(thing, Owed(campaign, thing, due))
            assert one.due == due
            one.people.add(person)
            one.projects.add(project)
    return found
