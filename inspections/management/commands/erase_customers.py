"""Erases customers' names and numbers that were kept for as long as their campaign says."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from inspections.callback.customers import erase_due


class Command(BaseCommand):
    help = "Erase what is known of customers whose time is over; answers stay, without names."

    def handle(self, **options):
        count = erase_due(by="command", at=timezone.now())
        self.stdout.write(f"已删除客户资料 / erased: {count}")
