"""This installation's files from the folder into the bucket, or back."""

from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from organization.errors import StorageAway
from organization.moving_files import MISSING, WELL, move_all, sides


class Command(BaseCommand):
    help = "Copy all files from DATA_DIR/files into FILES_BUCKET and compare every digest."

    def add_arguments(self, parser):
        parser.add_argument("--back", action="store_true", help="from the bucket into the folder")

    def handle(self, *, back, **options):
        if not settings.FILES_BUCKET:
            raise CommandError("请先设置 FILES_BUCKET / set FILES_BUCKET first")
        counts = Counter()
        try:
            for each in move_all(*sides(back=back)):
                counts[each.outcome] += 1
                if each.outcome not in WELL:
                    self.stderr.write(f"{each.outcome}: {each.name}")
        except StorageAway as reason:
            raise CommandError(f"{reason}；可以再运行一次 / run it again") from None
        said = ", ".join(f"{outcome} {count}" for outcome, count in sorted(counts.items()))
        self.stdout.write(f"{counts.total()} 个文件 / files: {said or '-'}")
        if counts.keys() - WELL - {MISSING}:
            raise CommandError("有文件不一致 / some files differ")
        if counts[MISSING]:
            raise CommandError("有文件原来就不在 / some files were missing already")
