"""Whether what the ledger wants said still holds at the moment when it would be said."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_noop

from campaign.models import Reminder
from campaign.models.reminders import NOTICE
from campaign.reminders.holding import key_of, still_owed

DONE = gettext_noop("已经办完，或不再由本人办")
MOVED = gettext_noop("期限已改")
SHARPER = gettext_noop("已有更紧的提醒")


def what_is_over(rows: Sequence[Reminder], *, at: datetime) -> dict[int, str]:
    """Why rows do not hold any more, by their ids; notices of what happened always hold."""
    nudged = [row for row in rows if row.rule != NOTICE]
    holding = still_owed(nudged, at=at)
    owed = {(person, thing, occurrence) for person, thing, _rule, occurrence in holding}
    things = {(person, thing) for person, thing, _occurrence in owed}

    def reason(row: Reminder) -> str:
        if (row.person_id, row.thing, row.occurrence) in owed:
            return SHARPER
        return MOVED if (row.person_id, row.thing) in things else DONE

    return {row.pk: reason(row) for row in nudged if key_of(row) not in holding}
