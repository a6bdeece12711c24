"""Erases what was kept for as long as it may be."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from organization.retention import erase_over


class Command(BaseCommand):
    help = "Erase sessions, addresses, answers of mail servers and uploads whose time is over."

    def handle(self, **options):
        for code, count in erase_over(at=timezone.now()).items():
            self.stdout.write(f"已删除 / erased: {code} {count}")
