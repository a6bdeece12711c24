"""A dry run of the settlement: what everybody would get, with posts as of a moment."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.models import Campaign
from organization.clock import read_moment
from rewards.reckoning import reckon
from rewards.rules import outcomes
from rewards.settlement import objections, provisional_codes


class Command(BaseCommand):
    help = (
        "Show what the rules would give everybody; writes nothing and never refuses. Who joined or "
        "left, vacant posts and people without one are warned of: the settlement asks about them."
    )

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True)
        parser.add_argument("--at", help="ISO date or time; posts count as they were then")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, campaign, at, format, **options):
        held = Campaign.objects.filter(code=campaign).first()
        if held is None:
            raise CommandError(f"没有编码为 {campaign} 的专项工作 / no campaign {campaign}")
        moment = self.read(at)
        rows = [row_of(outcome) for outcome in outcomes(campaign=held, posts_as_of=moment)]
        self.warn(held, moment)
        if format == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write("\t".join(str(value or "-") for value in row.values()))

    def read(self, at):
        try:
            return read_moment(at) if at else timezone.now()
        except ValueError as error:
            raise CommandError(f"--at: {error}") from error

    def warn(self, campaign, at):
        for objection in objections(campaign, at=at):
            self.stderr.write(
                f"warning: {objection.code}: 申诉期内或申诉未决 / open window or appeal"
            )
        for case in reckon(campaign=campaign, posts_as_of=at).cases:
            place = " ".join(
                filter(None, (case.project and case.project.code, case.department, case.role))
            )
            who = case.person.username if case.person else "-"
            self.stderr.write(f"warning: {place} {who} {case.kind}: 要先决定 / to be decided")
        for code in provisional_codes(campaign):
            self.stderr.write(f"warning: {code}: 暂列，不计 / provisional, left out")


def row_of(outcome) -> dict:
    """One person's outcome as machines read it; amounts in yuan with the figures shown."""
    amount = outcome.amount
    whole = amount == amount.to_integral_value()
    return {
        "project": outcome.project.code,
        "username": outcome.person.username if outcome.person else None,
        "role": outcome.role,
        "band": outcome.band,
        "amount": f"{amount:.0f}" if whole else f"{amount:.2f}",
    }
