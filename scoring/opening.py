"""Scoring opens with the first audit sheet, freezes with the settlement, reopens to correct it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.seals import seal
from organization.errors import Refused
from organization.history import record
from organization.prepared import prepared
from scoring.bands import band_problems
from scoring.models import CampaignResults, Standing
from scoring.weights import weight_problems


def require_open_results(campaign: Campaign) -> None:
    """Refuse any move that would change results after they were frozen (ruling 13)."""
    if frozen_of(campaign=campaign.pk):
        raise Refused(_("结算已批准，成绩不能再改。"), code="frozen")


@transaction.atomic
def open_scoring(*, campaign: Campaign, at: datetime, by="command") -> None:
    """Open scoring with the first audit sheet: from here on weights and bands are locked.

    Does nothing when it is open. Raises Refused when the weights do not add up to 100 or the
    bands do not cover 0 to 100 (rulings 1 and 6), or results are frozen. Leaves one record.
    """
    results = CampaignResults.objects.hold(campaign)
    require_open_results(campaign)
    if results.opened_at:
        return
    if missing := [*weight_problems(campaign), *band_problems(campaign)]:
        raise Refused(" ".join(map(str, missing)), code="not_ready")
    results.opened_at = at
    results.save(update_fields=["opened_at"])
    record(on=campaign, verb="open_scoring", by=by, at=at, before="set_up", after="open")
    seal(campaign, "terms", at=at)


@transaction.atomic
def freeze(*, campaign: Campaign, by, at: datetime) -> None:
    """Close the results for good, when a settlement is approved. Leaves one record.

    Every standing is locked first: a score that is being recorded finishes before, one that
    comes later finds the results frozen. Raises Refused when they already are.
    """
    # before the standings, as whoever opens a sheet and hands it in at once has it
    results = CampaignResults.objects.hold(campaign)
    list(Standing.objects.filter(campaign=campaign).order_by("pk").select_for_update())
    require_open_results(campaign)
    results.frozen_at, results.appeals_until = at, None
    results.save(update_fields=["frozen_at", "appeals_until"])
    record(on=campaign, verb="freeze_results", by=by, at=at, before="open", after="frozen")
    seal(campaign, "terms", at=at)


@transaction.atomic
def reopen(
    *, campaign: Campaign, reason: str, appeals_until: datetime | None = None, by, at: datetime
) -> None:
    """Open frozen results once more, for a correction that was granted; they freeze with it.

    Until `appeals_until` deductions may be contested though their windows are over. Leaves one
    record with the reason. Raises Refused when the results are not frozen.
    """
    results = CampaignResults.objects.hold(campaign)
    if not results.frozen_at:
        raise Refused(_("成绩没有冻结，不用重新打开。"), code="open")
    was = results.frozen_at
    results.frozen_at, results.reopened_at, results.appeals_until = None, at, appeals_until
    results.save(update_fields=["frozen_at", "reopened_at", "appeals_until"])
    record(
        on=campaign, verb="reopen_results", by=by, at=at, reason=reason, frozen_at=was.isoformat()
    )
    seal(campaign, "terms", at=at)


def late_appeals_until(campaign: Campaign) -> datetime | None:
    """Until when a correction lets deductions be contested beyond their windows."""
    results = CampaignResults.objects.filter(campaign=campaign, frozen_at__isnull=True)
    return results.values_list("appeals_until", flat=True).first()


def know_results(campaign: Campaign) -> None:
    """Have `campaign.results` at hand, for a page that only reads them."""
    if Campaign.results.related.is_cached(campaign):
        return
    Campaign.results.related.set_cached_value(campaign, None)
    for found in results_of(campaign=campaign.pk):
        found.campaign = campaign  # which is then where the campaign looks for its results


def kept_results(*, campaign):
    return CampaignResults.objects.filter(campaign__pk=campaign)


results_of = prepared(kept_results, {"campaign": Campaign._meta.pk})


def frozen(*, campaign):
    return kept_results(campaign=campaign).filter(frozen_at__isnull=False).values_list("pk")


frozen_of = prepared(frozen, {"campaign": Campaign._meta.pk})
