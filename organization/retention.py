"""What is kept for a time only: each kind says how it is erased once that is over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from organization.history_words import erase_addresses
from organization.models import PasswordLetter, StoredFile
from organization.sessions import forget_ended


@dataclass(frozen=True)
class Kept:
    """A kind of data, by code (docs/privacy.md), and what erases the part whose time is over."""

    code: str
    erase: Callable[[datetime], int]


# Filled by the apps; `manage.py erase_over` and a task go through it.
KINDS: list[Kept] = []


def erase_over(*, at: datetime) -> dict[str, int]:
    """Erase of every kind what was kept long enough; how many of each."""
    return {kind.code: kind.erase(at) for kind in KINDS}


def erase_sessions(at: datetime) -> int:
    """Sign-ins that are over, and the devices and addresses they came from."""
    gone = Session.objects.filter(expire_date__lt=at).delete()[0]
    forget_ended(at=at)
    return gone


def erase_letters(at: datetime) -> int:
    """Invitations and links to a new password: to whom they went, what the mail server answered."""
    old = PasswordLetter.objects.filter(asked_at__lt=over(at, settings.MAIL_ANSWER_DAYS))
    return old.delete()[0]


def erase_old_addresses(at: datetime) -> int:
    return erase_addresses(at=at, days=settings.HISTORY_ADDRESS_DAYS)


def drop_file(stored: StoredFile) -> None:
    """Delete a stored file that nothing names any more, once the transaction holds."""
    name, storage = stored.file.name, stored.file.storage
    stored.delete()
    transaction.on_commit(lambda: storage.delete(name))


def over(at: datetime, days: int) -> datetime:
    return at - timedelta(days=days)
