"""What projects still have to answer of a case, as something owed (registry.DUE_SOURCES)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.owed import holding_post, ids_in, local_day_of, owed_rows, thing_named
from campaign.registry import DueSource, Line
from inspections.models import Case, CaseSite
from inspections.permissions import CHECKING_ROLES, checks_specialty_by


def owed_cases(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """Due on the day of the deadline, whose hour stands in the words."""
    running = Case.objects.running().filter(campaign=campaign)
    who = holding_post("project__posts", *CHECKING_ROLES)
    mine = checks_specialty_by("project__posts__", F("case__finding__specialty"))
    yield owed_rows(
        CaseSite.objects.unanswered().filter(mine, case__in=running, **who),
        thing=thing_named("case", "case_id", "project_id"),
        due=local_day_of("case__answer_by"),
        person="project__posts__user",
        project="project",
    )


def named_cases(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    keys = [(int(case), int(project)) for case, project in ids_in(things).values()]
    sites = CaseSite.objects.filter(
        case__campaign=campaign,
        case__in={case for case, _project in keys},
        project__in={project for _case, project in keys},
    )
    lines = {}
    for site in sites.select_related("case", "project"):
        site.case.campaign = campaign
        line = Line(title_of(site), site.get_absolute_url())
        lines[f"case:{site.case_id}:{site.project_id}"] = line
    return {thing: line for thing, line in lines.items() if thing in things}


def title_of(site: CaseSite) -> str:
    hour = f"{timezone.localtime(site.case.answer_by):%H:%M}"
    words = {"project": site.project, "case": site.case, "hour": hour}
    return _("举一反三（%(hour)s 前答复）：%(project)s有没有“%(case)s”") % words


CASES = DueSource("case", owed_cases, named_cases)
