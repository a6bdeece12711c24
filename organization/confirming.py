"""Being asked again who one is, before something that lets people in: a second factor, a token.

A session remembers when its person last proved it, by signing in or by being asked again. An
unlocked computer, or a stolen session, then opens no lasting door.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

PROVED = "proved"  # in the session: when, as seconds
AGAIN = "proving_again"  # in the session of who was sent to the provider for it: since when
FRESH = timedelta(minutes=15)
CLOCKS = timedelta(minutes=1)  # how far the provider's may be from ours


def proved(session, *, at: datetime) -> None:
    """The person has just shown a password, or signed in over there a moment ago."""
    session[PROVED] = at.timestamp()


def forget_proof(session) -> None:
    session.pop(PROVED, None)


def is_fresh(session, *, at: datetime) -> bool:
    when = session.get(PROVED)
    # one from the future is none: a clock was put right
    return when is not None and 0 <= at.timestamp() - when < FRESH.total_seconds()


def signed_in_since(claims: Mapping, when: datetime) -> bool:
    """Whether the provider says (`auth_time`) that the person signed in there after that."""
    said = claims.get("auth_time")
    if isinstance(said, bool) or not isinstance(said, int | float):
        return False
    return said >= (when - CLOCKS).timestamp()
