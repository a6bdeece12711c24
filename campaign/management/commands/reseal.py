"""What is kept sealed under the newest key, so that older ones can be taken away."""

from django.core.management.base import BaseCommand, CommandError

from organization.vault import KEEPERS


class Command(BaseCommand):
    help = "Seal the addresses of robots and the numbers of customers with the first CHANNEL_KEYS."

    def handle(self, **options):
        found = [keeper() for keeper in KEEPERS]
        count = sum(resealed for resealed, _lost in found)
        self.stdout.write(f"已换成新密钥 / resealed: {count}")
        if lost := [name for _count, names in found for name in names]:
            names = " · ".join(lost)
            raise CommandError(f"打不开，要重新填写 / no key opens them: {names}")
