"""Who would get something, in groups: the few hundred that all rules can tell apart.

Band and team reward go by whole points, by a cap and by the role that counts (ruling 10). So many
projects as round to the same points are one group, and its people are heads of each role: whatever
the rules, a group's outcome is one person's times the heads, exactly.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from campaign.kept import kept_count
from campaign.models import Campaign, KeptCount
from organization.clock import local_day
from organization.models import Post
from organization.plain import plain
from organization.roles import PROJECT_ROLES
from rewards.models import TEAM
from rewards.rules import RANKS, Terms, final_standings, team_amount
from scoring import engine

ROLES = sorted((str(role) for role in PROJECT_ROLES), key=RANKS.__getitem__)
KEPT, SUMS, PLACES = "outcomes", "sums", "places"


class Place(NamedTuple):
    """A project, and how many there have which role as the highest of theirs."""

    code: str
    project: int
    heads: Sequence[int]  # in the order of ROLES

    def people(self, roles: Iterable[str]) -> int:
        """How many lines those with one of these roles have; the team is one."""
        return sum(1 if role == TEAM else self.heads[ROLES.index(role)] for role in roles)


@dataclass(frozen=True)
class Group:
    """`composite` is one of its projects'; the others round to the same points."""

    composite: Decimal
    capped: bool
    projects: int
    heads: Mapping[str, int]

    @property
    def key(self) -> str:
        return key_of(self.composite, self.capped)

    def lines(self, role: str) -> int:
        return self.projects if role == TEAM else self.heads[role]

    def amounts(self, terms: Terms) -> tuple[str, dict[str, Decimal]]:
        """The band, and what one person of each role (and the team) gets; never zero."""
        band = terms.band_of(self)
        found = {role: terms.amounts.get((band, role)) for role in self.heads}
        found[TEAM] = team_amount(self, terms.team, terms.rounding)
        return band, {role: yuan for role, yuan in found.items() if yuan}


def key_of(composite: Decimal, capped: bool) -> str:
    """What no rule can tell apart: whole points however they are rounded, and the cap."""
    points = [engine.rounded(composite, way) for way in (engine.HALF_UP, engine.FLOOR)]
    return f"{points[0]} {points[1]} {'capped' if capped else ''}".rstrip()


class Groups:
    """A campaign's final standings with the posts of a day; kept ones say when they were counted.

    Two queries of everything, or one or two of what is kept.
    """

    def __init__(self, campaign: Campaign, day: date, at: datetime):
        self.campaign, self.day, self.at = campaign, day, at
        kept = self._kept(SUMS)
        self.counted_at = kept.counted_at if kept else None
        self._counted = None if kept else places_of(campaign, day)
        self.every = from_figures(kept.figures) if kept else groups_of(self._counted)

    def _kept(self, part: str) -> KeptCount | None:
        found = kept_count(self.campaign, KEPT, part, at=self.at)
        return found if found and found.figures["day"] == self.day.isoformat() else None

    @cached_property
    def places(self) -> dict[str, list[Place]]:
        """The projects by the key of their group, in the order of their codes."""
        if self._counted is not None:
            return {key: places for key, (_of, _capped, places) in self._counted.items()}
        kept = self._kept(PLACES)
        found = kept.figures["groups"] if kept else {}
        return {key: [Place(*place) for place in places] for key, places in found.items()}


Counted = dict[str, tuple[Decimal, bool, list[Place]]]


def places_of(campaign: Campaign, day: date) -> Counted:
    """By key: a composite, whether it is capped, and the projects; two queries."""
    heads = heads_by_project(campaign, day)
    found: Counted = {}
    rows = final_standings(campaign).values_list(
        "composite", "capped", "project__code", "project_id"
    )
    for composite, capped, code, project in rows:
        group = found.setdefault(key_of(composite, capped), (composite, capped, []))
        group[-1].append(Place(code, project, heads[project]))
    return found


def heads_by_project(campaign: Campaign, day: date) -> dict[int, list[int]]:
    """How many people have which role as the highest of theirs in the project (ruling 10)."""
    posts = Post.objects.on(day).of(*PROJECT_ROLES).order_by()
    posts = posts.filter(project__participations__campaign=campaign)
    highest: dict[tuple[int, int], str] = {}
    for project, user, role in plain(posts, "project_id", "user_id", "role"):
        held = highest.setdefault((project, user), role)
        if RANKS[role] < RANKS[held]:
            highest[project, user] = role
    found: dict[int, list[int]] = defaultdict(lambda: [0] * len(ROLES))
    for (project, _user), role in highest.items():
        found[project][ROLES.index(role)] += 1
    return found


def groups_of(counted: Counted) -> list[Group]:
    found = []
    for composite, capped, places in counted.values():
        heads = [sum(of_role) for of_role in zip(*(p.heads for p in places), strict=True)]
        there = {role: number for role, number in zip(ROLES, heads, strict=True) if number}
        found.append(Group(composite, capped, len(places), there))
    return found


# --- kept where there are many projects (campaign.kept) ------------------------------------


def count_groups(campaign: Campaign, at: datetime) -> dict[str, dict]:
    day = local_day(posts_moment(campaign, at))
    counted = places_of(campaign, day)
    sums = [
        [str(group.composite), group.capped, group.projects, group.heads]
        for group in groups_of(counted)
    ]
    places = {key: places for key, (_composite, _capped, places) in counted.items()}
    held = {"day": day.isoformat()}
    return {SUMS: held | {"groups": sums}, PLACES: held | {"groups": places}}


def from_figures(figures: dict) -> list[Group]:
    return [Group(Decimal(composite), *row) for composite, *row in figures["groups"]]


def posts_moment(campaign: Campaign, at: datetime) -> datetime:
    """When posts count: as the campaign's settlement has them, or as they are at the moment."""
    settlement = campaign.settlements.first()
    return settlement.posts_as_of if settlement else at
