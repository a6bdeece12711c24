"""Makes a campaign's scores and standings again from what they were made of."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.models import Campaign
from organization.errors import Refused
from scoring.results import rebuild


class Command(BaseCommand):
    help = "Rebuild all scores and standings of a campaign; says how many standings changed."

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True)

    def handle(self, *, campaign, **options):
        held = Campaign.objects.filter(code=campaign).first()
        if held is None:
            raise CommandError(f"没有编码为 {campaign} 的专项工作 / no campaign {campaign}")
        try:
            changed = rebuild(campaign=held, at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(str(changed))
        self.stderr.write(f"{changed} 个项目的成绩有变化 / standings changed")
