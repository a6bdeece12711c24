"""The ways out of the house: what a delivery asks of a channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from django.db.models import QuerySet

from campaign.models import Letter, Reminder


class Outcome(Enum):
    """What came of a letter that a sender tried to send."""

    SENT = "sent"
    REFUSED = "refused"  # for good: it can't be, or nobody wants it
    LATER = "later"  # refused for now: it certainly did not arrive
    UNKNOWN = "unknown"  # it may have arrived


@dataclass(frozen=True)
class Result:
    """An outcome, and the other side's words where it was no success."""

    outcome: Outcome
    error: str = ""


class Sender(Protocol):
    """One channel for the length of a round. No method raises for what one letter lacks."""

    addressee: str  # whom letters are for, a field of the ledger: "person" or "robot"
    choice: str  # the field of ChannelChoice with which a person switches it off

    def mine(self, rows: QuerySet) -> QuerySet:
        """What of the ledger goes this way."""

    def why_not(self) -> str:
        """Why no letter at all can leave now, in the other side's words; empty when one can."""

    def not_before(
        self, letter: Letter, rows: Sequence[Reminder], *, at: datetime
    ) -> datetime | None:
        """When to ask again for a letter that has to wait; None when it may leave.

        Asked inside the transaction that records that the letter leaves, so what a sender
        counts in the database is right also with other deliveries beside this one.
        """

    def send(self, letter: Letter, rows: Sequence[Reminder], language: str) -> Result:
        """Send it, in that language."""

    def close(self) -> None:
        """The round is over."""
