"""What the scheduler rings for; a bell that rings twice or late changes nothing."""

from celery import shared_task
from django.utils import timezone

from inspections.auditor.counting import count_looks
from inspections.callback.customers import erase_due


@shared_task(name="inspections.tasks.erase_customers")
def erase_customers():
    """Every few hours: what was kept of customers for as long as it may be is erased."""
    erase_due(by="schedule", at=timezone.now())


@shared_task(name="inspections.tasks.count_auditors")
def count_auditors():
    """Every few minutes: what auditors saw on sheets that were handed in since is counted."""
    count_looks()
