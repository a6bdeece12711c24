"""What may be taken out of the history, so that its seals still hold: names, and old addresses."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from organization import seals
from organization.history_marks import words_mark
from organization.history_seals import SPINE, WORDS, held, sealed_through
from organization.models import HistoryEntry

BATCH = 500
WAITS = ("hold_sign_in", "hold_factor")


def rewrite_words(
    rows: Sequence[HistoryEntry], rewrite: Callable[[HistoryEntry], None], *, at: datetime
) -> None:
    """Write other words into these rows, inside the caller's transaction; sealed ones get a seal
    in the spine over their new words. What happened, to what, by whom and when stays.
    """
    spine = held(SPINE)
    through = sealed_through(spine)
    for row in rows:
        rewrite(row)
    words = ["subject_label", "reason", "detail"]
    HistoryEntry.objects.bulk_update(rows, words, batch_size=BATCH)
    key = seals.ring().newest
    sealed = [row for row in rows if row.pk <= through]
    said = [(WORDS, str(row.pk), {"key": key, "words": words_mark(row, key)}) for row in sealed]
    if said:
        seals.append(spine, said, at=at)


@transaction.atomic
def erase_addresses(*, at: datetime, days: int) -> int:
    """Take network addresses out of rows older than so many days; how many."""
    old = HistoryEntry.objects.filter(at__lt=at - timedelta(days=days))
    # waits that an earlier release put on record have it among their words as well
    noted = old.filter(verb__in=WAITS, detail__has_key="address").order_by("pk")
    while rows := list(noted[:BATCH]):
        rewrite_words(rows, without_address, at=at)
    return old.filter(address__isnull=False).update(address=None)


def without_address(row: HistoryEntry) -> None:
    row.detail = {name: value for name, value in row.detail.items() if name != "address"}
