"""The addresses of robots under the newest key, so that older ones can be taken away."""

from django.core.management.base import BaseCommand, CommandError

from campaign.robots.setting_up import reseal_robots


class Command(BaseCommand):
    help = "Seal the addresses of all robots with the first of CHANNEL_KEYS."

    def handle(self, **options):
        resealed, lost = reseal_robots()
        self.stdout.write(f"已换成新密钥 / resealed: {resealed}")
        if lost:
            names = " · ".join(robot.name for robot in lost)
            raise CommandError(f"打不开，要重新填写地址 / no key opens them: {names}")
