"""What upper apps lend this one: plain functions, registered in `AppConfig.ready()`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation

from campaign.models import Campaign
from organization.models import Project


@dataclass(frozen=True)
class Due:
    """Something that people have to do by a day, whoever keeps it.

    `thing` names it once and for all ("obligation:12"). `title` speaks the language that is
    active when it is read: a lazy translation, or `lazystr(function)` from
    django.utils.functional. `people` are ids of the users who have to act.
    """

    thing: str
    campaign: Campaign
    due: date
    title: object
    url: str
    people: Sequence[int]

    def title_in(self, language: str) -> str:
        with translation.override(language):
            return str(self.title)


# After projects were entered, inside the same transaction.
ON_PROJECTS_ENTERED: list[Callable[[Campaign, Sequence[Project], datetime], None]] = []
# What is missing before a campaign may start, as sentences for its reader.
READINESS_CHECKS: list[Callable[[Campaign], Iterable[object]]] = []
# Everything open that is due one day, in a fixed number of queries per campaign.
DUE_SOURCES: list[Callable[[Campaign, datetime], Iterable[Due]]] = []
# What else a new campaign takes from the template (the parsed fixtures/plan.yaml).
TEMPLATE_PARTS: list[Callable[[Campaign, dict, datetime], None]] = []


def what_is_missing(campaign: Campaign) -> list[object]:
    """Sentences that name what has to be there before the campaign starts; empty when ready."""
    return [sentence for check in READINESS_CHECKS for sentence in check(campaign)]


def everything_due(campaign: Campaign, *, at: datetime) -> list[Due]:
    """All that is open in a campaign and has a day, from every app."""
    return [due for source in DUE_SOURCES for due in source(campaign, at)]
