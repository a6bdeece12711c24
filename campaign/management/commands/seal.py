"""Data that is older than the seals, sealed once."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.models import Campaign
from campaign.seals import seal_older, unsealed


class Command(BaseCommand):
    help = "Seal what is older than the seals, as it stands; what is sealed stays as it is."

    def add_arguments(self, parser):
        parser.add_argument("--existing", action="store_true", help="seal every older campaign")

    def handle(self, *, existing, **options):
        if not existing:
            raise CommandError("请加 --existing / say --existing")
        for campaign in unsealed(Campaign.objects.order_by("pk")):
            seal_older(campaign=campaign, by="command", at=timezone.now())
            self.stdout.write(f"已封存 / sealed: {campaign.code}")
