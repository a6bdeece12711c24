"""Everything that results are made of, computed again from the records and compared; and the
history with its seals."""

import json
import sys
from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.heads import lines
from campaign.history import head_differences, history_differences
from campaign.models import Campaign
from campaign.registry import Difference
from campaign.seals import differences
from organization.history_seals import unsealed
from organization.models import HistoryEntry

CHINESE, ENGLISH = "zh-hans", "en"
EVERYTHING = "*"


class Command(BaseCommand):
    help = "Recompute all results from the records, compare them with what was sealed; 1 if not."

    def add_arguments(self, parser):
        parser.add_argument("--campaign", metavar="CODE", help="one; without it, all of them")
        parser.add_argument("--head", help="as a document has it: does the chain go through it")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, campaign, head, format, **options):
        found = [self.told(*each, format) for each in asked(campaign, head)]
        if format == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        elif not found:
            self.stdout.write("没有差异 / no differences")
        if format == "text":
            self.stdout.write(scope(campaign))
        if found:
            sys.exit(1)

    def told(self, code, difference, format):
        row = {
            "campaign": code,
            "code": difference.code,
            "zh": difference.said(CHINESE),
            "en": difference.said(ENGLISH),
        }
        if format == "text":
            self.stdout.write(f"{code}\t{row['zh']}\n\t{row['en']}")
        return row


def asked(code: str | None, head: str | None) -> Iterator[tuple[str, Difference]]:
    """Each difference with its campaign's code, `*` where it is the whole history's."""
    at = timezone.now()
    one = campaign_with(code) if code else None
    for campaign in [one] if one else Campaign.objects.order_by("pk"):
        for difference in differences(campaign):
            yield campaign.code, difference
    for difference in history_differences(one, at=at):
        yield code or EVERYTHING, difference
    for difference in head_differences(one, head) if head else ():
        yield code or EVERYTHING, difference


def scope(code: str | None) -> str:
    """How far the seals reach, for nothing is known of what none covers; and the heads to keep."""
    waiting = unsealed().count()
    sealed = HistoryEntry.objects.count() - waiting
    found = [line for line in lines() if code in (None, line.partition("\t")[0])]
    told = f"操作记录：已封存 {sealed} 条，还没封存 {waiting} 条"
    told += f" / history: {sealed} records sealed, {waiting} not yet"
    return "\n".join([told, *found])


def campaign_with(code: str) -> Campaign:
    if found := Campaign.objects.filter(code=code).first():
        return found
    raise CommandError(f"没有编码为 {code} 的专项工作 / no campaign {code}")
