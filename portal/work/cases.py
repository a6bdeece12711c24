"""What a project is still asked by a case that was spread, as work; due to the minute."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.models import CaseSite
from organization.clock import local_day
from organization.models import User
from portal.work.campaigns import Campaigns
from portal.work.rows import Row


def cases_to_answer(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """The last to be answered comes with its hour, which a day alone would not tell."""
    if not person.project_ids:
        return
    sites = CaseSite.objects.owed_by(person).filter(case__campaign__in=campaigns.running)
    # not by joins: mostly there is none, and to name all their columns would take longest
    asked = sites.prefetch_related("project", "case__finding").order_by("case__answer_by", "pk")
    for site in asked:
        site.case.campaign = campaigns.running[site.case.campaign_id]
        if person.has_perm("inspections.answer_case", site):
            yield case_row(site, at=at)


def case_row(site: CaseSite, *, at: datetime) -> Row:
    hour = f"{timezone.localtime(site.case.answer_by):%H:%M}"
    words = {"project": site.project, "hour": hour}
    return Row(
        title=str(site.case),
        meta=_("举一反三 · %(project)s · %(hour)s 前答复") % words,
        state=site.state(at=at),
        url=site.get_absolute_url(),
        action=_("答复"),
        due=local_day(site.case.answer_by),
    )
