"""Lets somebody try to sign in again at once, e.g. the only administrator."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organization.guard import lift_address, lift_hold
from organization.models import User


class Command(BaseCommand):
    help = "End the wait after wrong passwords: of a person, or of all behind an address."

    def add_arguments(self, parser):
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("username", nargs="?")
        who.add_argument("--address")

    def handle(self, *, username, address, **options):
        lifted = lift_address(address=address) if address else self.lift(username)
        self.stdout.write("已解除 / lifted" if lifted else "没有暂停 / there was no wait")

    def lift(self, username) -> int:
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"没有用户 {username} / no such person")
        return lift_hold(people=[person], by="command", at=timezone.now())
