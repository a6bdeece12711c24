"""Reward rules and team rewards from lists, through the functions that set them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from organization.lists import (
    Columns,
    ListError,
    ListRow,
    blanks,
    error,
    fold,
    number_of,
    refuse,
    repeated,
)
from organization.roles import role_named
from rewards.amounts import set_reward_rules, set_team_reward
from rewards.models import TeamReward
from scoring.lists import CAMPAIGN, by_campaign, through

AMOUNT = ("金额", "Amount", "金额（元）", "Amount (yuan)")
RULES = Columns(
    words={
        "campaign": CAMPAIGN,
        "band": ("等级", "Band"),
        "role": ("角色", "Role"),
        "amount": AMOUNT,
    },
    required=("campaign", "band", "role", "amount"),
)
TEAMS = Columns(
    words={
        "campaign": CAMPAIGN,
        "lowest": ("起奖分", "From", "最低分", "Lowest"),
        "amount": AMOUNT,
    },
    required=("campaign", "lowest", "amount"),
)


@transaction.atomic
def import_reward_rules(*, rows: Sequence[ListRow], by, at: datetime) -> None:
    """Set the rules of every campaign that rows speak of: all of its bands and roles at once.

    A campaign whose rows say what holds already is left alone. Raises ListRefused with every bad
    cell, and where `set_reward_rules` refuses.
    """
    refuse([problem for row in rows for problem in rule_errors(row)])
    for campaign, own in by_campaign(rows):
        bands = band_words(campaign)
        refuse([problem for row in own for problem in band_errors(row, bands)])
        keys = {id(row): (bands[fold(row["band"])], str(role_named(row["role"]))) for row in own}
        refuse(repeated(own, lambda row, keys=keys: keys[id(row)], "role"))
        amounts = {keys[id(row)]: number_of(row["amount"]) for row in own}
        if amounts != held(campaign):
            through(own, set_reward_rules, campaign=campaign, amounts=amounts, by=by, at=at)


@transaction.atomic
def import_team_rewards(*, rows: Sequence[ListRow], by, at: datetime) -> None:
    """Set the team reward of every campaign that rows speak of; as `import_reward_rules`."""
    refuse([problem for row in rows for problem in team_errors(row)])
    refuse(repeated(rows, lambda row: row["campaign"], "campaign"))
    for campaign, own in by_campaign(rows):
        wanted = {"lowest": int(own[0]["lowest"]), "amount": number_of(own[0]["amount"])}
        if not TeamReward.objects.filter(campaign=campaign, **wanted).exists():
            through(own, set_team_reward, campaign=campaign, by=by, at=at, **wanted)


def held(campaign) -> dict[tuple[str, str], Decimal]:
    rows = campaign.reward_rules.values_list("band", "role", "amount")
    return {(band, role): amount for band, role, amount in rows}


def band_words(campaign) -> dict[str, str]:
    """Folded names in both languages and code -> the code of a campaign's band."""
    return {
        fold(word): band.code
        for band in campaign.bands.all()
        for word in (band.name_zh_hans, band.name_en, band.code)
        if word
    }


def band_errors(row: ListRow, known: dict[str, str]) -> list[ListError]:
    if fold(row["band"]) in known:
        return []
    return [error(row, "band", _("没有“%(word)s”这个等级。") % {"word": row["band"]})]


def rule_errors(row: ListRow) -> list[ListError]:
    found = blanks(row, RULES) + amount_errors(row)
    if row["role"] and role_named(row["role"]) is None:
        message = _("没有“%(word)s”这个角色。") % {"word": row["role"]}
        found.append(error(row, "role", message))
    return found


def team_errors(row: ListRow) -> list[ListError]:
    found = blanks(row, TEAMS) + amount_errors(row)
    if row["lowest"] and not row["lowest"].isdecimal():
        found.append(error(row, "lowest", _("起奖分要填整数。")))
    return found


def amount_errors(row: ListRow) -> list[ListError]:
    amount = number_of(row["amount"])
    fits = amount is not None and abs(amount) < 10**8 and amount == round(amount, 2)
    if not row["amount"] or fits:
        return []
    return [error(row, "amount", _("金额填数字（元），最多两位小数。"))]
