"""What rewards seal of a campaign: its rules, and every list of awards from the draft on."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.registry import SealedKind
from organization.digests import compact
from organization.plain import plain
from rewards.models import (
    Adjustment,
    Award,
    Case,
    Correction,
    RewardRule,
    Settlement,
    SettlementTerms,
    Snapshot,
    TeamReward,
)

Content = Iterable[tuple[str, object]]
HEADER = (
    "number", "posts_as_of", "drawn_up_at", "drawn_up_by_id", "submitted_at", "submitted_by_id",
    "returned_at", "return_reason", "approved_at", "approved_by_id", "fingerprint", "left_out",
    "corrects_id",
)  # fmt: skip
AWARD = ("role", "band", "composite", "amount", "other_roles", "case_id")


def reward_rules(campaign: Campaign, about: str) -> Content:
    rows = RewardRule.objects.filter(campaign=campaign).values_list("band", "role", "amount")
    yield "", {f"{band} {role}": amount for band, role, amount in rows}


def team_reward(campaign: Campaign, about: str) -> Content:
    rows = TeamReward.objects.filter(campaign=campaign)
    yield "", rows.values("lowest", "amount").first() or {}


def settlements(campaign: Campaign, about: str) -> Content:
    """The way that each has gone, with the moment at which posts count."""
    for row in asked(campaign, about).values("pk", *HEADER):
        yield str(row.pop("pk")), compact(row)


def awards(campaign: Campaign, about: str) -> Content:
    """Who is given or fined what, by project and person; people by their ids, without names."""
    for pk in asked(campaign, about).values_list("pk", flat=True):
        yield str(pk), listed(pk)


def listed(settlement: int) -> dict:
    """By the project, and the person by id; the team's own has none."""
    rows = plain(
        Award.objects.filter(settlement=settlement).order_by(), "project__code", "person_id", *AWARD
    )
    return {
        f"{project} {person or role}": compact(dict(zip(AWARD, (role, *rest), strict=True)))
        for project, person, role, *rest in rows
    }


def adjustments(campaign: Campaign, about: str) -> Content:
    """Each line that somebody added, and that it was taken back; ids as for cases."""
    rows = Adjustment.objects.filter(settlement__campaign=campaign).order_by("pk")
    yield from by_id(rows.filter(pk__in=about.split(",")) if about else rows)


def cases(campaign: Campaign, about: str) -> Content:
    """What had to be decided and what was, by ids; several where ids are given, with commas."""
    rows = Case.objects.filter(settlement__campaign=campaign).order_by("pk")
    yield from by_id(rows.filter(pk__in=about.split(",")) if about else rows)


def decided(settlement: int) -> dict:
    return dict(by_id(Case.objects.filter(settlement=settlement)))


def corrections(campaign: Campaign, about: str) -> Content:
    """What was asked and answered about an approved settlement."""
    rows = Correction.objects.filter(settlement__campaign=campaign).order_by("pk")
    yield from by_id(rows.filter(pk=about) if about else rows)


def settlement_day(campaign: Campaign, about: str) -> Content:
    """On which day posts count, where a campaign has set one."""
    for row in SettlementTerms.objects.filter(campaign=campaign).values("posts_on"):
        yield "", row


def adjusted(settlement: int) -> dict:
    return dict(by_id(Adjustment.objects.filter(settlement=settlement)))


def by_id(rows) -> Content:
    for row in rows.values():
        yield str(row.pop("id")), compact(row)


def snapshots(campaign: Campaign, about: str) -> Content:
    """The fingerprints of what approved settlements stand on."""
    rows = Snapshot.objects.filter(settlement__campaign=campaign).order_by("number")
    rows = rows.values("settlement_id", "number", "previous", "fingerprint", "made_at")
    for row in rows.filter(settlement=about) if about else rows:
        yield str(row.pop("settlement_id")), compact(row)


def asked(campaign: Campaign, about: str):
    rows = Settlement.objects.filter(campaign=campaign).order_by("number")
    return rows.filter(pk=about) if about else rows


KINDS = {
    "reward_rules": SealedKind(_("奖惩标准"), reward_rules),
    "team_reward": SealedKind(_("团队奖"), team_reward),
    "settlement": SealedKind(_("奖惩结算"), settlements),
    "awards": SealedKind(_("奖惩名单"), awards),
    "settlement_day": SealedKind(_("岗位截止日"), settlement_day),
    "case": SealedKind(_("待决定情况"), cases),
    "correction": SealedKind(_("结算更正"), corrections),
    "adjustment": SealedKind(_("人工调整"), adjustments),
    "snapshot": SealedKind(_("结算快照"), snapshots),
}
