"""A backup put into an empty installation, and looked at as `verify` looks."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import serving
from portal.backup import CannotBackUp
from portal.backup.restoring import look_at, restore_backup


class Command(BaseCommand):
    help = "Restore a backup into an empty place, bring its tables up to date, and verify it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("source", type=Path, help="the file that `backup` wrote")
        parser.add_argument("--check", action="store_true", help="only read it through")

    def handle(self, *, source, check, **options):
        try:
            if check:
                manifest = look_at(source)
            else:
                with serving.hold(settings.DATA_DIR):
                    manifest = restore_backup(source)
        except (CannotBackUp, serving.CannotServe) as reason:
            raise CommandError(str(reason)) from None
        self.tell(manifest)
        if not check:
            self.stdout.flush()
            # each reads the secret that has just come back
            manage("migrate", "--no-input", "--verbosity", "0")
            manage("verify")

    def tell(self, manifest):
        self.stdout.write(
            f"{manifest.made_at}  {manifest.release}  {manifest.vendor}  "
            f"{manifest.files} 个文件 / files, {manifest.size} 字节 / bytes"
        )
        for name in manifest.missing:
            self.stdout.write(f"备份时就没有 / was missing already: {name}")


def manage(*arguments: str, **environment: str):
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    done = subprocess.run(command, env=os.environ | environment)  # noqa: S603 - our own command
    if done.returncode:
        raise CommandError(f"manage.py {arguments[0]}: {done.returncode}")
