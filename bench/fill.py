"""Migrates and fills the database that the environment names; prints what to measure as JSON.

python -m bench.fill PROJECTS [work] [league]
"""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 after setup
from django.db import transaction  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.build import build  # noqa: E402
from bench.build_league import add_league  # noqa: E402
from bench.build_ledger import add_ledger  # noqa: E402
from bench.build_work import add_work  # noqa: E402
from inspections.models import ScoreSheet  # noqa: E402
from scoring.models import Requirement  # noqa: E402


def main(projects: int, *more: str) -> None:
    call_command("migrate", verbosity=0)
    campaign = build(projects)
    if "league" in more:
        with transaction.atomic():
            add_league(campaign, timezone.now())
    if "work" in more:
        with transaction.atomic():
            add_work(campaign, timezone.now())
            add_ledger(campaign, timezone.now())
    sheet = ScoreSheet.objects.unfinished().filter(campaign=campaign).order_by("pk").first()
    taps = Requirement.objects.filter(item__rubric=sheet.rubric).values_list("item", "pk")
    print(
        json.dumps(
            {
                "observe": reverse("sheet_entry", args=[campaign.code, sheet.pk]),
                "taps": list(taps),
            }
        )
    )


main(int(sys.argv[1]), *sys.argv[2:])
