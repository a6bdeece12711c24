"""What the scheduler rings for. The database is the truth: a bell that rings twice, late or on
two machines at once changes nothing."""

import logging
from dataclasses import dataclass
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from campaign.lifecycle import start_due_campaigns
from campaign.models import Campaign
from campaign.reminders.delivery import Delivered, deliver_round
from campaign.reminders.planning import plan_round
from organization.errors import Refused

logger = logging.getLogger(__name__)


@dataclass
class Round:
    """What one round did: campaigns started, ledger rows added, and how they were delivered."""

    started: list[Campaign]
    planned: int
    delivered: Delivered


def play_round(*, at: datetime) -> Round:
    """Start what has to start, find who has to be told, and tell them; safe at any time."""
    started = start_what_is_due(at=at)
    return Round(started, plan_round(at=at), deliver_round(at=at))


def start_what_is_due(*, at: datetime) -> list[Campaign]:
    try:
        return start_due_campaigns(at=at)
    except Refused as refusal:
        # another round started it in the meantime; people still have to be reminded
        logger.info("a campaign was not started: %s", refusal)
        return []


@shared_task(name="campaign.tasks.tick")
def tick():
    play_round(at=timezone.now())
