"""Who is told of a settlement: who decides on it, who drew it up, whom it rewards or penalises."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.lifecycle import people_with
from campaign.telling import BATCH, News, tell, tell_each, tell_many
from organization.roles import Role
from organization.templatetags.ui import yuan
from rewards.changes import Change
from rewards.models import Adjustment, Award, Correction, Settlement


def tell_waiting(settlement: Settlement, *, at: datetime) -> None:
    tell(
        people=people_with(Role.PRESIDENT),
        occurrence=f"submitted {at:%Y%m%d%H%M%S%f}",
        title=lambda: _("结算待批准：%(campaign)s") % {"campaign": settlement.campaign},
        **known(settlement, at),
    )


def tell_returned(settlement: Settlement, *, at: datetime) -> None:
    tell(
        people=people_with(Role.MANAGEMENT_CENTER),
        occurrence=f"returned {at:%Y%m%d%H%M%S%f}",
        title=lambda: _("结算被退回：%(campaign)s") % {"campaign": settlement.campaign},
        body=settlement.return_reason,
        urgent=True,
        **known(settlement, at),
    )


def known(settlement: Settlement, at: datetime) -> dict:
    return {
        "campaign": settlement.campaign,
        "thing": f"settlement:{settlement.pk}",
        "url": reverse("settlement", args=[settlement.campaign.code]),
        "at": at,
    }


def tell_awarded(settlement: Settlement, *, at: datetime) -> None:
    """Everybody whose money moves is told how much, once for each project; a few queries for a
    thousand, and no more memory for a hundred thousand.

    A team's reward is nobody's own: the list has it. A line that was added by hand is told by
    itself, with its reason.
    """
    own = settlement.awards.filter(person__isnull=False).exclude(amount=0)
    awards = own.select_related("person", "project")
    added = settlement.adjustments.standing().filter(person__isnull=False)
    adjustments = added.select_related("person", "project")
    news = (news_of(award, settlement) for award in awards.iterator(BATCH))
    lines = (news_of_adjustment(each, settlement) for each in adjustments)
    tell_many(chain(news, lines), at=at)


def news_of(award: Award, settlement: Settlement) -> News:
    def title():
        words = {"project": award.project, "amount": yuan(award.amount)}
        if award.amount > 0:
            return _("奖励已批准：%(project)s %(amount)s") % words
        return _("处罚已批准：%(project)s %(amount)s") % words

    return News(
        people=[award.person],
        campaign=settlement.campaign,
        thing=f"award:{award.pk}",
        occurrence="approved",
        title=title,
        url=reverse("explain", args=[settlement.campaign.code, award.project.code]),
        urgent=True,
    )


def news_of_adjustment(adjustment: Adjustment, settlement: Settlement) -> News:
    def title():
        words = {"project": adjustment.project, "amount": yuan(adjustment.amount)}
        return _("人工调整已批准：%(project)s %(amount)s") % words

    return News(
        people=[adjustment.person],
        campaign=settlement.campaign,
        thing=f"adjustment:{adjustment.pk}",
        occurrence="approved",
        title=title,
        body=adjustment.reason,
        url=reverse("explain", args=[settlement.campaign.code, adjustment.project.code]),
        urgent=True,
    )


def tell_corrected(settlement: Settlement, changes: Sequence[Change], *, at: datetime) -> None:
    """Whoever gets something else than in the settlement that was corrected is told both."""
    news = [news_of_change(each, settlement) for each in changes if each.person]
    tell_each(news, at=at)


def news_of_change(change: Change, settlement: Settlement) -> News:
    def title():
        words = {"project": change.project, "was": yuan(change.was), "now": yuan(change.now)}
        return _("结算更正：%(project)s %(was)s 改为 %(now)s") % words

    return News(
        people=[change.person],
        campaign=settlement.campaign,
        thing=f"settlement:{settlement.pk}",
        occurrence=f"corrected {change.project.pk}",
        title=title,
        url=reverse("explain", args=[settlement.campaign.code, change.project.code]),
        urgent=True,
    )


def tell_correction_asked(correction: Correction, *, at: datetime) -> None:
    settlement = correction.settlement
    tell(
        people=people_with(Role.PRESIDENT),
        occurrence=f"correction {correction.pk} asked",
        title=lambda: _("申请更正结算：%(campaign)s") % {"campaign": settlement.campaign},
        body=correction.reason,
        **known(settlement, at),
    )


def tell_correction_decided(correction: Correction, *, at: datetime) -> None:
    settlement = correction.settlement

    def title():
        words = {"campaign": settlement.campaign}
        if correction.granted:
            return _("同意更正结算：%(campaign)s") % words
        return _("不同意更正结算：%(campaign)s") % words

    tell(
        people=people_with(Role.MANAGEMENT_CENTER),
        occurrence=f"correction {correction.pk} decided",
        title=title,
        body=correction.answer,
        urgent=True,
        **known(settlement, at),
    )
