"""Score sheets as work: what is left of a specialty or of the whole, and what one has begun."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign, Phase
from inspections.models import ScoreSheet
from inspections.sheet.due_sheets import INSPECTION, due_day
from inspections.sheet.progress import Progress, progress
from organization import states
from organization.clock import days_late, local_day
from organization.models import User
from organization.prepared import prepared
from organization.roles import Role
from organization.states import State
from portal.queues import led_by
from portal.work.campaigns import Campaigns, only_of
from portal.work.rows import Row
from scoring.models import Standing

MOST_BEGUN = 20


def unfinished_in(*, campaigns) -> QuerySet:
    found = Standing.objects.filter(campaign__pk__in=campaigns, provisional=True).order_by()
    return found.values("campaign").annotate(n=Count("pk")).values_list("campaign", "n")


def opened_by(*, person, campaigns) -> QuerySet[ScoreSheet]:
    mine = ScoreSheet.objects.audits().unfinished().filter(opened_by=person)
    found = only_of(mine, campaigns).select_related("project", "specialty")
    return found.order_by("-opened_at")[:MOST_BEGUN]


OF_CAMPAIGNS = {"campaigns": Campaign._meta.pk}
unfinished_by_campaign = prepared(unfinished_in, OF_CAMPAIGNS)
newest_opened = prepared(opened_by, OF_CAMPAIGNS | {"person": User._meta.pk})


def sheets_to_fill(person: User, campaigns: Campaigns, *, at: datetime) -> list[Row]:
    """Due on the last day of the inspection phase (ruling 15)."""
    rows: list[Row] = []
    if person.has_role(Role.MANAGEMENT_CENTER):
        rows += of_campaigns(campaigns, at=at)
    if person.has_role(Role.SPECIALTY_LEAD):
        rows += of_specialties(person, campaigns, at=at)
    if person.has_role(Role.MANAGEMENT_CENTER, Role.SPECIALTY_LEAD):
        rows += begun(person, campaigns, at=at)
    return rows


def of_campaigns(campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """For the center: how many projects lack a sheet, which is what makes them provisional."""
    phases = {phase.campaign_id: phase for phase in campaigns.phases(INSPECTION)}
    for campaign, count in unfinished_by_campaign(campaigns=[*phases]):
        yield campaign_row(phases[campaign], count, at=at)


def campaign_row(phase: Phase, left: int, *, at: datetime) -> Row:
    words = ngettext("%(count)d 个项目还没评完", "%(count)d 个项目还没评完", left)
    return Row(
        title=_("检查验收评分"),
        meta=words % {"count": left},
        state=state_by(phase.end, phase.start <= local_day(at), at=at),
        url=reverse("sheets", args=[phase.campaign.code]),
        action=_("评分"),
        due=phase.end,
    )


def of_specialties(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """What is left of the specialties that this person leads."""
    mine = led_by(person)
    if not mine:
        return
    for campaign in campaigns.running.values():
        due = due_day(campaign)
        for each in progress(campaign, only=mine):
            if each.submitted < each.total:
                yield specialty_row(campaign, each, due, at=at)


def specialty_row(campaign: Campaign, each: Progress, due: date | None, *, at) -> Row:
    address = reverse("sheets", args=[campaign.code])
    is_begun = each.begun + each.submitted > 0
    figures = {"done": each.submitted, "all": each.total}
    return Row(
        title=_("%(specialty)s评分表") % {"specialty": each.specialty},
        meta=_("检查验收 · 已提交 %(done)d / %(all)d") % figures,
        state=state_by(due, is_begun, at=at),
        url=f"{address}?specialty={each.specialty.code}",
        action=_("评分"),
        due=due,
    )


def begun(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """Sheets that this person opened and has not submitted."""
    sheets = newest_opened(person=person.pk, campaigns=[*campaigns.running])
    for sheet in campaigns.of(sheets):
        due = due_day(sheet.campaign)
        figures = {"done": sheet.looked_at, "all": sheet.item_count}
        yield Row(
            title=str(sheet),
            meta=_("评分表 · 已看 %(done)d / %(all)d 项") % figures,
            state=state_by(due, bool(sheet.looked_at), at=at),
            url=sheet.get_absolute_url(),
            action=_("继续"),
            due=due,
        )


def state_by(due: date | None, is_begun: bool, *, at: datetime) -> State:
    behind = days_late(due, at) if due else 0
    if behind:
        return states.overdue(behind)
    if due == local_day(at):
        return states.DUE_TODAY
    return states.IN_PROGRESS if is_begun else states.NOT_STARTED
