"""What upper apps lend this one: plain functions, registered in `AppConfig.ready()`."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from campaign.feeds.entries import Entry
from campaign.models import Campaign, Obligation
from organization.models import Project, User

# A text, a lazy translation, or a function that makes one in the language that is active.
Words = str | Callable[[], str]


def words_in(language: str, words: Words) -> str:
    """A text as a reader of this language should see it."""
    with translation.override(language):
        return str(words() if callable(words) else words)


@dataclass(frozen=True)
class Line:
    """What a thing is called, in the language that is active, and where it is seen to."""

    title: str
    url: str


@dataclass(frozen=True)
class DueSource:
    """Things of one kind that people have to do by a day, known to the app that keeps them.

    `kind` is the first word of their names ("obligation" in "obligation:12"). `owed` yields
    querysets of rows as `campaign.owed.owed_rows` makes them: what is open, and who has to act,
    one row for each. `named` says what things are called; unknown ones are left out. Both take a
    fixed number of queries, whatever the number of things.
    """

    kind: str
    owed: Callable[[Campaign, datetime], Iterable[QuerySet]]
    named: Callable[[Campaign, Collection[str]], dict[str, Line]]


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


@dataclass(frozen=True)
class SealedKind:
    """Things of a campaign whose content is sealed whenever it is set (campaign.seals).

    `contents` yields what each says now: its key as text ("" where there is one of a kind) and
    its content as plain values, of all things or of the one that is asked for. The same function
    writes and checks, so that it has to read the database and nothing that is kept in the process.
    """

    word: object
    contents: Callable[[Campaign, str], Iterable[tuple[str, object]]]


@dataclass(frozen=True)
class Difference:
    """Something that is not what was sealed, or not what follows from it.

    `what` names the thing, `sentence` says what is wrong with it and is filled in with `figures`.
    """

    code: str
    what: Words
    sentence: object
    figures: Mapping[str, object] = field(default_factory=dict)

    def said(self, language: str) -> str:
        with translation.override(language):
            return f"{words_in(language, self.what)}{_('：')}{self.sentence % dict(self.figures)}"


# What is sealed whenever it is set, by its code, in the order in which it is checked.
SEALED_KINDS: dict[str, SealedKind] = {}
# What an app has besides those: sealed once where data is older than its seals, and checked.
SEAL_OLDER: list[Callable[[Campaign], None]] = []
EVIDENCE_CHECKS: list[Callable[[Campaign], Iterator[Difference]]] = []
# What an approved settlement's snapshot keeps of a campaign, as plain values: word -> (campaign).
# Dictionaries all the way down, so that a difference has a place; people by their ids.
SNAPSHOT_PARTS: dict[str, Callable[[Campaign], object]] = {}
# What is counted beforehand where a campaign has many projects (campaign.kept), by its name:
# (campaign, at) -> {part: figures as plain values}.
KEPT_COUNTS: dict[str, Callable[[Campaign, datetime], dict[str, object]]] = {}
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
# Everything that people have to do by a day.
DUE_SOURCES: list[DueSource] = []
# Where an obligation is worked on when it is not on its own page; "" where it is.
OBLIGATION_PAGES: list[Callable[[Obligation], str]] = []
# What else a new campaign takes from the template (the parsed fixtures/plan.yaml).
TEMPLATE_PARTS: list[Callable[[Campaign, dict, datetime], None]] = []
# What else a campaign takes from an earlier one: (source, target, at).
CLONE_PARTS: list[Callable[[Campaign, Campaign, datetime], None]] = []
# What else stands in a project's calendar, in a fixed number of queries: (campaign, project, at).
PROJECT_ENTRIES: list[Callable[[Campaign, Project, datetime], Iterable[Entry]]] = []
# What kinds of things are called: the first word of their names ("obligation" in "obligation:12").
THING_WORDS: dict[str, object] = {}
# Kinds of things of which the ledger tells only those who have this permission.
CLOSED_THINGS: dict[str, str] = {}
# Single things of which the ledger tells somebody nothing, by their names.
UNTOLD_THINGS: list[Callable[[User], Collection[str]]] = []
# What a campaign is set up with.
SETUP_PARTS: list[Callable[[Campaign], Iterable[SetupPart]]] = []


def what_is_missing(campaign: Campaign) -> list[object]:
    """Sentences that name what has to be there before the campaign starts; empty when ready."""
    return [sentence for check in READINESS_CHECKS for sentence in check(campaign)]


def setup_parts(campaign: Campaign) -> list[SetupPart]:
    """All that the campaign is set up with, from every app."""
    found = [part for source in SETUP_PARTS for part in source(campaign)]
    return sorted(found, key=lambda part: part.order)


def owed(
    campaign: Campaign, *, at: datetime, kinds: Collection[str] | None = None
) -> Iterator[list[QuerySet]]:
    """Rows of what is owed in a campaign at a moment, source by source; of some kinds or of all.

    Nothing is owed in a campaign that does not run.
    """
    if not campaign.started_at or campaign.closed_at:
        return
    for source in DUE_SOURCES:
        is_asked = kinds is None or source.kind in kinds
        if is_asked and (rows := list(source.owed(campaign, at))):
            yield rows


def named(campaign: Campaign, things: Iterable[str]) -> dict[str, Line]:
    """What these things of a campaign are called, in the language that is active."""
    of_kind: dict[str, set[str]] = {}
    for thing in things:
        of_kind.setdefault(kind_of(thing), set()).add(thing)
    found: dict[str, Line] = {}
    for source in DUE_SOURCES:
        if source.kind in of_kind:
            found |= source.named(campaign, of_kind[source.kind])
    return found


def kind_of(thing: str) -> str:
    return thing.partition(":")[0]


def page_of(obligation: Obligation) -> str:
    """The address where this obligation is worked on and reviewed."""
    pages = (page(obligation) for page in OBLIGATION_PAGES)
    return next(filter(None, pages), "") or obligation.get_absolute_url()
