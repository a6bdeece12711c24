"""A project's self-check as work, while its phase runs and something of it is left."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Phase
from inspections.permissions import checks_specialty
from inspections.self_check.self_checks import PHASE, address, left_to_check
from organization.clock import local_day
from organization.models import Project, User
from organization.roles import PROJECT_LEADERS, Role
from portal.work.campaigns import Campaigns
from portal.work.rows import Row
from portal.work.sheets import state_by


def self_checks_to_fill(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """One row per project in which the person may fill something that is left."""
    if not person.has_role(*PROJECT_LEADERS, Role.DEPARTMENT_HEAD):
        return
    today = local_day(at)
    for phase in campaigns.phases(PHASE):
        if not phase.start <= today <= phase.end:
            continue
        for project, left in left_to_check(phase.campaign, person.project_ids).items():
            posts = person.posts_in(project.pk)
            mine = [each for each in left if any(checks_specialty(post, each) for post in posts)]
            if mine:
                yield self_check_row(phase, project, len(mine), at=at)


def self_check_row(phase: Phase, project: Project, left: int, *, at: datetime) -> Row:
    words = ngettext(
        "%(project)s · 还有 %(count)d 个专业没有完成",
        "%(project)s · 还有 %(count)d 个专业没有完成",
        left,
    )
    return Row(
        title=_("自查评分"),
        meta=words % {"project": project, "count": left},
        state=state_by(phase.end, False, at=at),
        url=address(phase.campaign, project),
        action=_("自查"),
        due=phase.end,
    )
