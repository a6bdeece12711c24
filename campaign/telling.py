"""Telling people at once what happened to their things: in the inbox now, by mail soon."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from django.conf import settings
from django.db import transaction

from campaign.models import Campaign, Message, Reminder
from campaign.models.reminders import NOTICE, Channel, Delivery
from campaign.registry import Words, words_in
from organization.models import User

TITLE_LENGTH = 200
BATCH = 1000  # people who are written to together: a whole company's messages are a gigabyte


@dataclass(frozen=True)
class News:
    """What happened once, and whom it concerns; texts are written in each person's language.

    `people` are gone through once. `thing` and `occurrence` name it ("obligation:12",
    "returned 3"): nobody is told twice.
    What is `urgent` moves money or starts a clock: no quiet hours and nobody's choice of
    channels keep it back, and where its mail may not have arrived it is sent once more.
    """

    people: Iterable[User]
    campaign: Campaign
    thing: str
    occurrence: str
    title: Words
    url: str
    body: Words = ""
    urgent: bool = False


def tell(
    *,
    people: Iterable[User],
    campaign: Campaign,
    thing: str,
    occurrence: str,
    title: Words,
    body: Words = "",
    url: str,
    urgent: bool = False,
    at: datetime,
) -> list[User]:
    """Put a message into each person's inbox and a mail into the ledger, to be sent later.

    Returns who was told now; those who had been told of this occurrence are left out.
    """
    news = News(list(people), campaign, thing, occurrence, title, url, body, urgent)
    return [person for _news, person in tell_each([news], at=at)]


@transaction.atomic
def tell_each(news: Iterable[News], *, at: datetime) -> list[tuple[News, User]]:
    """The same for many things at once, in as many queries as for one; who was told what."""
    return list(chain.from_iterable(told_by_batch(news, at=at)))


@transaction.atomic
def tell_many(news: Iterable[News], *, at: datetime) -> int:
    """The same where nobody asks who it was: news made one by one are not kept, so that memory
    does not grow with them. How many were told.
    """
    return sum(map(len, told_by_batch(news, at=at)))


def told_by_batch(news: Iterable[News], *, at: datetime) -> Iterator[list[tuple[News, User]]]:
    """Write to so many people at once, and give who of them was told what."""
    pairs = ((each, person) for each in news for person in each.people if person.is_active)
    while batch := list(islice(pairs, BATCH)):
        told = already_told(batch)
        new = [
            (each, person)
            for each, person in batch
            if (each.thing, each.occurrence, person.pk) not in told
        ]
        put_down(new, at=at)
        yield new


def put_down(new: Sequence[tuple[News, User]], *, at: datetime) -> None:
    words: dict[tuple[int, str], dict[str, str]] = {}  # the same news, read by many
    for each, person in new:
        if (key := (id(each), language_of(person))) not in words:
            words[key] = texts(each, person)
    said = [words[id(each), language_of(person)] for each, person in new]
    Reminder.objects.bulk_create(
        Reminder(
            campaign=each.campaign,
            person=person,
            thing=each.thing,
            rule=NOTICE,
            occurrence=each.occurrence,
            urgent=each.urgent,
            wanted_at=at,
            **own,
            **way,
        )
        for (each, person), own in zip(new, said, strict=True)
        for way in ways_to(person, at)
    )
    Message.objects.bulk_create(
        Message(person=person, campaign=each.campaign, sent_at=at, **own)
        for (each, person), own in zip(new, said, strict=True)
    )


def already_told(batch: Sequence[tuple[News, User]]) -> set[tuple[str, str, int]]:
    found = Reminder.objects.filter(
        thing__in={each.thing for each, _person in batch},
        occurrence__in={each.occurrence for each, _person in batch},
        person__in={person.pk for _each, person in batch},
        rule=NOTICE,
        channel=Channel.INBOX,
    )
    return set(found.values_list("thing", "occurrence", "person_id"))


def texts(news: News, person: User) -> dict[str, str]:
    return {
        "title": one_line(spoken(person, news.title)),
        "body": spoken(person, news.body),
        "url": news.url,
    }


def ways_to(person: User, at: datetime) -> list[dict]:
    """The inbox is reached at once; a mail only who has an address."""
    inbox = {"channel": Channel.INBOX, "delivery": Delivery.SENT, "sent_at": at}
    mail = {"channel": Channel.MAIL, "delivery": Delivery.WANTED}
    return [inbox, mail] if person.email else [inbox]


def spoken(person: User, words: Words) -> str:
    return words_in(language_of(person), words)


def language_of(person: User) -> str:
    return person.language or settings.LANGUAGE_CODE


def one_line(text: str) -> str:
    """What people typed on several lines, as a title or subject may have it."""
    return " ".join(text.split())[:TITLE_LENGTH]
