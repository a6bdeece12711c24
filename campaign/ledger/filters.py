"""What stands in the ledger's address, and what each part of it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, Reminder, Robot
from campaign.models.reminder_rules import RuleKind
from campaign.models.reminders import NOTICE, Channel, Delivery
from campaign.registry import CLOSED_THINGS, THING_WORDS, UNTOLD_THINGS
from organization.clock import local_day, start_of
from organization.models import User

MOST_LETTERS = 60
FEW = 500
# Not told, as far as anybody knows: what somebody has to look at.
TROUBLE = "trouble"
NOT_ARRIVED = (Delivery.FAILED, Delivery.UNKNOWN)
# as the index has it (Reminder.Meta)
DID_NOT_ARRIVE = Q(delivery=Delivery.FAILED) | Q(delivery=Delivery.UNKNOWN)
RESULTS = [(TROUBLE, _("没有送到或不明")), *Delivery.choices]
ROBOTS = "robot"
CHANNELS = [*Channel.choices, (ROBOTS, _("群机器人"))]
RULES = [*RuleKind.choices, (NOTICE, _("事项通知"))]
DAYS = [(1, _("今天")), (3, _("近 3 天")), (7, _("近 7 天")), (30, _("近 30 天"))]
NARROWING = ("campaign", "person", "channel", "rule", "result", "kind", "thing", "days", "since",
             "until")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """The filters as they were asked for; what makes no sense is as if it were not there."""

    campaign: str = ""
    person: str = ""
    channel: str = ""
    rule: str = ""
    result: str = ""
    kind: str = ""
    thing: str = ""
    days: int = 0
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        def said(name: str) -> str:
            return query.get(name, "").strip()[:MOST_LETTERS]

        def one_of(name: str, known) -> str:
            return said(name) if said(name) in known else ""

        days = {str(number): number for number, _word in DAYS}
        return cls(
            **{name: said(name) for name in ("campaign", "person", "thing")},
            channel=said("channel") if is_channel(said("channel")) else "",
            rule=one_of("rule", dict(RULES)),
            result=one_of("result", dict(RESULTS)),
            kind=one_of("kind", THING_WORDS),
            days=days.get(said("days"), 0),
            since=day_of(said("since")),
            until=day_of(said("until")),
        )


def is_channel(text: str) -> bool:
    """One of those to choose from, or a single robot's ("robot-12")."""
    _robot, dash, number = text.partition("-")
    return text in dict(CHANNELS) or bool(dash and text.startswith(ROBOTS) and number.isdecimal())


def day_of(text: str) -> date | None:
    """A day that has one before it and one after it, in whatever zone."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min.year < day.year < date.max.year else None


def closed_kinds(user: User) -> tuple[str, ...]:
    """Of which kinds of things this reader may not see what others were told."""
    return tuple(kind for kind, perm in CLOSED_THINGS.items() if not user.has_perm(perm))


def untold_things(user: User) -> tuple[str, ...]:
    """Of which single things this reader may not see what others were told."""
    return tuple(name for names in UNTOLD_THINGS for name in names(user))


def open_to(
    rows: QuerySet[Reminder], kinds: tuple[str, ...], things: tuple[str, ...]
) -> QuerySet[Reminder]:
    """Without what is about these."""
    rows = rows.exclude(about(kinds)) if kinds else rows
    return rows.exclude(thing__in=things) if things else rows


def about(kinds: tuple[str, ...]) -> Q:
    found = Q()
    for kind in kinds:
        found |= Q(thing__startswith=f"{kind}:")
    return found


class Narrowing:
    """The ledger's rows without those that the filters leave out or that the reader may not see."""

    results, channels, rules, days = RESULTS, CHANNELS, RULES, DAYS

    def __init__(self, asked: Asked, at: datetime, *, reader: User):
        self.asked, self.at, self.reader = asked, at, reader

    @cached_property
    def campaigns(self) -> list[Campaign]:
        return list(Campaign.objects.all())

    @cached_property
    def campaign(self) -> Campaign | None:
        return next((each for each in self.campaigns if each.code == self.asked.campaign), None)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(kind, str(word)) for kind, word in THING_WORDS.items()]

    @cached_property
    def robot(self) -> Robot | None:
        """The one robot that was asked for."""
        number = self.asked.channel.partition("-")[2]
        return Robot.objects.filter(pk=number).first() if number else None

    @cached_property
    def rows(self) -> QuerySet[Reminder]:
        found = Q()
        for part in self.parts():
            found &= part
        rows = Reminder.objects.filter(found)
        return open_to(rows, closed_kinds(self.reader), untold_things(self.reader))

    def parts(self):
        asked = self.asked
        if self.campaign:
            yield Q(campaign=self.campaign)
        if asked.person:
            yield Q(person__in=people_called(asked.person))
        if asked.channel:
            yield of_channel(asked.channel)
        if asked.rule:
            yield of_rule(asked.rule)
        if asked.result:
            yield DID_NOT_ARRIVE if asked.result == TROUBLE else Q(delivery=asked.result)
        if asked.kind:
            yield Q(thing__startswith=f"{asked.kind}:")
        if asked.thing:
            yield Q(thing=asked.thing)
        yield from self.between()

    def between(self):
        """By the day on which it was to be said."""
        since = self.asked.since
        if self.asked.days:
            recent = local_day(self.at) - timedelta(days=self.asked.days - 1)
            since = max(since, recent) if since else recent
        if since:
            yield Q(wanted_at__gte=start_of(since))
        if self.asked.until:
            yield Q(wanted_at__lt=start_of(self.asked.until + timedelta(days=1)))


def of_channel(channel: str) -> Q:
    return Q(robot__isnull=False) if channel == ROBOTS else Q(channel=channel)


def of_rule(rule: str) -> Q:
    return Q(rule=NOTICE) if rule == NOTICE else Q(rule__startswith=f"{rule}-")


def people_called(text: str) -> QuerySet[User] | list[int]:
    """Whose name or user name has this in it.

    Few are looked up first: the database then goes by their ids, not through the whole ledger.
    """
    people = User.objects.filter(Q(name__icontains=text) | Q(username__icontains=text))
    ids = list(people.order_by().values_list("pk", flat=True)[: FEW + 1])
    return ids if len(ids) <= FEW else people
