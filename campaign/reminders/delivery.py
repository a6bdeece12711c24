"""Bringing what the ledger wants to people: claimed by one, checked once more, sent, recorded.

A delivery takes rows with one conditional update that writes its own id into them, so of two
deliveries at once each row belongs to one. The inbox is written in the same transaction. A mail
can't be: whoever dies between sending and recording leaves `sending` behind, which becomes
`unknown` and is not sent again, because nobody should be nudged twice.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from smtplib import (
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from uuid import uuid4

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F, Q, QuerySet

from campaign.models import Campaign, Message, Reminder
from campaign.models.reminders import Channel, Delivery, Rule
from campaign.reminders.letters import inbox_lines, letter
from campaign.reminders.planning import Key, batches, nudges, told_key

logger = logging.getLogger(__name__)

LOST_AFTER = timedelta(minutes=10)
RETRY_AFTER = timedelta(minutes=10)
MOST_ATTEMPTS = 5
NOT_RECORDED = "the delivery ended before it could record a result"


@dataclass
class Delivered:
    """What one round did: ids of ledger rows by result, and whether mail could leave at all."""

    sent: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    unknown: int = 0
    cancelled: int = 0
    mails: int = 0
    unreachable: str = ""


def deliver_round(*, at: datetime) -> Delivered:
    """Deliver what the ledger wants at a moment; safe to run twice, at once, or late."""
    done = Delivered(unknown=give_up_on_lost(at=at), cancelled=cancel_what_is_over(at=at))
    fill_inboxes(done, at=at)
    send_mails(done, at=at)
    return done


def give_up_on_lost(*, at: datetime) -> int:
    """Rows whose delivery died before it recorded: nobody knows whether they arrived."""
    lost = Reminder.objects.filter(delivery=Delivery.SENDING, claimed_at__lt=at - LOST_AFTER)
    return lost.update(delivery=Delivery.UNKNOWN, error=NOT_RECORDED)


def cancel_what_is_over(*, at: datetime) -> int:
    """Take back what does not hold any more: done meanwhile, moved, or said more sharply now.

    Notices of events always hold. Nobody tells people who have left.
    """
    nudged = Reminder.objects.wanted().exclude(rule=Rule.EVENT)
    holding = what_holds(nudged, at=at)
    rows = nudged.only("person", "thing", "rule", "occurrence")
    over = [row.pk for row in rows.iterator() if told_key(row) not in holding]
    has_left = Reminder.objects.wanted().filter(person__is_active=False)
    cancelled = has_left.update(delivery=Delivery.CANCELLED)
    for ids in batches(over):
        wanted = Reminder.objects.wanted().filter(pk__in=ids)
        cancelled += wanted.update(delivery=Delivery.CANCELLED)
    return cancelled


def what_holds(rows: QuerySet, *, at: datetime) -> set[Key]:
    """What people of the rows' campaigns have to be told at this moment."""
    campaigns = Campaign.objects.running().filter(pk__in=rows.order_by().values("campaign"))
    return {
        nudge.key(person)
        for campaign in campaigns
        for nudge in nudges(campaign, at=at)
        for person in nudge.people
    }


def claim(rows: QuerySet, *, at: datetime) -> list[Reminder]:
    """Take those of the rows that nobody else has taken; in the person's order."""
    mine = uuid4()
    taken = rows.wanted().update(
        delivery=Delivery.SENDING, claim=mine, claimed_at=at, attempts=F("attempts") + 1
    )
    if not taken:
        return []
    claimed = Reminder.objects.filter(claim=mine, delivery=Delivery.SENDING)
    return list(claimed.select_related("person", "campaign").order_by("person", "pk"))


# --- the inbox ---------------------------------------------------------------------------


def fill_inboxes(done: Delivered, *, at: datetime) -> None:
    wanted = Reminder.objects.wanted().filter(channel=Channel.INBOX)
    ids = list(wanted.order_by("person", "pk").values_list("pk", flat=True))
    for some in batches(ids):
        done.sent += fill(Reminder.objects.filter(pk__in=some), at=at)


@transaction.atomic
def fill(rows: QuerySet, *, at: datetime) -> list[int]:
    """Claim, message and record together: a crash leaves all of it undone."""
    taken = claim(rows, at=at)
    Message.objects.bulk_create(
        message
        for person, mine in groupby(taken, key=lambda row: row.person)
        for message in inbox_lines(person, list(mine), at=at)
    )
    settle(taken, Delivery.SENT, at=at)
    return [row.pk for row in taken]


# --- mail --------------------------------------------------------------------------------


def mail_to_send(*, at: datetime) -> QuerySet:
    """Wanted mail, but what was refused for the moment only after a while."""
    rested = Q(claimed_at=None) | Q(claimed_at__lte=at - RETRY_AFTER)
    return Reminder.objects.wanted().filter(rested, channel=Channel.MAIL)


def send_mails(done: Delivered, *, at: datetime) -> None:
    """One mail for each person who has any; nothing is claimed while the server is away."""
    waiting = mail_to_send(at=at).order_by("person").values_list("person", flat=True).distinct()
    connection = get_connection()
    for person in list(waiting):
        done.unreachable = why_unreachable(connection)
        if done.unreachable:
            logger.warning("the mail server cannot be reached: %s", done.unreachable)
            break
        taken = claim(mail_to_send(at=at).filter(person=person), at=at)
        if taken:
            send_mail(taken, connection, done, at=at)
    hang_up(connection)


def why_unreachable(connection) -> str:
    """Connects unless connected; empty when mail can leave."""
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        return describe(error)
    return ""


def hang_up(connection) -> None:
    with suppress(OSError, SMTPException):
        connection.close()


def send_mail(rows: list[Reminder], connection, done: Delivered, *, at: datetime) -> None:
    ids = [row.pk for row in rows]
    try:
        letter(rows[0].person, rows, connection).send()
    except (OSError, SMTPException, ValueError) as error:
        result = result_of(error, rows)
        hang_up(connection)
        settle(rows, result, at=at, error=describe(error))
        logger.warning("mail for %s: %s (%s)", rows[0].person.username, result, describe(error))
    else:
        result = Delivery.SENT
        settle(rows, result, at=at)
    count(result, ids, done)


def count(result: Delivery, ids: list[int], done: Delivered) -> None:
    if result == Delivery.SENT:
        done.sent += ids
        done.mails += 1
    elif result == Delivery.FAILED:
        done.failed += ids
    elif result == Delivery.WANTED:
        done.again += ids
    else:
        done.unknown += len(ids)


def result_of(error: Exception, rows: list[Reminder]) -> Delivery:
    """A refusal for good, one for now, or nobody knows: then the mail may have arrived."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, SMTPResponseException):
        codes = [error.smtp_code]
    elif isinstance(error, ValueError | SMTPNotSupportedError):
        return Delivery.FAILED  # an address or text that can't be: nothing was sent
    else:
        return Delivery.UNKNOWN
    for_now = all(400 <= code < 500 for code in codes)
    tired = max(row.attempts for row in rows) >= MOST_ATTEMPTS
    return Delivery.WANTED if for_now and not tired else Delivery.FAILED


def settle(rows: Iterable[Reminder], result: Delivery, *, at: datetime, error: str = "") -> None:
    """Record a result on rows that this delivery claimed.

    Also on those that were given up as lost meanwhile: whoever sent knows better.
    """
    claims = {row.claim for row in rows}
    unsettled = [Delivery.SENDING, Delivery.UNKNOWN]
    Reminder.objects.filter(claim__in=claims, delivery__in=unsettled).update(
        delivery=result, error=error, sent_at=at if result == Delivery.SENT else None
    )


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
