"""Database and files in one encrypted file, while people work."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.backup import CannotBackUp
from portal.backup.making import make_backup


class Command(BaseCommand):
    help = "Write an encrypted backup of database and files into a folder; 1 if files are missing."

    def add_arguments(self, parser):
        parser.add_argument("target", type=Path, help="a folder, best on another machine")
        parser.add_argument("--keep", type=int, help="afterwards leave so many, the newest")

    def handle(self, *, target, keep, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep 至少是 1 / --keep is at least 1")
        try:
            made = make_backup(target, keep=keep, at=timezone.now())
        except CannotBackUp as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"已备份 / backed up: {made.path}")
        self.stdout.write(
            f"{made.manifest.files} 个文件 / files, {made.manifest.size} 字节 / bytes"
        )
        for path in made.removed:
            self.stdout.write(f"已删除旧备份 / removed: {path.name}")
        if made.manifest.missing:
            names = "\n".join(made.manifest.missing)
            raise CommandError(f"数据库里有、存储里没有的文件 / files that are not there:\n{names}")
