"""The inbox: one message for what a person is told in a digest, each line a link.

Written in the transaction that records it: a crash leaves all of it undone.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from campaign.models import Letter, Message, Reminder
from campaign.models.reminders import Channel, Delivery
from campaign.reminders.claims import ready, take
from campaign.reminders.envelopes import Envelope, envelopes, still_wanted
from campaign.reminders.letters import details, in_numbers
from campaign.telling import one_line
from organization.bulk import update

ATTEMPTS = 3


def inbox_rows():
    return Reminder.objects.filter(channel=Channel.INBOX)


def fill(people: Sequence[int], *, at: datetime) -> tuple[list[int], int]:
    """Put what these people are to be told into their inboxes.

    Returns the ids of the rows that arrived, and how many were cancelled. Another delivery that
    writes somebody's digest at the same moment is waited for, and then respected.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return fill_once(people, at=at)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("not reached")


@transaction.atomic
def fill_once(people: Sequence[int], *, at: datetime) -> tuple[list[int], int]:
    claim = take(ready(inbox_rows(), at=at).filter(person__in=people), at=at)
    if claim is None:
        return [], 0
    rows, cancelled = still_wanted(claim, choice="", at=at)
    made = envelopes(rows, "person", at=at)
    for each in made:
        each.letter.begun_at = each.letter.sent_at = at
    Letter.objects.bulk_create(each.letter for each in made)
    Message.objects.bulk_create(message(each, at=at) for each in made)
    record(made, at=at)
    return [row.pk for each in made for row in each.rows], cancelled


def message(envelope: Envelope, *, at: datetime) -> Message:
    """A line that stands alone leads to its thing, several are counted and listed below."""
    rows, letter = envelope.rows, envelope.letter
    known = {"person": letter.person, "campaign": rows[0].campaign, "letter": letter, "sent_at": at}
    with translation.override(envelope.language):
        if len(rows) == 1:
            (row,) = rows
            return Message(title=letter.subject, body=details(row), url=row.url, **known)
        return Message(title=one_line(in_numbers(rows)), url=reverse("home"), **known)


def record(made: Sequence[Envelope], *, at: datetime) -> None:
    """The rows are this transaction's own since it took them."""
    rows = [row for each in made for row in each.rows]
    for each in made:
        for row in each.rows:
            row.delivery, row.letter = Delivery.SENT, each.letter
            row.begun_at = row.sent_at = at
            row.attempts += 1
    update(Reminder, ["delivery", "letter", "begun_at", "sent_at", "attempts"], rows)
