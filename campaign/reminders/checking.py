"""Whether what the ledger wants said still holds at the moment when it would be said."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_noop

from campaign.models import Reminder
from campaign.models.reminders import Rule
from campaign.reminders.planning import nudges, told_key

OVER = gettext_noop("已经完成、改期或有了新的说法")


def what_is_over(rows: Sequence[Reminder], *, at: datetime) -> dict[int, str]:
    """Why rows do not hold any more, by their ids: done meanwhile, moved, said more sharply now.

    Notices of events always hold.
    """
    nudged = [row for row in rows if row.rule != Rule.EVENT]
    campaigns = {row.campaign_id: row.campaign for row in nudged}.values()
    holding = {
        nudge.key(person)
        for campaign in campaigns
        if campaign.started_at and not campaign.closed_at
        for nudge in nudges(campaign, at=at)
        for person in nudge.people
    }
    return {row.pk: OVER for row in nudged if told_key(row) not in holding}
