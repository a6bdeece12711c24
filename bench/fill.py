"""Migrates and fills the database that the environment names; prints what to measure as JSON."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 after setup
from django.urls import reverse  # noqa: E402

from bench.build import build  # noqa: E402
from inspections.models import ScoreSheet  # noqa: E402
from scoring.models import Requirement  # noqa: E402


def main(projects: int) -> None:
    call_command("migrate", verbosity=0)
    campaign = build(projects)
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


main(int(sys.argv[1]))
