"""Who has to be told of what: a row in the ledger for everything that holds and was not told.

Nothing here trusts a scheduler to run on time, or once. A round looks at what is true at a
moment and adds what the ledger lacks, so a round that was missed is caught up by the next one,
and a round that runs twice finds nothing to add.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import chain, islice

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language

from campaign.models import Campaign, Phase, Reminder
from campaign.models.reminders import Channel, Delivery, Rule
from campaign.registry import Line, Words, named, owed
from campaign.telling import one_line, spoken
from organization.clock import local_day
from organization.models import Post, User
from organization.roles import PROJECT_LEADERS, Role

SOON_DAYS = 3
BATCH = 500
COMPANY_AUDIENCE = (Role.EXECUTIVE, Role.MANAGEMENT_CENTER, Role.SPECIALTY_LEAD)

# Person, thing, rule and occurrence: what nobody is told twice on one channel.
Key = tuple[int, str, str, str]


@dataclass(frozen=True)
class Nudge:
    """Something that holds now, and whom it concerns.

    The day is the occurrence: what was moved to another day is reminded of again.
    """

    campaign: Campaign
    thing: str
    rule: Rule
    occurrence: date
    due: date
    title: Words
    url: str
    people: Iterable[int]

    def key(self, person: int) -> Key:
        return person, self.thing, str(self.rule), self.occurrence.isoformat()


def rule_for_due(due: date, today: date) -> Rule | None:
    """What has to be said today of something due on a day: only what holds now."""
    days = (due - today).days
    if days < 0:
        return Rule.OVERDUE
    if days == 0:
        return Rule.TODAY
    return Rule.SOON if days <= SOON_DAYS else None


def rule_for_phase(start: date, end: date, today: date) -> Rule | None:
    """What has to be said today of a phase.

    One that lasts at most four days begins when it ends soon: saying that it begins is enough.
    """
    if not start <= today <= end:
        return None
    left = (end - today).days
    if left == 0 and start < end:
        return Rule.PHASE_ENDS_TODAY
    is_long = (end - start).days > SOON_DAYS
    return Rule.PHASE_ENDS_SOON if is_long and left <= SOON_DAYS else Rule.PHASE_BEGINS


def plan_round(*, at: datetime) -> int:
    """Add to the ledger what holds at a moment in the running campaigns and is not there.

    Returns how many rows were found missing. Safe to run twice, at once, late or with a clock
    that was set back: the ledger's unique constraint decides.
    """
    wanted = (
        (nudge, person)
        for campaign in Campaign.objects.running()
        for nudge in nudges(campaign, at=at)
        for person in nudge.people
    )
    return sum(want(pairs, at=at) for pairs in batches(wanted))


def nudges(campaign: Campaign, *, at: datetime) -> Iterator[Nudge]:
    """All that people of a campaign should know of by now: things due, and phases."""
    return chain(due_nudges(campaign, at=at), phase_nudges(campaign, at=at))


def due_nudges(campaign: Campaign, *, at: datetime) -> Iterator[Nudge]:
    today = local_day(at)
    people: dict[tuple[str, date], list[int]] = {}
    for _source, rows in owed(campaign, at=at):
        for thing, due, person in rows.values_list("thing", "due", "person"):
            people.setdefault((thing, due), []).append(person)
    lines = in_each_language(campaign, {thing for thing, _due in people})
    for (thing, due), owing in people.items():
        rule = rule_for_due(due, today)
        if rule:
            url = lines[get_language()][thing].url
            title = partial(title_in, lines, thing)
            yield Nudge(campaign, thing, rule, due, due, title, url, dict.fromkeys(owing))


def in_each_language(campaign: Campaign, things: set[str]) -> dict[str, dict[str, Line]]:
    lines = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            lines[language] = named(campaign, things)
    return lines


def title_in(lines: dict[str, dict[str, Line]], thing: str) -> str:
    return lines[get_language()][thing].title


def phase_nudges(campaign: Campaign, *, at: datetime) -> Iterator[Nudge]:
    today = local_day(at)
    for phase in campaign.phases.on(today):
        rule = rule_for_phase(phase.start, phase.end, today)
        if rule:
            yield phase_nudge(campaign, phase, rule)


def phase_nudge(campaign: Campaign, phase: Phase, rule: Rule) -> Nudge:
    return Nudge(
        campaign=campaign,
        thing=f"phase:{phase.pk}",
        rule=rule,
        occurrence=phase.start if rule == Rule.PHASE_BEGINS else phase.end,
        due=phase.end,
        title=lambda: phase.name,
        url=reverse("timeline", args=[campaign.code]),
        people=phase_audience(campaign),
    )


def phase_audience(campaign: Campaign) -> Iterable[int]:
    """Who leads a part of the campaign: its projects, its specialties, the whole."""
    leads_here = Q(role__in=PROJECT_LEADERS, project__participations__campaign=campaign)
    posts = Post.objects.current().filter(leads_here | Q(role__in=COMPANY_AUDIENCE))
    return posts.order_by("user").values_list("user", flat=True).distinct()


def want(pairs: list[tuple[Nudge, int]], *, at: datetime) -> int:
    """Add the rows that these people lack; returns how many.

    A round with nothing new writes nothing. A row that was cancelled, because its thing was
    done before anybody was told, is wanted again when the thing is open again.
    """
    people = User.objects.filter(is_active=True).in_bulk({person for _, person in pairs})
    rows = [
        row(nudge, people[person], channel, at=at)
        for nudge, person in pairs
        if person in people
        for channel in channels_of(people[person])
    ]
    known = in_the_ledger(pairs)
    new = [each for each in rows if ledger_key(each) not in known]
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    old = [known[key] for key in map(ledger_key, rows) if key in known]
    cancelled = [each.pk for each in old if each.delivery == Delivery.CANCELLED]
    return len(new) + revive(cancelled, at=at)


def channels_of(person: User) -> list[Channel]:
    return [Channel.INBOX, Channel.MAIL] if person.email else [Channel.INBOX]


def row(nudge: Nudge, person: User, channel: Channel, *, at: datetime) -> Reminder:
    _, thing, rule, occurrence = nudge.key(person.pk)
    return Reminder(
        campaign=nudge.campaign,
        person=person,
        thing=thing,
        rule=rule,
        occurrence=occurrence,
        channel=channel,
        title=one_line(spoken(person, nudge.title)),
        url=nudge.url,
        due=nudge.due,
        wanted_at=at,
    )


def ledger_key(reminder: Reminder) -> tuple:
    return (*told_key(reminder), str(reminder.channel))


def told_key(reminder: Reminder) -> Key:
    return reminder.person_id, reminder.thing, str(reminder.rule), reminder.occurrence


def in_the_ledger(pairs: list[tuple[Nudge, int]]) -> dict[tuple, Reminder]:
    """What the ledger has of these things for these people."""
    rows = Reminder.objects.filter(
        person__in={person for _, person in pairs}, thing__in={nudge.thing for nudge, _ in pairs}
    ).only("person", "thing", "rule", "occurrence", "channel", "delivery")
    return {ledger_key(reminder): reminder for reminder in rows}


def revive(ids: list[int], *, at: datetime) -> int:
    if not ids:
        return 0
    return Reminder.objects.filter(pk__in=ids, delivery=Delivery.CANCELLED).update(
        delivery=Delivery.WANTED, wanted_at=at
    )


def batches(pairs: Iterable) -> Iterator[list]:
    pairs = iter(pairs)
    while batch := list(islice(pairs, BATCH)):
        yield batch
