"""The standings of a campaign, as people or machines read them."""

import json

from django.core.management.base import BaseCommand, CommandError

from campaign.models import Campaign
from scoring.standings import standings_as_data


class Command(BaseCommand):
    help = "Print rank, composite, band and scores of every project in a campaign."

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, campaign, format, **options):
        held = Campaign.objects.filter(code=campaign).first()
        if held is None:
            raise CommandError(f"没有编码为 {campaign} 的专项工作 / no campaign {campaign}")
        rows = standings_as_data(held)
        if format == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(as_text(row))


def as_text(row: dict) -> str:
    scores = " ".join(f"{code}={figure}" for code, figure in row["scores"].items())
    figures = (row["rank"], row["project"], row["composite"], row["band"], scores)
    return "\t".join(str(figure or "-") for figure in figures)
