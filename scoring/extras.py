"""Whether deductions beyond an item count in a campaign (ruling 4)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from campaign.models import Campaign
from campaign.seals import seal
from organization.history import record
from organization.prepared import prepared
from scoring.models import CampaignResults, DeductionRule, RuleKind
from scoring.weights import require_unopened_scoring


def extra_allowed(campaign: Campaign) -> bool:
    """Off unless the campaign says so: the plan's rubrics know no such deduction."""
    return bool(allowing_of(campaign=campaign.pk))


def has_extras(campaign: Campaign) -> bool:
    """Whether any of the campaign's rubrics has a rule that goes beyond its item."""
    return bool(extra_of(campaign=campaign.pk))


def allowing(*, campaign) -> QuerySet[CampaignResults]:
    found = CampaignResults.objects.filter(campaign__pk=campaign, extra_allowed=True)
    return found.values_list("pk")


def extra(*, campaign) -> QuerySet[DeductionRule]:
    rules = DeductionRule.objects.filter(item__rubric__campaign__pk=campaign, kind=RuleKind.EXTRA)
    return rules.rewrite(False).order_by().values_list("pk")[:1]


CAMPAIGN = {"campaign": Campaign._meta.pk}
allowing_of, extra_of = prepared(allowing, CAMPAIGN), prepared(extra, CAMPAIGN)


@transaction.atomic
def set_extra_allowed(*, campaign: Campaign, allowed: bool, by, at: datetime) -> None:
    """Let deductions beyond an item count, or not; the same as it is changes nothing.

    Leaves one record. Raises Refused once scoring is open: it is a rule of the scoring, like the
    weights (ruling 6).
    """
    results = CampaignResults.objects.hold(campaign)
    if results.extra_allowed == allowed:
        return
    require_unopened_scoring(campaign)
    results.extra_allowed = allowed
    results.save(update_fields=["extra_allowed"])
    record(on=campaign, verb="set_extra_allowed", by=by, at=at, allowed=allowed)
    seal(campaign, "terms", at=at)
