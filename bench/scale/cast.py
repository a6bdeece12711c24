"""Who works in the load: auditors with a sheet each, managers of projects; prints them as JSON.

    python -m bench.scale.cast PEOPLE

One in five is an auditor of the center, who is added; the others are there.
"""

import json
import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402 after setup

from bench.scale.copying import code_of  # noqa: E402
from campaign.models import Campaign, Obligation  # noqa: E402
from inspections.models import Finding, PlanRevision, ScoreSheet  # noqa: E402
from organization.models import Post, User  # noqa: E402
from organization.roles import Role  # noqa: E402
from organization.tokens import make_token  # noqa: E402
from scoring.models import Requirement  # noqa: E402

COPIED = code_of(0)[0]  # how the codes of copies begin


def main(people: int) -> None:
    campaign, at = Campaign.objects.get(code="demo"), timezone.now()
    auditors = list(islice_of(auditors_of(campaign, at), people // 5))
    managers = list(islice_of(managers_of(campaign), people - len(auditors)))
    print(json.dumps({"auditors": auditors, "managers": managers}))


def islice_of(rows, number: int):
    for row, _number in zip(rows, range(number), strict=False):
        yield row


def auditors_of(campaign, at):
    password = User.objects.get(username="center").password
    sheets = ScoreSheet.objects.audits().unfinished().filter(campaign=campaign)
    sheets = sheets.filter(project__code__startswith=COPIED).order_by("pk")
    codes = list(
        campaign.projects.filter(code__startswith=COPIED).order_by("pk").values_list("code")[:500]
    )
    for number, sheet in enumerate(sheets):
        name = f"load-{number:03}"
        person = User.objects.create(username=name, name=name, password=password)
        Post.objects.create(user=person, role=Role.MANAGEMENT_CENTER)
        _token, secret = make_token(user=person, name="phone", days=30, at=at)
        lines = Requirement.objects.filter(item__rubric=sheet.rubric_id)
        yield {
            "username": name,
            "token": secret,
            "sheet": sheet.pk,
            "rubric": sheet.rubric_id,
            "taps": list(lines.values_list("item", "pk")),
            "projects": [code for (code,) in codes],
        }


def managers_of(campaign):
    """Of projects that are writing the next version of their plan first."""
    drafts = dict(
        PlanRevision.objects.filter(
            submitted_at=None, filed_at=None, discarded_at=None, plan__campaign=campaign
        ).values_list("plan__project", "number")
    )
    posts = Post.objects.of(Role.PROJECT_MANAGER).filter(project__code__startswith=COPIED)
    posts = posts.select_related("user", "project").order_by("pk")
    for post in sorted(posts, key=lambda each: each.project_id not in drafts):
        of_project = {"campaign": campaign, "project": post.project_id}
        owed = open_one(Obligation.objects.filter(**of_project))
        finding = Finding.objects.opened().filter(**of_project).first()
        yield {
            "username": post.user.username,
            "project": post.project.code,
            "revision": drafts.get(post.project_id),
            "obligation": owed.pk,
            "note": owed.note,
            "finding": finding and str(finding.pk),
        }


def open_one(owed) -> Obligation:
    """One that files are uploaded for; most of them are done by now, and this one is not."""
    found = owed.select_related("milestone").order_by("pk")
    chosen = next(each for each in found if "minutes" in each.milestone.evidence)
    opened = {"submitted_at": None, "accepted_at": None, "submitted_by": None, "accepted_by": None}
    Obligation.objects.filter(pk=chosen.pk).update(**opened)
    return chosen


main(int(sys.argv[1]))
