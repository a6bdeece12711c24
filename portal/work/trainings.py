"""Surveys and trainings as work: to answer, to come to, to hold."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from inspections.models import NeedsSurvey, Training
from organization import states
from organization.clock import days_late, local_day
from organization.models import User
from organization.roles import PROJECT_LEADERS, Role
from organization.states import State
from organization.templatetags.ui import moment
from portal.queues import led_by
from portal.work.campaigns import Campaigns
from portal.work.rows import Row


def trainings_to_do(person: User, campaigns: Campaigns, *, at: datetime) -> list[Row]:
    rows: list[Row] = []
    if person.has_role(*PROJECT_LEADERS):
        rows += to_answer(person, campaigns, at=at)
    if person.project_ids:
        rows += to_attend(person, campaigns, at=at)
    if person.has_role(Role.SPECIALTY_LEAD):
        rows += to_hold(person, campaigns, at=at)
    return rows


def to_answer(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """A survey once for each project that this person leads and that has not answered."""
    led = {p.project_id: p.project for p in person.current_posts if p.role in PROJECT_LEADERS}
    surveys = NeedsSurvey.objects.open(at=at).filter(campaign__in=campaigns.running)
    if not surveys.exists():  # most of the year, and much cheaper than to ask which are owed
        return
    owed = surveys.owed_by(led).select_related("specialty").order_by("closes", "pk")
    for survey in campaigns.of(owed):
        project = led[survey.project]
        words = {"project": project, "specialty": survey.specialty}
        yield Row(
            title=str(survey),
            meta=_("培训需求 · %(project)s · %(specialty)s") % words,
            state=states.DUE_TODAY if survey.closes == local_day(at) else states.NOT_STARTED,
            url=f"{survey.get_absolute_url()}?project={project.code}",
            action=_("填写"),
            due=survey.closes,
        )


def to_attend(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """A training to which one of the posts is invited, until it is over or the person came."""
    posts = {(post.project_id, post.role) for post in person.current_posts}
    coming = Training.objects.on_record().coming(at=at).filter(campaign__in=campaigns.running)
    if not coming.exists():
        return
    mine = coming.unmarked(person).inviting(person.project_ids)
    shown: set[int] = set()
    for training in campaigns.of(mine.select_related("specialty")):
        invited = any((training.project, role) in posts for role in training.roles)
        if invited and training.pk not in shown:
            shown.add(training.pk)
            yield training_row(training, _("打开"), at=at)


def to_hold(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """For a specialty's lead: to hold it, and until somebody is marked to say who came."""
    mine = Training.objects.on_record().filter(specialty__in=led_by(person), attendances=None)
    running = mine.filter(campaign__in=campaigns.running)
    for training in campaigns.of(running.select_related("specialty")):
        begun = training.day <= local_day(at)
        yield training_row(training, _("登记到场") if begun else _("打开"), at=at)


def training_row(training: Training, action: str, *, at: datetime) -> Row:
    words = {"moment": moment(training.starts_at), "place": training.place}
    held = _("培训 · %(moment)s · %(place)s") % words
    return Row(
        title=str(training),
        meta=f"{held} · {training.specialty}",
        state=state_of(training, at=at),
        url=reverse("training", args=[training.campaign.code, training.pk]),
        action=action,
        due=training.day,
    )


def state_of(training: Training, *, at: datetime) -> State:
    behind = days_late(training.day, at)
    if behind:
        return states.overdue(behind)
    return states.DUE_TODAY if training.day == local_day(at) else states.NOT_STARTED
