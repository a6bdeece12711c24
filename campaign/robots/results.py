"""What came of a message that was sent, or not."""

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    SENT = "sent"
    REFUSED = "refused"  # for good: it can't be, or nobody wants it
    LATER = "later"  # refused for now: it certainly did not arrive
    UNKNOWN = "unknown"  # it may have arrived


@dataclass(frozen=True)
class Result:
    """An outcome, and the other side's words where it was no success."""

    outcome: Outcome
    error: str = ""
