"""What findings go through besides: causes, later due dates, and the same thing found again."""

from datetime import date, timedelta
from random import Random

from inspections.finding.extensions import ask_extension, decide_extension
from inspections.finding.findings import open_finding
from inspections.models import Finding
from organization.models import User
from portal.demo.content import texts
from portal.demo.story import Story, Thread
from scoring.models import Requirement

# Projects in which the audit finds again what was rectified.
CARELESS = ("P04", "P05")


def cause_of(finding: Finding, rng: Random) -> dict[str, str]:
    """Why it came to this, as the one says who rectifies it."""
    cause, text = rng.choice(texts()["story"]["causes"][finding.specialty.code])
    return {"cause": cause, "cause_text": text}


def requirements(story: Story) -> dict[str, Requirement]:
    """Item code -> its first requirement, which a plan's line is taken to be about."""
    lines = Requirement.objects.filter(item__rubric__campaign=story.campaign, number=1)
    return {line.item.code: line for line in lines.select_related("item")}


def put_off(story: Story, finding: Finding, day: date, answer: str) -> Thread:
    """On a day somebody asks for a week more; `answer` is granted, refused, or nothing yet."""
    rng, said = story.rng("extension", finding.project.code, finding.problem), texts()["story"]
    manager: User = story.cast.teams[finding.project_id].manager
    at = yield story.on(day, rng)
    finding = Finding.objects.get(pk=finding.pk)
    extension = ask_extension(
        finding=finding,
        due=finding.due + timedelta(days=7),
        reason=rng.choice(said["extension_reasons"]),
        by=finding.responsible or manager,
        at=at,
    )
    if not answer:
        return
    at = yield at + timedelta(hours=rng.randrange(2, 6))
    decide_extension(
        extension=extension,
        granted=answer == "granted",
        due=extension.asked_due if answer == "granted" else None,
        reason=rng.choice(said[f"extension_{answer}"]),
        by=story.cast.center,
        at=at,
    )


def found_again(story: Story, first: Finding, day: date) -> Thread:
    """The audit opens once more what the project had made good."""
    rng = story.rng("again", first.project.code)
    at = yield story.on(day, rng)
    open_finding(
        campaign=story.campaign,
        project=first.project,
        problem=texts()["story"]["found_again"] % first.problem,
        specialty=first.specialty,
        measure=first.measure,
        responsible=first.responsible,
        requirement=first.requirement,
        due=story.calendar.day("12-08"),
        by=story.cast.auditor,
        at=at,
    )
