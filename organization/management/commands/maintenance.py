"""Closes all pages for a while, and opens them again."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from organization.maintenance import MINUTES


class Command(BaseCommand):
    help = "Answer every page with 503 and a sentence (on), or open them again (off)."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("switch", choices=["on", "off"])
        parser.add_argument("--minutes", type=int, default=MINUTES, help="when to come back")

    def handle(self, *, switch, minutes, **options):
        path = Path(settings.MAINTENANCE_FILE)
        if switch == "off":
            path.unlink(missing_ok=True)
            self.stdout.write("已开放 / open")
            return
        if minutes < 1:
            raise CommandError("--minutes 至少是 1 / --minutes is at least 1")
        path.write_text(f"{minutes}\n")
        self.stdout.write(f"维护中 / closed: {path}")
