"""Makes the counts of what auditors saw again, from their observations."""

from django.core.management.base import BaseCommand, CommandError

from campaign.models import Campaign
from inspections.auditor.counting import count_looks, count_looks_again


class Command(BaseCommand):
    help = "Count again what auditors saw in a campaign; no observation and no score moves."

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True)

    def handle(self, *, campaign, **options):
        held = Campaign.objects.filter(code=campaign).first()
        if held is None:
            raise CommandError(f"没有编码为 {campaign} 的专项工作 / no campaign {campaign}")
        count_looks_again(held)
        counted = 0
        while number := count_looks():
            counted += number
        self.stdout.write(f"{held.code}: 重新计入 {counted} 张评分表 / sheets counted again")
