"""Self-checks that are not complete, one thing per project (registry.DUE_SOURCES)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import ngettext

from campaign.models import Campaign, Participation
from campaign.owed import AsText, ids_in, owed_rows, thing_named
from campaign.registry import DueSource, Line
from inspections.models import ScoreSheet
from inspections.permissions import CHECKING_ROLES, checks_every_specialty
from inspections.self_check.self_checks import address, left_to_check, running_phase
from organization.models import Post, Project
from scoring.models import Rubric


def owed_self_checks(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """Due on the phase's last day from who may fill what is left of their project's."""
    phase = running_phase(campaign, at)
    if phase is None:
        return
    posts = (
        Post.objects.current()
        .of(*CHECKING_ROLES)
        .filter(user__is_active=True, project__participations__campaign=campaign)
    )
    posts = posts.annotate(part=F("project__participations"))
    left = left_of(campaign)
    own = Exists(left.filter(specialty=OuterRef("specialty")))
    yield owed_rows(
        posts.filter((checks_every_specialty() & Q(Exists(left))) | Q(own)),
        thing=thing_named("self_check", Value(str(campaign.pk)), AsText(F("project_id"))),
        due=phase.end,
        person="user",
        project="project",
    )


def left_of(campaign: Campaign) -> QuerySet:
    """Rubrics on which the project of an outer post (its `part`) has nothing handed in."""
    part, project = OuterRef(OuterRef("part")), OuterRef(OuterRef("project"))
    lacking = Participation.lacks.through.objects.filter(
        participation=part, specialty=OuterRef("specialty")
    )
    done = ScoreSheet.objects.self_checks().submitted()
    done = done.filter(campaign=campaign, project=project, specialty=OuterRef("specialty"))
    rubrics = Rubric.objects.current().filter(campaign=campaign)
    return rubrics.filter(~Exists(lacking), ~Exists(done))


def named_self_checks(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    ids = [int(project) for _campaign, project in ids_in(things).values()]
    return {
        f"self_check:{campaign.pk}:{project.pk}": Line(
            title_of(project, len(left)), address(campaign, project)
        )
        for project, left in left_to_check(campaign, ids).items()
    }


def title_of(project: Project, left: int) -> str:
    sentence = ngettext(
        "%(project)s自查评分：还有 %(count)d 个专业没有完成",
        "%(project)s自查评分：还有 %(count)d 个专业没有完成",
        left,
    )
    return sentence % {"project": project, "count": left}


SELF_CHECKS = DueSource("self_check", owed_self_checks, named_self_checks)
