"""A ledger of half a million reminders, as a year of campaigns leaves it behind."""

from datetime import timedelta
from itertools import islice

from campaign.models import Reminder
from campaign.models.reminders import Channel, Delivery
from organization.bulk import insert
from organization.models import User

ROWS, BATCH, DAYS = 500_000, 20_000, 365
RULES = ["before-7", "before-3", "before-1", "on-0", "after-1", "after-3", "after-7", "notice"]
FIELDS = (
    "campaign", "person", "thing", "rule", "occurrence", "channel", "delivery", "wanted_at",
    "begun_at", "sent_at", "due", "urgent", "title", "body", "url", "attempts", "error",
)  # fmt: skip


def add_ledger(campaign, at, number: int = ROWS) -> None:
    """Two in a thousand did not arrive; the last of every 250 still wait."""
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    things = [f"obligation:{pk}" for pk in campaign.obligations.values_list("pk", flat=True)]
    rows = (row(campaign.pk, place, number, people, things, at) for place in range(number))
    while some := list(islice(rows, BATCH)):
        insert(Reminder, FIELDS, some)


def row(campaign: int, number: int, of: int, people: list[int], things: list[str], at) -> tuple:
    wanted = at - timedelta(days=DAYS * (1 - number / of))
    result = result_of(number, of)
    left = None if result == Delivery.WANTED else wanted
    return (
        campaign, people[number % len(people)], things[number % len(things)],
        RULES[number % len(RULES)], f"{wanted.date()} {number}", Channel.values[number % 2],
        result, wanted, left, left if result == Delivery.SENT else None, wanted.date(), False,
        "", "", "", 1, "450 later" if result == Delivery.FAILED else "",
    )  # fmt: skip


def result_of(number: int, of: int) -> Delivery:
    if number >= of - of // 250:
        return Delivery.WANTED
    if number % 1000 < 2:
        return Delivery.UNKNOWN if number % 1000 else Delivery.FAILED
    return Delivery.CANCELLED if number % 20 == 3 else Delivery.SENT
