"""Writes what is kept of a person into a ZIP."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from organization.models import User
from organization.person_data import person_zip


class Command(BaseCommand):
    help = "Write everything that is kept of a person, and the person's files, into a ZIP."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("file", type=Path)

    def handle(self, *, username, file, **options):
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"没有用户名 {username} / no user {username}")
        with file.open("xb") as out:
            person_zip(person, out)
        self.stdout.write(f"已写入 / written: {file}")
