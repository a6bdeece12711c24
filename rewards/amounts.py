"""What a band and a role earn, and the team: set whole, on record, until somebody was asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from campaign.seals import seal
from organization.errors import Refused
from organization.history import record
from organization.roles import Role
from rewards.models import RewardRule, Settlement, TeamReward
from rewards.settlement import lock_last
from scoring.models import CampaignResults
from scoring.opening import require_open_results

VERBS = {
    "set_reward_rules": gettext_lazy("设定奖惩标准"),
    "set_team_reward": gettext_lazy("设定团队奖"),
}


@transaction.atomic
def set_reward_rules(
    *, campaign: Campaign, amounts: Mapping[tuple[str, str], Decimal], by, at: datetime
) -> None:
    """Replace a campaign's rules: yuan by band and role, negative for a penalty.

    Leaves one record. Raises Refused when a band is not the campaign's, a role is unknown, or when
    a settlement is waiting for approval or approved: its list would no longer be what the rules
    say.
    """
    require_no_settlement(campaign)
    require_known({band.code: band.name for band in campaign.bands.all()}, amounts)
    was = as_words(campaign)
    campaign.reward_rules.all().delete()
    RewardRule.objects.bulk_create(
        RewardRule(campaign=campaign, band=band, role=role, amount=amount)
        for (band, role), amount in amounts.items()
    )
    now = as_words(campaign)
    record(on=campaign, verb="set_reward_rules", by=by, at=at, rules=now, was=was)
    seal(campaign, "reward_rules", at=at)


@transaction.atomic
def set_team_reward(
    *, campaign: Campaign, lowest: int, amount: Decimal, by, at: datetime
) -> TeamReward:
    """Set from which rounded composite on a team is rewarded, and with how many yuan.

    Leaves one record. Raises Refused as `set_reward_rules`, or when no composite can be that.
    """
    require_no_settlement(campaign)
    if not 0 <= lowest <= 100 or amount < 0:
        raise Refused(_("起奖分在 0 到 100 之间，金额不能是负数。"), code="team_reward")
    team = TeamReward.objects.filter(campaign=campaign).first() or TeamReward(campaign=campaign)
    was = [team.lowest, str(team.amount)] if team.pk else []
    team.lowest, team.amount = lowest, amount
    team.save()
    now = [lowest, str(amount)]
    record(on=campaign, verb="set_team_reward", by=by, at=at, team=now, was=was)
    seal(campaign, "team_reward", at=at)
    return team


def require_known(bands: Mapping[str, str], amounts: Iterable[tuple[str, str]]) -> None:
    """Raises Refused for a band that is none of these (names by code) and for an unknown role."""
    if unknown := {band for band, _role in amounts} - bands.keys():
        known = _("、").join(f"{name} {code}" for code, name in bands.items())
        words = {"named": _("、").join(sorted(unknown)), "known": known}
        raise Refused(_("没有这个等级：%(named)s。可用的等级：%(known)s。") % words, code="band")
    if unknown := {role for _band, role in amounts} - set(Role.values):
        words = {"named": _("、").join(sorted(unknown)), "known": _("、").join(Role.values)}
        raise Refused(_("没有这个角色：%(named)s。可用的角色：%(known)s。") % words, code="role")


def require_no_settlement(campaign: Campaign) -> None:
    CampaignResults.objects.hold(campaign)
    check_settlement(campaign, lock_last(campaign))


def check_settlement(campaign: Campaign, last: Settlement | None) -> None:
    """Raises Refused while the last settlement waits, and once one was approved."""
    require_open_results(campaign)
    if last and (last.approved_at or last.corrects_id):
        raise Refused(_("结算已经批准，奖惩标准不能再改。"), code="approved")
    if last and last.submitted_at:
        raise Refused(_("结算正在等待批准，退回后才能改奖惩标准。"), code="submitted")


def as_words(campaign: Campaign) -> dict[str, str]:
    rows = campaign.reward_rules.values_list("band", "role", "amount")
    return {f"{band} {role}": str(amount) for band, role, amount in rows}
