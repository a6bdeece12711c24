"""Makes the counts of finished scores again: per requirement, per section, per figure."""

from django.core.management.base import BaseCommand, CommandError

from campaign.models import Campaign
from scoring.models import Score
from scoring.results import count_again


class Command(BaseCommand):
    help = "Count what the finished scores of a campaign come to again; scores stay as they are."

    def add_arguments(self, parser):
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument("--campaign")
        group.add_argument(
            "--existing", action="store_true", help="what an earlier release has not counted"
        )

    def handle(self, *, campaign, existing, **options):
        uncounted = Campaign.objects.filter(pk__in=Score.objects.uncounted().values("campaign"))
        held = uncounted if existing else Campaign.objects.filter(code=campaign)
        if not existing and not held:
            raise CommandError(f"没有编码为 {campaign} 的专项工作 / no campaign {campaign}")
        for each in held.order_by("pk"):
            changed = count_again(campaign=each)
            self.stdout.write(f"{each.code}: 重新计入 {changed} 张评分表 / scores counted again")
