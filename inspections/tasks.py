"""What the scheduler rings for; a bell that rings twice or late changes nothing."""

from celery import shared_task
from django.utils import timezone

from inspections.auditor.counting import count_looks
from inspections.callback.customers import erase_due
from inspections.exam.settling import settle_attempts


@shared_task(name="inspections.tasks.erase_customers")
def erase_customers():
    """Every few hours: what was kept of customers for as long as it may be is erased."""
    erase_due(by="schedule", at=timezone.now())


@shared_task(name="inspections.tasks.count_auditors")
def count_auditors():
    """Every few minutes: what auditors saw on sheets that were handed in since is counted."""
    count_looks()


@shared_task(name="inspections.tasks.settle_exams")
def settle_exams():
    """Every few minutes: what attempts that are over since come to is kept."""
    settle_attempts(at=timezone.now())
