"""Erases one person for good."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organization.erasing import erase_person
from organization.errors import Refused
from organization.models import User


class Command(BaseCommand):
    help = "Erase a person: name, addresses and sign-in go; what was done stays under a number."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"没有用户名 {username} / no user {username}")
        try:
            erased = erase_person(person=person, by="command", at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"已抹去 / erased: {erased}")
