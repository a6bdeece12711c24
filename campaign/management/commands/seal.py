"""Data that is older than the seals, sealed once; and history that is not sealed yet."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.models import Campaign
from campaign.seals import seal_older, unsealed
from organization.history_seals import seal_history


class Command(BaseCommand):
    help = "Seal what is older than the seals, as it stands; what is sealed stays as it is."

    def add_arguments(self, parser):
        parser.add_argument("--existing", action="store_true", help="seal every older campaign")
        parser.add_argument("--history", action="store_true", help="seal history that is not yet")

    def handle(self, *, existing, history, **options):
        if not existing and not history:
            raise CommandError("请加 --existing 或 --history / say --existing or --history")
        if existing:
            self.seal_campaigns()
        if history:
            number = seal_history(at=timezone.now())
            self.stdout.write(f"已封存操作记录 / history sealed: {number}")

    def seal_campaigns(self):
        for campaign in unsealed(Campaign.objects.order_by("pk")):
            seal_older(campaign=campaign, by="command", at=timezone.now())
            self.stdout.write(f"已封存 / sealed: {campaign.code}")
