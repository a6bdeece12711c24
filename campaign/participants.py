"""Projects that leave a campaign again, and the specialties that one does not have (ruling 5)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from campaign.models import Campaign, Participation
from campaign.registry import ON_LACKS_CHANGED, ON_PROJECTS_LEAVE, TRACES
from campaign.seals import seal
from organization.errors import Refused
from organization.history import record
from organization.models import Project, Specialty

NAMED = 5  # projects that a refusal names


@transaction.atomic
def leave_projects(
    *, campaign: Campaign, projects: Iterable[Project], by, at: datetime
) -> list[Project]:
    """Take projects out again with what they owe; those that don't take part stay out.

    Possible before the start, and later for a project that has done nothing yet. All or none;
    leaves one record and returns who left. Raises Refused naming the projects that have done
    something, and after the end.
    """
    campaign = locked(campaign)
    if campaign.closed_at:
        raise Refused(_("专项工作已经结束，项目不能再退出。"), code="closed")
    asked = {project.pk: project for project in projects}
    leaving = Participation.objects.filter(campaign=campaign, project__in=asked)
    gone = [asked[pk] for pk in leaving.values_list("project_id", flat=True)]
    if not gone:
        return []
    check_untouched(campaign, gone)
    for follow in ON_PROJECTS_LEAVE:
        follow(campaign, gone, at)
    drop_obligations(campaign, gone)
    leaving.delete()
    codes = [project.code for project in gone]
    record(on=campaign, verb="leave_projects", by=by, at=at, projects=codes, name=in_short(codes))
    seal(campaign, "participants", at=at)
    return gone


def drop_obligations(campaign: Campaign, projects: Collection[Project]) -> None:
    """Nothing was done about them; what another app has tied to one keeps the project in."""
    try:
        campaign.obligations.filter(project__in=projects).delete()
    except ProtectedError:
        raise Refused(_("已经有填报或检查记录，不能退出。"), code="busy") from None


def check_untouched(campaign: Campaign, projects: Collection[Project]) -> None:
    busy = {pk for trace in TRACES for pk in trace(campaign, projects)}
    if names := [str(project) for project in projects if project.pk in busy]:
        words = {"projects": in_short(names)}
        raise Refused(_("已经有填报或检查记录，不能退出：%(projects)s。") % words, code="busy")


def in_short(names: list[str]) -> str:
    shown = _("、").join(names[:NAMED])
    return f"{shown}…" if len(names) > NAMED else shown


def worked_on(campaign: Campaign, projects: Collection[Project]) -> Iterable[int]:
    """Ids of the projects that did something about what they owe (registry.TRACES)."""
    done = Q(first_submitted_at__isnull=False) | Q(evidence__isnull=False) | ~Q(note="")
    owed = campaign.obligations.filter(done, project__in=projects)
    return owed.values_list("project_id", flat=True)


@transaction.atomic
def set_lacks(
    *, campaign: Campaign, project: Project, specialties: Collection[Specialty], by, at: datetime
) -> Participation:
    """Say which specialties a project does not have; its standing follows (scoring).

    Leaves one record where something changes. Raises Refused for a project that does not take
    part, when all specialties would be lacking, after the end, and what scoring refuses.
    """
    campaign = locked(campaign)
    part = Participation.objects.filter(campaign=campaign, project=project).first()
    if part is None:
        raise Refused(_("这个项目没有参加。"), code="not_taking_part")
    was = set(part.lacks.values_list("code", flat=True))
    now = {specialty.code for specialty in specialties}
    if was == now:
        return part
    if campaign.closed_at:
        raise Refused(_("专项工作已经结束，不能再改。"), code="closed")
    if not Specialty.objects.exclude(code__in=now).exists():
        words = {"project": project}
        raise Refused(_("“%(project)s”至少要涉及一个专业。") % words, code="all_lacking")
    part.lacks.set(specialties)
    seal(campaign, "participants", at=at)  # before standings are held, as elsewhere
    for follow in ON_LACKS_CHANGED:
        follow(campaign, project, at)
    record(
        on=campaign,
        verb="set_lacks",
        by=by,
        at=at,
        name=str(project),
        project=project.code,
        was=sorted(was),
        lacks=sorted(now),
    )
    return part


def locked(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update().get(pk=campaign.pk)
