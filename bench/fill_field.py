"""A database with a sheet and a token for each device, for bench.field; prints them as JSON."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 after setup
from django.utils import timezone  # noqa: E402

from bench.build import build  # noqa: E402
from inspections.models import ScoreSheet  # noqa: E402
from inspections.sheet.sealing import SEALED, sealed  # noqa: E402
from organization.models import Post, User  # noqa: E402
from organization.roles import Role  # noqa: E402
from organization.tokens import make_token  # noqa: E402
from scoring.models import Requirement  # noqa: E402


def main(devices: int) -> None:
    call_command("migrate", verbosity=0)
    campaign = build(devices + 1)
    at = timezone.now()
    ScoreSheet.objects.filter(campaign=campaign).update(submitted_at=None)
    sheets = ScoreSheet.objects.filter(campaign=campaign, kind="audit").order_by("project", "pk")
    firsts = list({sheet.project_id: sheet for sheet in reversed(sheets)}.values())
    found = []
    for number, sheet in enumerate(firsts[: devices + 1]):
        sheet.seal = sealed(sheet)
        sheet.save(update_fields=SEALED)
        auditor = User.objects.create(username=f"auditor{number}", name=f"检查{number}")
        Post.objects.create(user=auditor, role=Role.MANAGEMENT_CENTER)
        _token, secret = make_token(user=auditor, name="phone", days=30, at=at)
        lines = Requirement.objects.filter(item__rubric=sheet.rubric_id)
        taps = list(lines.values_list("item", "pk"))
        found.append({"token": secret, "sheet": sheet.pk, "taps": taps})
    print(json.dumps({"single": found[0], "devices": found[1:]}))


main(int(sys.argv[1]))
