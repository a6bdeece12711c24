"""Each specialty asks what the projects need, trains them, and takes who came."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

from inspections.models import NeedsSurvey, Training
from inspections.training.attendance_list import take_attendance
from inspections.training.needs import answer_needs, ask_needs, topic_counts
from inspections.training.trainings import add_guest, invited_posts, plan_training
from organization.lists import ListRow
from organization.models import Project, Specialty
from organization.roles import Role
from portal.demo.content import texts
from portal.demo.story import Story, Thread

# Days of the plan; the training's obligation is due on 10-28.
ASKED, CLOSES, PLANNED, HELD = "10-17", "10-21", "10-22", "10-26"
LATER_PLANNED, LATER_HELD = "11-24", "12-08"
INVITED = [Role.PROJECT_MANAGER, Role.DEPARTMENT_HEAD]
PROJECTS_INVITED, TOPICS_TAKEN = 6, 3


def trainings(story: Story) -> Iterator[Thread]:
    told = texts()["training"]
    for code, specialty in story.cast.specialties.items():
        if code in told["topics"]:
            yield asked(story, specialty, told)
    for code, (title, topics) in told["later"].items():
        yield later(story, story.cast.specialties[code], title, topics)


def asked(story: Story, specialty: Specialty, told: dict) -> Thread:
    """The survey, and the training that comes of it."""
    rng, lead = story.rng("training", specialty.code), story.cast.leads[specialty.code]
    at = yield story.on(ASKED, rng)
    survey = ask_needs(
        campaign=story.campaign,
        specialty=specialty,
        title=told["survey"] % specialty.name,
        about=told["about"],
        topics=told["topics"][specialty.code],
        closes=story.calendar.day(CLOSES),
        by=lead,
        at=at,
    )
    for project in survey.projects.order_by("code"):
        if rng.random() < 0.85:
            story.begin(answered(story, survey, project, told["lines"]))
    at = yield story.on(PLANNED, rng)
    wanted = [topic.text for topic in topic_counts(survey)[:TOPICS_TAKEN]]
    title = told["titles"][specialty.code]
    training = plan(story, survey.specialty, title, wanted, HELD, at=at, survey=survey)
    at = yield story.on(HELD, rng)
    at = max(at, training.starts_at + timedelta(hours=2))
    take_attendance(training=training, rows=who_came(training, rng), by=lead, at=at)
    add_guest(training=training, name=told["guest"], by=lead, at=at + timedelta(minutes=5))


def answered(story: Story, survey: NeedsSurvey, project: Project, lines: list[str]) -> Thread:
    rng = story.rng("needs", survey.specialty.code, project.code)
    days = rng.randrange(1, 4)
    at = yield story.on(story.calendar.day(ASKED) + timedelta(days=days), rng)
    topics = list(survey.topics.values_list("pk", flat=True))
    answer_needs(
        survey=survey,
        project=project,
        topics=rng.sample(topics, rng.randrange(1, 4)),
        line=rng.choice(lines) if rng.random() < 0.4 else "",
        by=story.cast.teams[project.pk].manager,
        at=at,
    )


def later(story: Story, specialty: Specialty, title: str, topics: str) -> Thread:
    rng = story.rng("training", "later", specialty.code)
    at = yield story.on(LATER_PLANNED, rng)
    plan(story, specialty, title, [topics], LATER_HELD, at=at)


def plan(
    story: Story, specialty: Specialty, title: str, topics, day: str, *, at: datetime, survey=None
) -> Training:
    lead = story.cast.leads[specialty.code]
    afternoon = datetime.combine(story.calendar.day(day), time(14))
    return plan_training(
        campaign=story.campaign,
        specialty=specialty,
        survey=survey,
        projects=list(story.cast.projects[:PROJECTS_INVITED]),
        title=title,
        topics="\n".join(topics),
        starts_at=timezone.make_aware(afternoon),
        place=texts()["training"]["place"],
        trainer=lead.name,
        roles=INVITED,
        by=lead,
        at=at,
    )


def who_came(training: Training, rng: Random) -> list[ListRow]:
    """Everybody invited, nine of ten present."""
    people = {post.user: post for post in invited_posts(training).select_related("user")}
    return [
        ListRow(
            {
                "username": user.username,
                "name": user.name,
                "came": "是" if rng.random() < 0.9 else "否",
            }
        )
        for user in people
    ]
