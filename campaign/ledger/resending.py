"""Sending once more what did not arrive, or may not have: by hand, with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from campaign.ledger.filters import NOT_ARRIVED
from campaign.models import Reminder
from campaign.models.reminders import Channel
from campaign.reminders.checking import what_is_over
from campaign.reminders.envelopes import LEFT
from campaign.reminders.lost import repeat
from campaign.reminders.mail import NO_ADDRESS
from organization.errors import Refused
from organization.history import record_each
from organization.models import User
from organization.prepared import prepared

MOST, FEW = 1000, 30


@dataclass(frozen=True)
class Resent:
    """The new rows, and those that were refused, each with a sentence for the reader."""

    again: list[Reminder]
    refused: list[tuple[Reminder, str]]


@transaction.atomic
def resend(*, reminders: Iterable[Reminder], by: User, at: datetime, reason: str) -> Resent:
    """Want these once more: each gets a new row that says it is a repeat; on record.

    What came of the old row stays as it is. A row is repeated once, whoever asks how often; what
    does not hold any more, or can't be sent that way, is refused and named. Raises Refused
    without a reason (field "reason"), and without or with more than a thousand rows.
    """
    reason = reason.strip()
    ids = [row.pk for row in reminders]
    if not ids:
        raise Refused(_("请先勾选要重新发送的提醒。"), code="nothing")
    if len(ids) > MOST:
        raise Refused(_("一次最多重新发送 %(most)d 条。") % {"most": MOST}, code="many")
    if not reason:
        raise Refused(_("请写明为什么重新发送。"), code="no_reason", field="reason")
    rows = held(ids)
    why_not = reasons_against(rows, at=at)
    old = [row for row in rows if row.pk not in why_not]
    again = [renewed(row, at=at) for row in old]
    Reminder.objects.bulk_create(again)
    details = [{"repeat": row.pk} for row in again]
    record_each(on=old, verb="resend", by=by, at=at, reason=reason, details=details)
    return Resent(again, [(row, why_not[row.pk]) for row in rows if row.pk in why_not])


def held(ids: Sequence[int]) -> list[Reminder]:
    """The rows, held until they are repeated, so that of two people at once one does it."""
    rows = Reminder.objects.filter(pk__in=ids).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    return list(rows.select_related("campaign", "person", "robot"))


def repeated_of(rows: Iterable[Reminder]) -> set[int]:
    """The ids of those that were sent once more already."""
    ids = [row.pk for row in rows]
    ask = repeated_ids if len(ids) <= FEW else repeating  # a page's, or all that are sent again
    return {pk for (pk,) in ask(ids=ids)}


def repeating(*, ids):
    return Reminder.objects.filter(repeat_of__pk__in=ids).order_by().values_list("repeat_of")


repeated_ids = prepared(repeating, {"ids": Reminder._meta.pk})


def renewed(row: Reminder, *, at: datetime) -> Reminder:
    again = repeat(row, at=at)
    again.urgent = row.urgent
    return again


def reasons_against(rows: Sequence[Reminder], *, at: datetime) -> dict[int, str]:
    """Why rows are not sent once more, by their ids."""
    found = {pk: gettext(why) for pk, why in what_is_over(rows, at=at).items()}
    found |= {row.pk: why for row in rows if (why := why_not(row))}
    return found | dict.fromkeys(repeated_of(rows), _("已经重新发送过了。"))


def why_not(row: Reminder) -> str:
    """What the row itself says against it; empty where nothing does."""
    if row.delivery not in NOT_ARRIVED:
        return _("只有发送失败或结果不明的才能重新发送。")
    if not row.person.is_active:
        return gettext(LEFT)
    if row.channel == Channel.MAIL and not row.person.email:
        return gettext(NO_ADDRESS)
    if row.robot and row.robot.is_off:
        return _("这个机器人已停用。")
    return ""
