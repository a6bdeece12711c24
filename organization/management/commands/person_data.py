"""Writes what is kept of a person into a ZIP."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organization.models import User
from organization.person_data import give_data


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
            give_data(person=person, out=out, by="command", at=timezone.now())
        self.stdout.write(f"已写入 / written: {file}")
