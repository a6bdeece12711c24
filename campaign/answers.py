"""The first line of a page: how the thing stands and what its reader can do about it."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign, Obligation
from campaign.obstacles import Obstacle
from organization.models import User
from organization.roles import Role
from organization.templatetags.ui import day


def answer(obligation: Obligation, user: User, *, obstacles: list[Obstacle], at: datetime) -> str:
    """One sentence for this reader."""
    if obligation.accepted_at:
        return done(obligation, at)
    if obligation.submitted_at:
        if user.has_perm("campaign.accept", obligation) and not obligation.is_met_by_plan:
            return _("等您审核")
        return _("已提交，等%(role)s审核") % {"role": reviewer(obligation)}
    if obligation.is_met_by_plan:
        return _("实施方案备案后完成")
    if not user.has_perm("campaign.submit", obligation):
        return _("等%(who)s提交") % {"who": obligation.subject}
    if obstacles:
        return obstacles[0].brief
    if obligation.returned_at:
        return _("已退回，补正后再提交")
    return _("资料已齐，可以提交")


def done(obligation: Obligation, at: datetime) -> str:
    behind = obligation.days_late(at=at)
    if behind:
        words = ngettext("已通过，迟了 %(days)d 天", "已通过，迟了 %(days)d 天", behind)
        return words % {"days": behind}
    return _("已按时完成")


def reviewer(obligation: Obligation) -> str:
    return Role(obligation.milestone.reviewer).label


def campaign_answer(campaign: Campaign, user: User, *, first_day: date | None) -> str:
    """One sentence for this reader about a campaign's set-up."""
    if campaign.closed_at:
        return _("已结束")
    if campaign.started_at:
        return _("进行中，%(day)s开始") % {"day": day(campaign.started_at)}
    if campaign.approved_at:
        return _("已批准，%(day)s自动开始") % {"day": day(first_day)}
    if campaign.submitted_at:
        mine = user.has_perm("campaign.approve_campaign", campaign)
        return _("等您批准") if mine else _("等总经理批准")
    return _("已退回，请修改后再提交") if campaign.returned_at else _("草稿，还没有提交审批")


def first_day(campaign: Campaign) -> date | None:
    """The first day of the first phase."""
    return min((phase.start for phase in campaign.phases_in_order), default=None)
