"""On-site support: a specialty's visits, and what the projects say about them."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from django.core.files.base import ContentFile

from campaign.models import Obligation, SupportVisit
from campaign.visits import add_visit_file, confirm_visit, dispute_visit, log_visit
from organization.models import Project
from portal.demo.album import drawn
from portal.demo.content import texts
from portal.demo.fates import fate_of
from portal.demo.story import Story, Thread

VISITS = 4
OBJECTED_TO = 2  # the third of them
# Days before the list is handed in, and after it came back.
BEFORE, AFTER = 8, 3
SCENES = {
    "customer_service": "board",
    "facilities": "plant",
    "order": "gate",
    "environment": "bins",
}


def support(story: Story, obligation: Obligation) -> Iterator[Thread]:
    """Some visits that are confirmed before the list is handed in; one more after a return."""
    rng = story.rng("support", obligation.specialty.code)
    fate, projects = fate_of(story, obligation, rng), places(story, obligation, rng)
    last = story.calendar.day(fate.handed_in)
    for number, project in enumerate(projects[:VISITS]):
        day = last - timedelta(days=BEFORE + 2 * number)
        answered = last - timedelta(days=rng.randrange(2, 5))
        yield visit(story, obligation, project, day, answered, objects=number == OBJECTED_TO)
    if fate.again:
        back, again = story.calendar.day(fate.returned), story.calendar.day(fate.again)
        day = back + timedelta(days=AFTER)
        yield visit(story, obligation, projects[-1], day, again - timedelta(days=2))


def places(story: Story, obligation: Obligation, rng: Random) -> list[Project]:
    """Projects that have people of this specialty."""
    code = obligation.specialty.code
    there = [p for p in story.cast.projects if code in story.cast.teams[p.pk].workers]
    return rng.sample(there, min(VISITS + 1, len(there)))


def visit(
    story: Story, obligation, project: Project, day: date, answered: date, *, objects=False
) -> Thread:
    """Logged the day after; the project may object before it confirms."""
    specialty, words = obligation.specialty.code, texts()["story"]["visits"]
    rng = story.rng("visit", specialty, project.code)
    lead, manager = story.cast.leads[specialty], story.cast.teams[project.pk].manager
    at = yield story.on(day + timedelta(days=1), rng)
    logged = log_visit(
        obligation=obligation,
        project=project,
        day=day,
        went="、".join([lead.name, story.cast.auditor.name]),
        found=rng.choice(words["found"][specialty]),
        by=lead,
        at=at,
    )
    if rng.random() < 0.5:
        photograph(story, logged, rng, at=at)
    if objects:
        at = yield story.on(min(day + timedelta(days=2), answered), rng)
        dispute_visit(visit=logged, reason=rng.choice(words["disputed"]), by=manager, at=at)
    at = yield story.on(answered, rng)
    confirm_visit(visit=logged, by=manager, at=at)


def photograph(story: Story, logged: SupportVisit, rng: Random, *, at) -> None:
    look = rng.randrange(4)
    scene = SCENES[logged.obligation.specialty.code]
    picture = ContentFile(drawn(scene, 1, look), name=f"IMG_{at:%Y%m%d_%H%M%S}.jpg")
    file = add_visit_file(visit=logged, upload=picture, by=logged.logged_by, at=at)
    story.album.keep(file.file)
