"""Appeals in somebody's work: to be decided, or sent and not decided yet."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.models import Appeal
from organization.models import User
from organization.roles import PROJECT_LEADERS, Role
from organization.templatetags.ui import points
from portal.queues import appeals_for
from portal.work.campaigns import Campaigns
from portal.work.rows import Row, waited


def appeals_to_decide(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """One line for all of a running campaign."""
    waiting = appeals_for(person).order_by().values_list("sheet__campaign")
    for key, number, oldest in waiting.annotate(Count("pk"), Min("made_at")):
        if campaign := campaigns.running.get(key):
            words = ngettext("%(count)d 件申诉待处理", "%(count)d 件申诉待处理", number)
            yield Row(
                title=words % {"count": number},
                meta=str(campaign),
                state=Appeal().state(),
                url=reverse("appeals", args=[campaign.code]) + "?show=open",
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
