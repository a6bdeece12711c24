"""Appeals in somebody's work: to be decided, or sent and not decided yet."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign
from inspections.models import Appeal, LateObservation
from organization.models import User
from organization.prepared import prepared
from organization.roles import PROJECT_LEADERS, Role
from organization.templatetags.ui import points
from portal.queues import appeals_for
from portal.work.campaigns import Campaigns
from portal.work.rows import Row, waited


def counted(appeals: QuerySet[Appeal]) -> QuerySet:
    appeals = appeals.order_by().values_list("sheet__campaign")
    return appeals.annotate(Count("pk"), Min("made_at"), kind=Value("appeal"))


def waiting_for(*, person) -> QuerySet:
    """For the center: appeals, and what came late."""
    late = LateObservation.objects.decidable_by(person).order_by().values_list("sheet__campaign")
    late = late.annotate(Count("pk"), Min("received_at"), kind=Value("late"))
    return counted(Appeal.objects.decidable_by(person)).union(late, all=True)


waiting_for_center = prepared(waiting_for, {"person": User._meta.pk})


def to_decide_of_sheets(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """One line for all appeals of a running campaign, and one for what came late; one query."""
    is_center = person.has_role(Role.MANAGEMENT_CENTER)
    rows = waiting_for_center(person=person.pk) if is_center else counted(appeals_for(person))
    for key, number, oldest, kind in rows:
        if campaign := campaigns.running.get(key):
            yield row_of(kind, campaign, number, oldest, at=at)


def row_of(kind: str, campaign: Campaign, number: int, oldest: datetime, *, at: datetime) -> Row:
    if kind == "late":
        title = ngettext("%(count)d 条迟到的记录待处理", "%(count)d 条迟到的记录待处理", number)
        state, url = LateObservation().state(), reverse("late", args=[campaign.code])
    else:
        title = ngettext("%(count)d 件申诉待处理", "%(count)d 件申诉待处理", number)
        state, url = Appeal().state(), reverse("appeals", args=[campaign.code]) + "?show=open"
    return Row(
        title=title % {"count": number},
        meta=str(campaign),
        state=state,
        url=url,
        action=_("处理"),
        since=oldest,
        count=number,
        note=waited(oldest, at),
    )


def appeals_made(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """One's own that nobody has decided yet; only leaders of projects make them."""
    if not person.has_role(*PROJECT_LEADERS):
        return
    mine = Appeal.objects.undecided().filter(made_by=person)
    related = ("sheet__campaign", "sheet__project", "sheet__specialty", "item")
    for each in mine.select_related(*related):
        if each.sheet.campaign_id in campaigns.running:
            words = {"sheet": each.sheet, "points": points(each.stood)}
            yield Row(
                title=_("申诉：%(item)s") % {"item": each.item.name},
                meta=_("扣 %(points)s 分 · %(sheet)s") % words,
                state=each.state(),
                url=each.get_absolute_url(),
                action=_("打开"),
                since=each.made_at,
                who=Role.MANAGEMENT_CENTER.label,
                note=waited(each.made_at, at),
            )
