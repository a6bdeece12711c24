"""Whether what the ledger wants said still holds at the moment when it would be said."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_noop

from campaign.models import Reminder
from campaign.models.reminders import NOTICE
from campaign.reminders.holding import key_of, still_owed

OVER = gettext_noop("已经完成、改期或有了新的说法")


def what_is_over(rows: Sequence[Reminder], *, at: datetime) -> dict[int, str]:
    """Why rows do not hold any more, by their ids: done meanwhile, moved, said more sharply now.

    Notices of events always hold.
    """
    nudged = [row for row in rows if row.rule != NOTICE]
    holding = still_owed(nudged, at=at)
    return {row.pk: OVER for row in nudged if key_of(row) not in holding}
