"""Telling people at once what happened to their things: in the inbox now, by mail soon."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from campaign.models import Campaign, Message, Reminder
from campaign.models.reminders import Channel, Delivery, Rule
from campaign.registry import Words, words_in
from organization.models import User

TITLE_LENGTH = 200


@transaction.atomic
def tell(
    *,
    people: Iterable[User],
    campaign: Campaign,
    thing: str,
    occurrence: str,
    title: Words,
    body: Words = "",
    url: str,
    at: datetime,
) -> list[User]:
    """Put a message into each person's inbox and a mail into the ledger, to be sent later.

    `thing` and `occurrence` name what happened once ("obligation:12", "returned 3"): nobody is
    told twice. Texts are written in each person's language. Returns who was told now.
    """
    told = set(
        Reminder.objects.filter(
            thing=thing, rule=Rule.EVENT, occurrence=occurrence, channel=Channel.INBOX
        ).values_list("person_id", flat=True)
    )
    new = [person for person in people if person.is_active and person.pk not in told]
    Reminder.objects.bulk_create(
        Reminder(
            campaign=campaign,
            person=person,
            thing=thing,
            rule=Rule.EVENT,
            occurrence=occurrence,
            title=one_line(spoken(person, title)),
            body=spoken(person, body),
            url=url,
            wanted_at=at,
            **way,
        )
        for person in new
        for way in ways_to(person, at)
    )
    Message.objects.bulk_create(
        Message(
            person=person,
            campaign=campaign,
            title=one_line(spoken(person, title)),
            body=spoken(person, body),
            url=url,
            sent_at=at,
        )
        for person in new
    )
    return new


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
