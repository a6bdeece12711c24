"""What upper apps lend this one: plain functions, registered in `AppConfig.ready()`."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation

from campaign.models import Campaign, Obligation
from organization.models import Project

# A text, a lazy translation, or a function that makes one in the language that is active.
Words = str | Callable[[], str]


def words_in(language: str, words: Words) -> str:
    """A text as a reader of this language should see it."""
    with translation.override(language):
        return str(words() if callable(words) else words)


@dataclass(frozen=True)
class Due:
    """Something that people have to do by a day, whoever keeps it.

    `thing` names it once and for all ("obligation:12"); `people` are ids of the users who have
    to act; `title` is read in each reader's language (`words_in`).
    """

    thing: str
    campaign: Campaign
    due: date
    title: Words
    url: str
    people: Sequence[int]


@dataclass(frozen=True)
class SetupPart:
    """One thing that a campaign is set up with: how it stands in a few words, and where it is set.

    `order` is its place in the list, whichever app it comes from. `is_ready` is no rule: what
    has to be there before a start is READINESS_CHECKS' matter.
    """

    word: object
    summary: object
    url: str
    is_ready: bool
    order: int


# After projects were entered, inside the same transaction.
ON_PROJECTS_ENTERED: list[Callable[[Campaign, Sequence[Project], datetime], None]] = []
# Before projects leave, inside the same transaction: what an app keeps of them goes first.
ON_PROJECTS_LEAVE: list[Callable[[Campaign, Sequence[Project], datetime], None]] = []
# Ids of those of the projects that have done something in the campaign, or were inspected.
TRACES: list[Callable[[Campaign, Collection[Project]], Iterable[int]]] = []
# After the specialties that a project lacks were changed, inside the same transaction.
ON_LACKS_CHANGED: list[Callable[[Campaign, Project, datetime], None]] = []
# What is missing before a campaign may start, as sentences for its reader.
READINESS_CHECKS: list[Callable[[Campaign], Iterable[object]]] = []
# Everything open that is due one day, in a fixed number of queries per campaign.
DUE_SOURCES: list[Callable[[Campaign, datetime], Iterable[Due]]] = []
# Where an obligation is worked on when it is not on its own page; "" where it is.
OBLIGATION_PAGES: list[Callable[[Obligation], str]] = []
# What else a new campaign takes from the template (the parsed fixtures/plan.yaml).
TEMPLATE_PARTS: list[Callable[[Campaign, dict, datetime], None]] = []
# What else a campaign takes from an earlier one: (source, target, at).
CLONE_PARTS: list[Callable[[Campaign, Campaign, datetime], None]] = []
# What a campaign is set up with.
SETUP_PARTS: list[Callable[[Campaign], Iterable[SetupPart]]] = []


def what_is_missing(campaign: Campaign) -> list[object]:
    """Sentences that name what has to be there before the campaign starts; empty when ready."""
    return [sentence for check in READINESS_CHECKS for sentence in check(campaign)]


def setup_parts(campaign: Campaign) -> list[SetupPart]:
    """All that the campaign is set up with, from every app."""
    found = [part for source in SETUP_PARTS for part in source(campaign)]
    return sorted(found, key=lambda part: part.order)


def everything_due(campaign: Campaign, *, at: datetime) -> list[Due]:
    """All that is open in a campaign and has a day, from every app."""
    return [due for source in DUE_SOURCES for due in source(campaign, at)]


def page_of(obligation: Obligation) -> str:
    """The address where this obligation is worked on and reviewed."""
    pages = (page(obligation) for page in OBLIGATION_PAGES)
    return next(filter(None, pages), "") or obligation.get_absolute_url()
