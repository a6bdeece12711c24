"""What the scheduler rings for; a bell that rings twice or late changes nothing."""

from celery import shared_task
from django.utils import timezone

from organization.letters import send_due


@shared_task(name="organization.tasks.send_letters")
def send_letters():
    """Every minute: links to set a password that were asked for."""
    send_due(at=timezone.now())
