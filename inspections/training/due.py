"""Needs to state, trainings to hold and to attend, as something owed (registry.DUE_SOURCES)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.utils.translation import gettext as _

from campaign.models import Campaign, Participation
from campaign.owed import AsText, holding_post, ids_in, local_day_of, owed_rows, thing_named
from campaign.registry import DueSource, Line
from inspections.models import NeedsAnswer, Training
from inspections.training.trainings import invited_posts
from organization.clock import local_day
from organization.roles import PROJECT_LEADERS, Role

LEAD, INVITED = "lead", "invited"
PROJECT = "campaign__participations__project"


def owed_needs(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """An answer is due on the closing day from who leads a project that owes one."""
    open_ones = campaign.surveys.open(at=at).filter(
        **holding_post(f"{PROJECT}__posts", *PROJECT_LEADERS)
    )
    asked = open_ones.annotate(part=F("campaign__participations"), asked_project=F(PROJECT))
    lacking = Participation.objects.filter(pk=OuterRef("part"), lacks=OuterRef("specialty"))
    answers = NeedsAnswer.objects.filter(survey=OuterRef("pk"), project=OuterRef("asked_project"))
    yield owed_rows(
        asked.filter(~Exists(lacking), ~Exists(answers)),
        thing=thing_named("needs", "pk", AsText(F("asked_project"))),
        due=F("closes"),
        person=f"{PROJECT}__posts__user",
        project="asked_project",
    )


def named_needs(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    """The same words for every project that is asked."""
    ids = {thing: int(survey) for thing, (survey, _project) in ids_in(things).items()}
    surveys = campaign.surveys.in_bulk(set(ids.values()))
    lines = {}
    for thing, pk in ids.items():
        if survey := surveys.get(pk):
            survey.campaign = campaign
            title = _("填写培训需求：%(title)s") % {"title": survey.title}
            lines[thing] = Line(title, survey.get_absolute_url())
    return lines


def owed_trainings(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """Its lead holds it and takes the attendance; until its day is over the invited come."""
    open_ones = campaign.trainings.on_record().filter(attendances=None)
    yield owed_rows(
        open_ones.filter(**holding_post("specialty__post", Role.SPECIALTY_LEAD)),
        thing=thing_named("training", "pk", Value(LEAD)),
        due=local_day_of("starts_at"),
        person="specialty__post__user",
    )
    for training in open_ones.coming(at=at):
        yield owed_rows(
            invited_posts(training),
            thing=f"training:{training.pk}:{INVITED}",
            due=local_day(training.starts_at),
            person="user",
            project="project",
        )


def named_trainings(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    keys = {thing: (int(pk), whose) for thing, (pk, whose) in ids_in(things).items()}
    trainings = campaign.trainings.in_bulk({pk for pk, _whose in keys.values()})
    lines = {}
    for thing, (pk, whose) in keys.items():
        if training := trainings.get(pk):
            training.campaign = campaign
            lines[thing] = Line(title_of(training, whose), training.get_absolute_url())
    return lines


def title_of(training: Training, whose: str) -> str:
    words = {"title": training.title}
    if whose == LEAD:
        return _("组织培训并登记到场：%(title)s") % words
    return _("参加培训：%(title)s") % words


NEEDS = DueSource("needs", owed_needs, named_needs)
TRAININGS = DueSource("training", owed_trainings, named_trainings)
