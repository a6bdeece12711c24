"""The plan's reward rules, or an earlier campaign's, become a new one's; and what still lacks."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from campaign.models import Campaign
from organization.copies import again
from rewards.amounts import require_known
from rewards.models import RewardRule, TeamReward


def load(campaign: Campaign, plan: dict, at: datetime) -> None:
    """Give a new campaign the plan's rules (plan.yaml, rewards and team_reward), in yuan.

    Raises Refused for a band that the plan doesn't have, and for an unknown role.
    """
    bands = {row["code"]: row["zh"] for row in plan["scoring"]["bands"]}
    require_known(bands, [(row["band"], row["role"]) for row in plan["rewards"]])
    RewardRule.objects.bulk_create(
        RewardRule(
            campaign=campaign, band=row["band"], role=row["role"], amount=Decimal(row["amount"])
        )
        for row in plan["rewards"]
    )
    team = plan["team_reward"]
    TeamReward.objects.create(
        campaign=campaign, lowest=team["from"], amount=Decimal(team["amount"])
    )


def clone(source: Campaign, target: Campaign, at: datetime) -> None:
    """Give a campaign an earlier one's rules and team reward (campaign.registry.CLONE_PARTS)."""
    team = TeamReward.objects.filter(campaign=source)
    for row in [*source.reward_rules.all(), *team]:
        again(row, campaign=target).save()


def missing(campaign: Campaign) -> list[str]:
    """Sentences about reward rules that name no band of the campaign, or that are absent."""
    rules = {rule.band for rule in campaign.reward_rules.all()}
    if not rules:
        return [_("还没有奖惩标准。")]
    unknown = rules - {band.code for band in campaign.bands.all()}
    return [_("奖惩标准里的等级“%(code)s”不存在。") % {"code": code} for code in sorted(unknown)]
