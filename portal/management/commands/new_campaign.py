"""A campaign from the plan's template or an earlier one, approved by the command.

It starts when its day has come.
"""

import json
from decimal import Decimal, InvalidOperation

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from campaign.cloning import clone_campaign
from campaign.lifecycle import approve_campaign, submit_campaign
from campaign.models import Campaign
from campaign.setup import create_campaign
from organization.errors import Refused
from scoring.weights import set_weights

ME = "command"


class Command(BaseCommand):
    help = "Make a campaign from the plan's template, or from an earlier one, in another year."

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument(
            "--weights",
            help="percent by specialty, 100 together: customer_service=25,facilities=30,…",
        )
        parser.add_argument(
            "--from",
            dest="source",
            metavar="CODE",
            help="an earlier campaign to take everything from, its dates moved by whole weeks",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, code, year, weights, source, format, **options):
        try:
            campaign = make(code, year, percents_in(weights) if weights else {}, source=source)
        except Refused as refusal:
            if format == "json":
                error = {"code": refusal.code, "message": str(refusal)}
                self.stdout.write(as_json({"errors": [error]}))
            raise CommandError(str(refusal)) from None
        data = as_data(campaign)
        if format == "json":
            self.stdout.write(as_json(data))
        else:
            self.stdout.write(f"{campaign.code}: {campaign} · {campaign.state()}")


@transaction.atomic
def make(
    code: str, year: int, percents: dict[str, Decimal], *, source: str | None = None
) -> Campaign:
    at = timezone.now()
    if source is None:
        campaign = create_campaign(code=code, year=year, by=ME, at=at)
    else:
        earlier = found(source)
        campaign = clone_campaign(source=earlier, code=code, year=year, by=ME, at=at)
    if percents:
        set_weights(campaign=campaign, percents=percents, by=ME, at=at)
    submit_campaign(campaign=campaign, by=ME, at=at)
    return approve_campaign(campaign=campaign, by=ME, at=at)


def found(code: str) -> Campaign:
    campaign = Campaign.objects.filter(code=code).first()
    if campaign is None:
        raise Refused(f"没有这个专项工作 / no such campaign: {code}", "source")
    return campaign


def percents_in(text: str) -> dict[str, Decimal]:
    """The figures of `customer_service=25,facilities=30`. Raises Refused for anything else."""
    percents: dict[str, Decimal] = {}
    for part in text.split(","):
        code, sign, figure = (piece.strip() for piece in part.partition("="))
        if not (code and sign) or code in percents:
            raise Refused(f"权重要写成 专业口=百分比，逗号分隔 / wrong weight: {part}", "weights")
        percents[code] = figure_in(figure)
    return percents


def figure_in(text: str) -> Decimal:
    try:
        figure = Decimal(text)
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite():
        raise Refused(f"不是数字 / not a number: {text}", "weights")
    return figure


def as_data(campaign: Campaign) -> dict:
    weights = campaign.weights.select_related("specialty")
    return {
        "campaign": campaign.code,
        "year": campaign.year,
        "state": campaign.state().code,
        "phases": [
            {"code": each.code, "start": each.start.isoformat(), "end": each.end.isoformat()}
            for each in campaign.phases.all()
        ],
        "milestones": campaign.milestones.count(),
        "weights": {each.specialty.code: f"{each.percent.normalize():f}" for each in weights},
        "errors": [],
    }


def as_json(data) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
