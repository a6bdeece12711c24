"""How one project's score was made, as its page tells it."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.models import Campaign
from portal.explain.data import as_data
from portal.explain.reading import Explanation
from portal.explain.text import as_lines


class Command(BaseCommand):
    help = "Tell how a project's score was made, from each observation to what people are paid."

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True)
        parser.add_argument("--project", required=True)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, campaign, project, format, **options):
        held = Campaign.objects.filter(code=campaign).first()
        if held is None:
            raise CommandError(f"没有编码为 {campaign} 的专项工作 / no campaign {campaign}")
        found = held.projects.filter(code=project).first()
        if found is None:
            raise CommandError(f"{campaign} 没有项目 {project} / no project {project} in it")
        explained = Explanation(held, found, at=timezone.now())
        if format == "json":
            self.stdout.write(json.dumps(as_data(explained), ensure_ascii=False, indent=2))
            return
        for line in as_lines(explained):
            self.stdout.write(line)
