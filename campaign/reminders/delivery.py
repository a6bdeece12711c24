"""Bringing what the ledger wants to people: claimed by one, checked once more, sent, recorded.

A letter that leaves is recorded before and after. Whoever dies in between leaves `sending`
behind, which becomes `unknown` and is not sent again, but for one repeat of an urgent notice.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from campaign.models import Campaign, Letter, Reminder
from campaign.models.reminders import Channel, Delivery
from campaign.reminders.claims import (
    NotMine,
    begin,
    held,
    let_go,
    put_off,
    ready,
    release_stale,
    settle,
    take,
)
from campaign.reminders.envelopes import Envelope, envelopes, still_wanted
from campaign.reminders.inbox import fill, inbox_rows
from campaign.reminders.lost import give_up_on_lost, repeat_urgent
from campaign.reminders.mail import MailSender, describe
from campaign.reminders.rules import after_quiet
from campaign.reminders.senders import Outcome, Result, Sender
from campaign.reminders.terms import terms_of_each
from campaign.robots.sender import RobotSender

logger = logging.getLogger(__name__)

BATCH = 250
RETRY_AFTER = timedelta(minutes=10)
MOST_ATTEMPTS = 5
# The ways out of the house; each makes a sender for one round.
SENDERS: dict[str, Callable[[], Sender]] = {"mail": MailSender, "robot": RobotSender}


@dataclass
class Delivered:
    """What one round did: ids of ledger rows by result, and what stood in its way.

    `unreachable` is why a channel could not be used at all, `troubles` are faults of our own.
    """

    sent: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    unknown: int = 0
    cancelled: int = 0
    mails: int = 0
    unreachable: str = ""
    troubles: list[str] = field(default_factory=list)
    is_unfinished: bool = False

    @property
    def figures(self) -> dict[str, int]:
        lists = {"sent": self.sent, "failed": self.failed, "again": self.again}
        counts = {"unknown": self.unknown, "cancelled": self.cancelled, "mails": self.mails}
        return {name: len(ids) for name, ids in lists.items()} | counts


@dataclass
class Shift:
    """How long a delivery works, and what time it is meanwhile.

    The time moves by whole minutes: what it stamps is told from what is lost in tens of them.
    """

    began_at: datetime
    seconds: float | None = None
    began: float = field(default_factory=monotonic)

    @property
    def at(self) -> datetime:
        return self.began_at + timedelta(minutes=(monotonic() - self.began) // 60)

    @property
    def is_over(self) -> bool:
        return self.seconds is not None and monotonic() - self.began > self.seconds


def deliver_round(*, at: datetime, seconds: float | None = None) -> Delivered:
    """Deliver what the ledger wants at a moment; safe to run twice, at once, or late.

    With `seconds` it stops about then, between two letters, and says whether it is unfinished.
    """
    shift = Shift(at, seconds)
    done = Delivered(unknown=give_up_on_lost(at=at))
    release_stale(at=at)
    repeat_urgent(at=at)
    fill_inboxes(done, shift)
    for make_sender in SENDERS.values():
        with closing(make_sender()) as sender:
            send_all(sender, done, shift)
    repeat_urgent(at=at)
    return done


def fill_inboxes(done: Delivered, shift: Shift) -> None:
    def work(people: list[int]) -> None:
        arrived, cancelled = fill(people, at=shift.at)
        done.sent += arrived
        done.cancelled += cancelled

    for people in batches(inbox_rows(), "person", done, shift):
        carefully(work, people, done)


def carefully(work: Callable[[list[int]], None], some: list[int], done: Delivered) -> None:
    """When something of one of them breaks the work, the others are served without them."""
    try:
        work(some)
    except Exception as error:
        if len(some) > 1:
            for one in some:
                carefully(work, [one], done)
        else:
            logger.exception("nothing can be said to %s", some)
            done.troubles.append(describe(error))


def batches(rows: QuerySet, addressee: str, done: Delivered, shift: Shift) -> Iterator[list[int]]:
    """Addressees for whom something is ready, some at a time, each once a round."""
    last = 0
    while True:
        waiting = ready(rows, at=shift.at).filter(**{f"{addressee}__gt": last})
        ids = waiting.order_by(addressee).values_list(addressee, flat=True).distinct()
        some = list(ids[:BATCH])
        if not some:
            return
        if shift.is_over:
            done.is_unfinished = True
            return
        yield some
        last = some[-1]


def send_all(sender: Sender, done: Delivered, shift: Shift) -> None:
    """All letters of one channel; nothing is held while its other side is away."""
    rows = aloud(sender.mine(Reminder.objects.all()), at=shift.at)

    def work(some: list[int]) -> None:
        mine = ready(rows, at=shift.at).filter(**{f"{sender.addressee}__in": some})
        claim = take(mine, at=shift.at)
        if claim:
            try:
                send_batch(claim, sender, done, shift)
            finally:
                let_go(held(claim))

    for some in batches(rows, sender.addressee, done, shift):
        if is_away(sender, done):
            return
        carefully(work, some, done)


def aloud(rows: QuerySet, *, at: datetime) -> QuerySet:
    """What may be said outside the house now: in quiet hours only what is urgent.

    Asked here although planning looks at the hours too: a delivery may be late, and an inbox
    makes no noise.
    """
    terms = terms_of_each(Campaign.objects.all())
    quiet = [campaign for campaign, each in terms.items() if after_quiet(each, at) > at]
    return rows.filter(Q(urgent=True) | ~Q(campaign__in=quiet)) if quiet else rows


def is_away(sender: Sender, done: Delivered) -> bool:
    reason = sender.why_not()
    if reason:
        logger.warning("nothing can be sent now: %s", reason)
        done.unreachable = reason
    return bool(reason)


def send_batch(claim: UUID, sender: Sender, done: Delivered, shift: Shift) -> None:
    wanted, cancelled = still_wanted(claim, choice=sender.choice, at=shift.at)
    done.cancelled += cancelled
    post = Post(sender, claim, done)
    try:
        for envelope in envelopes(wanted, sender.addressee, at=shift.at):
            if shift.is_over or is_away(sender, done):
                break
            post.send(envelope, at=shift.at)
    finally:
        post.settle_last()
    # what came of each stands in its rows already; this is for who looks at letters alone
    Letter.objects.filter(pk__in=post.sent).update(sent_at=shift.at)


@dataclass
class Post:
    """Letters on their way out, one after the other.

    That one was sent is recorded before the next one leaves, in the transaction that records
    that it does: half the transactions, and none is ever two behind.
    """

    sender: Sender
    claim: UUID
    done: Delivered
    sent: list[int] = field(default_factory=list)
    unsettled: tuple[Letter, datetime] | None = None

    def send(self, envelope: Envelope, *, at: datetime) -> None:
        """Unless it has to wait, or another delivery was faster."""
        try:
            with transaction.atomic():
                self.settle_last()
                leaves = may_leave(envelope, self.claim, self.sender, at=at)
        except NotMine:
            return
        self.unsettled = None
        if leaves:
            self.hand_over(envelope, at=at)

    def hand_over(self, envelope: Envelope, *, at: datetime) -> None:
        letter = envelope.letter
        try:
            result = self.sender.send(letter, envelope.rows, envelope.language)
        except Exception as error:
            logger.exception("letter %s", letter.pk)
            result = Result(Outcome.UNKNOWN, describe(error))
        if result.outcome == Outcome.SENT:
            self.unsettled = (letter, at)
            self.sent.append(letter.pk)
        record(envelope, result, self.done, at=at)

    def settle_last(self) -> None:
        """Record that the letter before was sent; undone, and done later, with its transaction."""
        if self.unsettled:
            letter, at = self.unsettled
            settle(letter, Delivery.SENT, at=at)


def may_leave(envelope: Envelope, claim: UUID, sender: Sender, *, at: datetime) -> bool:
    """Records that the letter leaves; else its rows wait as long as the sender says."""
    until = sender.not_before(envelope.letter, envelope.rows, at=at)
    if until:
        let_go(held(claim).filter(pk__in=[row.pk for row in envelope.rows]), not_before=until)
        return False
    begin(envelope.letter, envelope.rows, claim, at=at)
    return True


def record(envelope: Envelope, result: Result, done: Delivered, *, at: datetime) -> None:
    """What came of a letter; that it was sent is recorded with the next one's leaving."""
    letter, ids = envelope.letter, [row.pk for row in envelope.rows]
    tired = max(row.attempts for row in envelope.rows) + 1 >= MOST_ATTEMPTS
    if result.outcome == Outcome.SENT:
        done.sent += ids
        done.mails += letter.channel == Channel.MAIL
    elif result.outcome == Outcome.UNKNOWN:
        settle(letter, Delivery.UNKNOWN, at=at, error=result.error)
        done.unknown += len(ids)
    elif result.outcome == Outcome.LATER and not tired:
        put_off(letter, until=at + RETRY_AFTER, error=result.error)
        done.again += ids
    else:
        settle(letter, Delivery.FAILED, at=at, error=result.error)
        done.failed += ids
    if result.outcome != Outcome.SENT:
        logger.warning("letter %s: %s (%s)", letter.pk, result.outcome.name, result.error)
