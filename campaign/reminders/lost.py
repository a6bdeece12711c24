"""What deliveries left behind that died: found after ten minutes, and said to be unknown."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from campaign.models import Reminder
from campaign.models.reminders import Delivery

LOST_AFTER = timedelta(minutes=10)
NOT_RECORDED = gettext_noop("发送中断，没有记下结果")
OCCURRENCE_LENGTH = Reminder._meta.get_field("occurrence").max_length
REPEAT = " repeat"


def give_up_on_lost(*, at: datetime) -> int:
    """Rows whose delivery died before it recorded: nobody knows whether they arrived."""
    lost = Reminder.objects.filter(delivery=Delivery.SENDING, begun_at__lt=at - LOST_AFTER)
    return lost.update(delivery=Delivery.UNKNOWN, error=NOT_RECORDED)


def repeat_urgent(*, at: datetime) -> int:
    """Each urgent notice that may not have arrived is wanted once more; a repeat never is.

    The ledger's constraints see to it that there is one repeat, whatever runs twice. Nudges
    are not repeated: nobody should be nudged twice. Returns how many were found.
    """
    unknown = Reminder.objects.filter(
        delivery=Delivery.UNKNOWN, urgent=True, repeat_of=None, repeat=None
    )
    repeats = [repeat(row, at=at) for row in unknown]
    Reminder.objects.bulk_create(repeats, ignore_conflicts=True)
    return len(repeats)


def repeat(row: Reminder, *, at: datetime) -> Reminder:
    return Reminder(
        campaign_id=row.campaign_id,
        person_id=row.person_id,
        robot_id=row.robot_id,
        thing=row.thing,
        rule=row.rule,
        occurrence=row.occurrence[: OCCURRENCE_LENGTH - len(REPEAT)] + REPEAT,
        channel=row.channel,
        urgent=True,
        repeat_of=row,
        title=row.title,
        body=row.body,
        url=row.url,
        due=row.due,
        wanted_at=at,
    )
