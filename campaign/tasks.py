"""What the scheduler rings for. The database is the truth: a bell that rings twice, late or on
two machines at once changes nothing."""

import logging
from dataclasses import dataclass
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from campaign import heads
from campaign.kept import count_many
from campaign.lifecycle import start_due_campaigns
from campaign.models import Campaign
from campaign.models.rounds import RoundKind
from campaign.reminders.delivery import Delivered, deliver_round
from campaign.reminders.planning import plan_round
from campaign.reminders.rounds import recorded
from organization.errors import Refused

logger = logging.getLogger(__name__)

# How long a delivery works before it makes room for others, and how long its bell is heard:
# the scheduler rings every two minutes, so none has to wait in a queue for longer.
SHIFT_SECONDS = 90
HEARD_SECONDS = 110


@dataclass
class Played:
    """What one round did: campaigns started, ledger rows added, and how they were delivered."""

    started: list[Campaign]
    planned: int
    delivered: Delivered


def play_round(*, at: datetime) -> Played:
    """Start what has to start, find who has to be told, and tell them; safe at any time."""
    return Played(start_what_is_due(at=at), plan(at=at), bring(at=at))


def start_what_is_due(*, at: datetime) -> list[Campaign]:
    try:
        return start_due_campaigns(at=at)
    except Refused as refusal:
        # another round started it in the meantime; people still have to be reminded
        logger.info("a campaign was not started: %s", refusal)
        return []


def plan(*, at: datetime) -> int:
    with recorded(RoundKind.PLAN, at=at) as row:
        planned = plan_round(at=at)
        row.figures = {"planned": planned}
    return planned


def bring(*, at: datetime, seconds: float | None = None) -> Delivered:
    with recorded(RoundKind.DELIVER, at=at) as row:
        done = deliver_round(at=at, seconds=seconds)
        row.figures = done.figures
        row.error = "\n".join(filter(None, [done.unreachable, *done.troubles]))
    return done


@shared_task(name="campaign.tasks.tick")
def tick():
    """Every two minutes: what has to be told is written down, and deliveries are rung for."""
    at = timezone.now()
    start_what_is_due(at=at)
    plan(at=at)
    for _ in range(settings.DELIVERY_WORKERS):
        ring()


@shared_task(name="campaign.tasks.deliver")
def deliver():
    """One shift of delivery; who has not finished rings for the next."""
    if bring(at=timezone.now(), seconds=SHIFT_SECONDS).is_unfinished:
        ring()


@shared_task(name="campaign.tasks.count_many")
def count_many_projects():
    """Every two minutes: what pages show of many projects without counting themselves."""
    count_many(at=timezone.now())


@shared_task(name="campaign.tasks.send_heads")
def send_heads():
    """Once a day: the heads of the history's chains go to an address outside."""
    heads.send_heads(at=timezone.now())


def ring() -> None:
    deliver.apply_async(expires=HEARD_SECONDS)
