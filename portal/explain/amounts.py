"""Who is paid or fined how much for a project's band, as far as the reader may know it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Subquery

from campaign.models import Campaign
from organization.models import Project, User
from organization.prepared import prepared
from organization.roles import PROJECT_ROLES, Role
from rewards.cases import decision_note
from rewards.models import TEAM, Adjustment, Award, RewardRule, Settlement, TeamReward
from rewards.rules import outcomes, rule_amounts

# what pages say of a settlement and of its awards
SETTLEMENT = ("number", "posts_as_of", "submitted_at", "returned_at", "approved_at")
AWARD = (
    "role", "band", "composite", "amount", "other_roles", "person__username", "person__name",
    "case__kind", "case__reason",
)  # fmt: skip


@dataclass(frozen=True)
class Paid:
    """One person's amount in yuan (the team's: person None), and the posts that don't count
    beside the one that does (ruling 10), or what was decided where the rules alone can't say.
    """

    person: User | None
    role: str
    band: str
    composite: Decimal
    amount: Decimal
    others: tuple[str, ...] = ()
    note: str = ""

    @property
    def other_words(self) -> list[str]:
        return [str(Role(role).label) for role in self.others]


@dataclass(frozen=True)
class RoleLine:
    """A role's line: who is paid in it, and what the rule gives each for the band.

    `each` is None where the band has no rule for the role.
    """

    role: str
    word: str
    paid: tuple[Paid, ...]
    each: Decimal | None

    @property
    def total(self) -> Decimal:
        return sum((one.amount for one in self.paid), Decimal(0))

    @property
    def is_team(self) -> bool:
        return self.role == TEAM


@dataclass(frozen=True)
class Amounts:
    """What a reader may see: all of a project's, or (`own`) only what was approved for them.

    Without a settlement it is what the rules would give with today's posts.
    """

    settlement: Settlement | None
    lines: tuple[RoleLine, ...]
    own: bool = False
    team: TeamReward | None = None
    outdated: bool = False
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def net(self) -> Decimal:
        """With the lines that people added."""
        parts = [line.total for line in self.lines] + [each.amount for each in self.adjustments]
        return sum(parts, Decimal(0))

    @property
    def paid(self) -> list[Paid]:
        return [one for line in self.lines for one in line.paid]

    @property
    def people(self) -> int:
        return sum(one.person is not None for one in self.paid)

    @property
    def silent(self) -> list[RoleLine]:
        """The roles to which the band gives nothing."""
        return [line for line in self.lines if not line.paid and line.each is None]


def amounts_for(
    campaign: Campaign, project: Project, standing, band: str, *, reader: User | None, at: datetime
) -> Amounts | None:
    """The amounts that a reader may see; None for somebody who sees none.

    Who sees the settlement sees all of them, `reader` None (a command) too; anybody else what an
    approved settlement gives them in this project. `band` is the project's now.
    """
    if reader is None or reader.has_perm("rewards.see_settlement", campaign):
        return everything(campaign, project, standing, band, at=at)
    return own_amount(campaign, project, reader)


def everything(campaign, project, standing, band: str, *, at: datetime) -> Amounts:
    awards = last_awards(campaign=campaign.pk, project=project.pk)
    found = [each.settlement for each in awards[:1]] or newest(campaign=campaign.pk)
    settlement: Settlement | None = next(iter(found), None)
    if settlement:
        settlement.campaign = campaign
        paid = list(map(paid_by, awards))
        adjustments = added_to(settlement, project)
    else:
        adjustments = ()
        drawn = outcomes(campaign=campaign, posts_as_of=at, projects=[project])
        paid = [
            Paid(x.person, x.role, x.band, x.composite, x.amount, tuple(x.others)) for x in drawn
        ]
    bands = {one.band for one in paid} or {band}
    rules, team = terms_of(campaign)
    each = {role: amount for (of, role), amount in rules.items() if of in bands}
    stale = settlement and any((p.composite, p.band) != (standing.composite, band) for p in paid)
    roles = [role for role in Role if role in PROJECT_ROLES] if band else []
    return Amounts(
        settlement,
        lines_of(paid, [*roles, *([TEAM] if team and band else [])], each),
        team=team,
        outdated=bool(stale),
        adjustments=adjustments,
    )


def terms_of(campaign: Campaign) -> tuple[dict[tuple[str, str], Decimal], TeamReward | None]:
    """The campaign's amounts by band and role, and its team reward: mostly one query."""
    rows = rules_of(campaign=campaign.pk)
    if not rows:
        return {}, next(iter(team_rewards(campaign=campaign.pk)), None)
    lowest, amount = rows[0][3:]
    team = None if lowest is None else TeamReward(campaign=campaign, lowest=lowest, amount=amount)
    return {(band, role): each for band, role, each, *_team in rows}, team


def own_amount(campaign: Campaign, project: Project, reader: User) -> Amounts | None:
    settlement = campaign.settlements.filter(approved_at__isnull=False).first()
    if settlement is None:
        return None
    awards = awarded(settlement=settlement.pk, project=project.pk).filter(person=reader)
    paid = list(map(paid_by, awards))
    rules = rule_amounts(campaign)
    each = {one.role: rules.get((one.band, one.role)) for one in paid}
    adjustments = added_to(settlement, project, person=reader)
    if not paid and not adjustments:
        return None
    return Amounts(settlement, lines_of(paid, [], each), own=True, adjustments=adjustments)


def added_to(settlement: Settlement, project: Project, **whose) -> tuple[Adjustment, ...]:
    """The lines that people added for a project, of everybody or of one."""
    about = {"settlement": settlement.pk, "project": project.pk}
    rows = added(**about).filter(**whose) if whose else adjustments_of(**about)
    for row in rows:
        row.settlement, row.project = settlement, project
    return tuple(rows)


def last(*, campaign):
    found = Settlement.objects.filter(campaign__pk=campaign).order_by("-number")
    return found.only(*SETTLEMENT)[:1]


def awarded(*, settlement, project):
    found = Award.objects.filter(settlement__pk=settlement, project__pk=project)
    return found.select_related("person", "case").order_by("pk")


def awarded_last(*, campaign, project):
    """By the campaign's newest settlement, which comes with them."""
    newest = Settlement.objects.filter(campaign__pk=campaign).order_by("-number").values("pk")[:1]
    found = Award.objects.filter(settlement=Subquery(newest), project__pk=project).order_by("pk")
    settlement = [f"settlement__{name}" for name in SETTLEMENT]
    return found.select_related("person", "case", "settlement").only(*AWARD, *settlement)


def ruled(*, campaign):
    team = ("campaign__team_reward__lowest", "campaign__team_reward__amount")
    rules = RewardRule.objects.filter(campaign__pk=campaign).order_by()
    return rules.values_list("band", "role", "amount", *team)


def added(*, settlement, project):
    found = Adjustment.objects.standing().filter(settlement__pk=settlement, project__pk=project)
    found = found.select_related("person").order_by("pk")
    return found.only("amount", "reason", "person__username", "person__name")


def teams(*, campaign):
    return TeamReward.objects.filter(campaign__pk=campaign).order_by("pk")[:1]


newest = prepared(last, {"campaign": Campaign._meta.pk})
rules_of = prepared(ruled, {"campaign": Campaign._meta.pk})
last_awards = prepared(awarded_last, {"campaign": Campaign._meta.pk, "project": Project._meta.pk})
team_rewards = prepared(teams, {"campaign": Campaign._meta.pk})
PLACE = {"settlement": Settlement._meta.pk, "project": Project._meta.pk}
adjustments_of = prepared(added, PLACE)


def paid_by(x: Award) -> Paid:
    return Paid(x.person, x.role, x.band, x.composite, x.amount, tuple(x.other_roles), note_of(x))


def note_of(award: Award) -> str:
    return decision_note(award.case) if award.case else ""


def lines_of(paid: list[Paid], roles: Iterable[str], each: dict) -> tuple[RoleLine, ...]:
    """A line for every role that is paid and for those named, in order of rank, the team last."""
    words = dict(Award._meta.get_field("role").flatchoices)
    named = {one.role for one in paid} | set(roles)
    order = sorted(named, key=lambda role: 99 if role == TEAM else Role(role).rank)
    return tuple(
        RoleLine(role, words[role], tuple(one for one in paid if one.role == role), each.get(role))
        for role in order
    )
