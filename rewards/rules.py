"""Who gets what: standings, posts and rules read together. Nothing is written here."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from campaign.models import Campaign
from organization.clock import local_day
from organization.models import Post, Project, User
from organization.prepared import prepared
from organization.roles import PROJECT_ROLES, Role
from rewards.models import TEAM, RewardRule, TeamReward
from scoring import engine
from scoring.bands import cap_of, engine_bands
from scoring.models import Standing

RANKS = {str(role): role.rank for role in Role}


@dataclass(frozen=True)
class Outcome:
    """One person's (or the team's, person None) reward or penalty in yuan, never zero.

    `others` are the posts in the same project that do not count beside it (ruling 10).
    """

    project: Project
    person: User | None
    role: str
    band: str
    composite: Decimal
    amount: Decimal
    others: tuple[str, ...] = ()

    @property
    def key(self) -> tuple:
        """What makes two drawn-up lists the same list."""
        person = self.person.pk if self.person else None
        return (self.project.pk, person, self.role, self.band, self.composite, self.amount)


@dataclass(frozen=True)
class Terms:
    """What turns a composite into yuan: bands lowest first with their rounding, rules, team reward.

    `amounts` are by band and role; a pair that is not there gets nothing.
    """

    bands: list[engine.Band]
    rounding: str
    amounts: Mapping[tuple[str, str], Decimal]
    team: TeamReward | None

    def band_of(self, standing: Standing) -> str:
        """A missing critical requirement caps the band (ruling 4)."""
        cap = cap_of([each.code for each in self.bands]) if standing.capped else None
        return engine.band(standing.composite, self.bands, self.rounding, cap)

    def paid_roles(self, band: str) -> list[str]:
        """The roles that a band rewards or penalises, the highest first."""
        paid = {role for (of, role), amount in self.amounts.items() if of == band and amount}
        return [role for role in Role if role in paid]


def terms_of(campaign: Campaign) -> Terms:
    return Terms(
        engine_bands(campaign.bands.order_by("lowest")),
        campaign.rounding,
        rule_amounts(campaign),
        TeamReward.objects.filter(campaign=campaign).first(),
    )


def outcomes(
    *,
    campaign: Campaign,
    posts_as_of: datetime,
    projects: Collection[Project | int] | None = None,
    terms: Terms | None = None,
) -> list[Outcome]:
    """Every reward and penalty of a campaign's final standings, in the order of the projects,
    or those of some projects; by its own rules, or by other `terms`.

    Posts count as they were on the local day of `posts_as_of`. Provisional projects have none
    (ruling 8). A missing critical requirement caps the band (ruling 4). A person with several
    posts in a project has one outcome there, at the highest of them; with posts in two projects
    one in each (ruling 10).
    """
    terms = terms or terms_of(campaign)
    staff = staff_by_project(campaign, local_day(posts_as_of), projects)
    found: list[Outcome] = []
    for standing in final_standings(campaign, projects):
        band = terms.band_of(standing)
        found += personal(standing, band, terms.amounts, staff[standing.project_id])
        found += team_outcome(standing, band, terms.team, terms.rounding)
    return found


def rule_amounts(campaign: Campaign) -> dict[tuple[str, str], Decimal]:
    """Yuan by band and role; a pair without a rule gets nothing."""
    return {(band, role): amount for band, role, amount in rules_of(campaign=campaign.pk)}


def ruled(*, campaign):
    rules = RewardRule.objects.filter(campaign__pk=campaign)
    return rules.values_list("band", "role", "amount")


rules_of = prepared(ruled, {"campaign": Campaign._meta.pk})


def final_standings(
    campaign: Campaign, projects: Collection[Project | int] | None = None
) -> QuerySet[Standing]:
    found = Standing.objects.filter(campaign=campaign).ranked()
    if projects is not None:
        found = found.filter(project__in=projects)
    return found.select_related("project").order_by("project__code")


def staff_by_project(
    campaign: Campaign, day: date, projects: Collection[Project | int] | None = None
) -> defaultdict[int, dict[User, list[str]]]:
    """Project id -> person -> the roles held there on a day, highest first."""
    posts = (
        Post.objects.on(day)
        .of(*PROJECT_ROLES)
        .filter(project__participations__campaign=campaign)
        .select_related("user")
    )
    if projects is not None:
        posts = posts.filter(project__in=projects)
    staff: defaultdict[int, dict[User, list[str]]] = defaultdict(dict)
    for post in sorted(posts, key=lambda post: (RANKS[post.role], post.user.username)):
        staff[post.project_id].setdefault(post.user, []).append(post.role)
    return staff


def personal(standing, band: str, amounts, people: dict[User, list[str]]) -> list[Outcome]:
    return [
        Outcome(
            project=standing.project,
            person=user,
            role=roles[0],
            band=band,
            composite=standing.composite,
            amount=amounts[band, roles[0]],
            others=tuple(role for role in dict.fromkeys(roles[1:]) if role != roles[0]),
        )
        for user, roles in people.items()
        if amounts.get((band, roles[0]))
    ]


def team_outcome(standing, band: str, team: TeamReward | None, rounding: str) -> list[Outcome]:
    """The team reward, from a composite that rounds to its threshold on (ruling 1: 95.50).

    It rewards an excellent project: one whose band is capped gets none (ruling 4).
    """
    amount = team_amount(standing, team, rounding)
    if not amount:
        return []
    return [
        Outcome(
            project=standing.project,
            person=None,
            role=TEAM,
            band=band,
            composite=standing.composite,
            amount=amount,
        )
    ]


def team_amount(standing, team: TeamReward | None, rounding: str) -> Decimal | None:
    """Yuan for the team, or nothing."""
    if not team or not team.amount or standing.capped:
        return None
    return team.amount if engine.rounded(standing.composite, rounding) >= team.lowest else None
