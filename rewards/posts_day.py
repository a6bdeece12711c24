"""The day on which posts count for the settlement: the campaign's, or else when it is drawn up."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from campaign.seals import seal
from organization.clock import local_day, start_of
from organization.errors import Refused
from organization.history import record
from rewards.models import Settlement, SettlementTerms

VERBS = {"set_posts_day": gettext_lazy("设定岗位截止日")}


def posts_day(campaign: Campaign) -> date | None:
    terms = SettlementTerms.objects.filter(campaign=campaign).first()
    return terms.posts_on if terms else None


def posts_moment(campaign: Campaign, *, at: datetime) -> datetime:
    """The moment at which posts count; raises Refused while its day is still to come."""
    day = posts_day(campaign)
    if day is None:
        return at
    if day > local_day(at):
        words = {"day": day.isoformat()}
        raise Refused(
            _("岗位截止日 %(day)s 还没有到。到那天再生成，或在专项设置的“奖惩标准”里改截止日。")
            % words,
            code="posts_day",
        )
    return start_of(day)


def same_day(settlement: Settlement) -> bool:
    """Whether it was drawn up for the day that the campaign has set by now.

    A correction keeps the moment of the one that it corrects.
    """
    if settlement.corrects_id:
        return True
    day = posts_day(settlement.campaign)
    return day is None or day == local_day(settlement.posts_as_of)


@transaction.atomic
def set_posts_day(*, campaign: Campaign, day: date | None, by, at: datetime) -> None:
    """Let posts count as they are on a day; None for the day on which it is drawn up.

    Leaves one record. Raises Refused while a settlement waits for approval, and once one was
    approved.
    """
    last = campaign.settlements.first()
    if last and (last.corrects_id or not last.is_open):
        raise Refused(_("结算已经提交，岗位截止日不能再改。"), code="submitted")
    terms = SettlementTerms.objects.filter(campaign=campaign).first()
    terms = terms or SettlementTerms(campaign=campaign)
    was, terms.posts_on = terms.posts_on, day
    terms.save()
    record(on=campaign, verb="set_posts_day", by=by, at=at, day=str(day or ""), was=str(was or ""))
    seal(campaign, "settlement_day", at=at)
