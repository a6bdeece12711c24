"""The demo in an empty installation: `demo [--projects N] [--seed S] [--phase CODE]`."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organization.errors import Refused
from organization.roles import Role
from portal.demo import PHASES, accounts, build


class Command(BaseCommand):
    help = "Build the demo: an invented company whose campaign lies around today."

    def add_arguments(self, parser):
        parser.add_argument("--projects", type=int, default=12, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument(
            "--phase", choices=PHASES, default="inspect", help="in which today lies (%(default)s)"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, projects, seed, phase, format, verbosity, **options):
        try:
            built = build(at=timezone.now(), number=projects, seed=seed, phase=phase)
        except Refused as refusal:
            self.refuse(refusal, format)
        if format == "json":
            self.stdout.write(json.dumps(as_data(built), ensure_ascii=False, indent=2))
        elif verbosity:
            self.report(built)

    def refuse(self, refusal, format):
        if format == "json":
            errors = [{"code": refusal.code, "message": str(refusal)}]
            self.stdout.write(json.dumps({"errors": errors}, ensure_ascii=False, indent=2))
        raise CommandError(str(refusal))

    def report(self, built):
        self.stdout.write(f"{built.campaign.code}  {built.campaign}")
        self.stdout.write(f"{built.draft.code}  {built.draft}")
        self.stdout.write(f"演示账号，密码 / accounts, password: {settings.DEMO_PASSWORD}")
        for account in accounts():
            role = Role(account.role).label
            self.stdout.write(f"  {account.username}\t{account.name}\t{role}")


def as_data(built) -> dict:
    return {
        "campaign": built.campaign.code,
        "draft": built.draft.code,
        "projects": built.campaign.participations.count(),
        "accounts": [account._asdict() for account in accounts()],
        "errors": [],
    }
