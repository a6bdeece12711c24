"""Rows of the ledger as planning and delivery leave them, made directly."""

from datetime import date, timedelta

from campaign.models import Reminder
from campaign.models.reminders import Delivery
from tests import cast

DUE = date(2011, 11, 28)


def told(campaign, person, thing="obligation:1", rule="before-3", **facts) -> Reminder:
    """A row that was sent by mail, unless the facts say otherwise."""
    at = facts.pop("at", cast.NOW)
    row = {
        "occurrence": DUE.isoformat(),
        "channel": "mail",
        "delivery": Delivery.SENT,
        "due": DUE,
        "wanted_at": at,
    } | facts
    if row["delivery"] not in (Delivery.WANTED, Delivery.CANCELLED):
        row.setdefault("begun_at", at)
    if row["delivery"] == Delivery.SENT:
        row.setdefault("sent_at", at)
    return Reminder.objects.create(campaign=campaign, person=person, thing=thing, rule=rule, **row)


def many(campaign, person, count: int, **facts) -> list[Reminder]:
    """The same thing on as many days."""
    return [
        told(campaign, person, occurrence=str(DUE + timedelta(days=number)), **facts)
        for number in range(count)
    ]
