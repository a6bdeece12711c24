"""What the scheduler rings for; a bell that rings twice or late changes nothing."""

from celery import shared_task
from django.utils import timezone

from organization import history_seals, retention
from organization.letters import send_due
from organization.statistics import renew_statistics as renew


@shared_task(name="organization.tasks.send_letters")
def send_letters():
    """Every minute: links to set a password that were asked for."""
    send_due(at=timezone.now())


@shared_task(name="organization.tasks.seal_history")
def seal_history():
    """Every few minutes: what was put on record since is sealed."""
    history_seals.seal_history(at=timezone.now())


@shared_task(name="organization.tasks.erase_over")
def erase_over():
    """Every few hours: what was kept for as long as it may be is erased."""
    retention.erase_over(at=timezone.now())


@shared_task(name="organization.tasks.renew_statistics")
def renew_statistics():
    """Every night: SQLite counts anew how often values repeat."""
    renew()
