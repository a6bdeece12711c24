"""Everything that results are made of, computed again from the records and compared."""

import json
import sys

from django.core.management.base import BaseCommand, CommandError

from campaign.models import Campaign
from campaign.seals import differences

CHINESE, ENGLISH = "zh-hans", "en"


class Command(BaseCommand):
    help = "Recompute all results from the records, compare them with what was sealed; 1 if not."

    def add_arguments(self, parser):
        parser.add_argument("--campaign", metavar="CODE", help="one; without it, all of them")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, campaign, format, **options):
        found = [
            self.told(held, difference, format)
            for held in asked(campaign)
            for difference in differences(held)
        ]
        if format == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        elif not found:
            self.stdout.write("没有差异 / no differences")
        if found:
            sys.exit(1)

    def told(self, campaign, difference, format):
        row = {
            "campaign": campaign.code,
            "code": difference.code,
            "zh": difference.said(CHINESE),
            "en": difference.said(ENGLISH),
        }
        if format == "text":
            self.stdout.write(f"{campaign.code}\t{row['zh']}\n\t{row['en']}")
        return row


def asked(code: str | None) -> list[Campaign]:
    if code is None:
        return list(Campaign.objects.order_by("pk"))
    found = list(Campaign.objects.filter(code=code))
    if not found:
        raise CommandError(f"没有编码为 {code} 的专项工作 / no campaign {code}")
    return found
