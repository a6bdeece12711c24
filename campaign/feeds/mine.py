"""A person's own calendar: all that they have to do in any running campaign, and its phases."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain, groupby

from django.db.models import QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.feeds.entries import Entry, phase_entries
from campaign.models import Campaign
from campaign.registry import Line, kind_of, named, owed
from campaign.told import word_of
from organization.clock import local_day
from organization.models import User

# More of a kind on one day than this are one event: nobody reads forty.
SEVERAL = 5


def my_entries(person: User, *, at: datetime) -> Iterator[Entry]:
    """In a fixed number of queries for each campaign and kind of thing."""
    running = Campaign.objects.running().visible_to(person)
    for campaign in running.prefetch_related("phases"):
        yield from phase_entries(campaign)
        yield from deadlines(campaign, person, at=at)


def deadlines(campaign: Campaign, person: User, *, at: datetime) -> Iterator[Entry]:
    days = mine(campaign, person, at=at)
    groups = [list(same) for _key, same in groupby(sorted(days, key=key_in(days)), key_in(days))]
    lines = named(campaign, (thing for some in groups if len(some) <= SEVERAL for thing in some))
    for some in groups:
        due = days[some[0]]
        if len(some) > SEVERAL:
            yield gathered(campaign, some, due, at=at)
        else:
            yield from (single(each, due, lines[each], at=at) for each in some if each in lines)


def mine(campaign: Campaign, person: User, *, at: datetime) -> dict[str, date]:
    """What the person has to do, and by when."""
    return {
        thing: due
        for rows in chain.from_iterable(owed(campaign, at=at))
        if may_concern(rows, person)
        for thing, due in rows.filter(person=person.pk).values_list("thing", "due")
    }


def may_concern(rows: QuerySet, person: User) -> bool:
    """Rows of one person say of whom, and need not be asked for anybody else."""
    whom = rows.query.annotations.get("person")
    return not isinstance(whom, Value) or whom.value == person.pk


def key_in(days: dict[str, date]):
    return lambda thing: (days[thing], kind_of(thing))


def single(thing: str, due: date, line: Line, *, at: datetime) -> Entry:
    return Entry(
        thing=thing,
        title=line.title,
        url=line.url,
        start=due,
        end=due,
        about=word_of(thing),
        note=note_of_day(due, at=at),
    )


def gathered(campaign: Campaign, things: Iterable[str], due: date, *, at: datetime) -> Entry:
    """Many of a kind on one day; its name stays the same however many there are."""
    things = list(things)
    words = ngettext("%(count)d 项%(kind)s到期", "%(count)d 项%(kind)s到期", len(things))
    kind = kind_of(things[0])
    return Entry(
        thing=f"{kind}:{campaign.pk}:{due.isoformat()}",
        title=words % {"count": len(things), "kind": word_of(things[0])},
        url=reverse("home"),
        start=due,
        end=due,
        about=word_of(things[0]),
        note=note_of_day(due, at=at),
    )


def note_of_day(due: date, *, at: datetime) -> str:
    return _("已逾期") if due < local_day(at) else ""
