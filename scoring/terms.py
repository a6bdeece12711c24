"""How a composite becomes a band, and how long a deduction may be appealed (rulings 1 and 14)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.seals import seal
from campaign.words import Rounding
from organization.errors import Refused
from organization.history import record
from scoring.models import CampaignResults
from scoring.weights import require_unopened_scoring

MOST_APPEAL_DAYS = 60


@transaction.atomic
def set_rounding(*, campaign: Campaign, rounding: str, by, at: datetime) -> None:
    """Choose how a composite becomes the whole point that decides the band.

    Leaves one record; the same again changes nothing. Raises Refused for a word that is no rule,
    and once scoring is open.
    """
    if rounding not in Rounding.values:
        raise Refused(_("没有这种取整方式。"), code="rounding", field="rounding")
    change(campaign, "rounding", rounding, verb="set_rounding", by=by, at=at)


@transaction.atomic
def set_appeal_days(*, campaign: Campaign, days: int, by, at: datetime) -> None:
    """Set for how many days after a sheet is signed its deductions may be contested.

    Leaves one record; the same again changes nothing. Raises Refused outside 0 to 60, and once
    scoring is open.
    """
    if not 0 <= days <= MOST_APPEAL_DAYS:
        raise Refused(
            _("申诉天数在 0 到 %(most)d 之间。") % {"most": MOST_APPEAL_DAYS},
            code="appeal_days",
            field="appeal_days",
        )
    change(campaign, "appeal_days", days, verb="set_appeal_days", by=by, at=at)


def change(campaign: Campaign, field: str, value, *, verb: str, by, at: datetime) -> None:
    CampaignResults.objects.hold(campaign)
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    was = getattr(held, field)
    if was == value:
        return
    require_unopened_scoring(held)
    setattr(held, field, value)
    held.save(update_fields=[field])
    record(on=held, verb=verb, by=by, at=at, was=was, now=value)
    seal(held, "terms", at=at)
