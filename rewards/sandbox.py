"""What other bands and amounts would mean: who wins, who loses, what it costs.

Reads only. `adopt_rules` makes what was tried the campaign's rule, which ends with the first audit
sheet that is opened.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from heapq import merge

from django.db import transaction

from campaign.models import Campaign
from organization.clock import local_day
from organization.models import Project, User
from organization.roles import Role
from rewards.amounts import set_reward_rules, set_team_reward
from rewards.groups import Group, Groups, Place, posts_moment
from rewards.models import TEAM, Award
from rewards.rules import Outcome, Terms, outcomes
from scoring.bands import set_bands
from scoring.models import CampaignResults
from scoring.weights import require_unopened_scoring

SHOWN = 50  # whose amounts change most


@dataclass(frozen=True)
class Moved:
    """Yuan for a person (None: the team) in a project, by the rule in force and the tried one."""

    project: Project
    person: User | None
    was: Decimal
    now: Decimal

    @property
    def difference(self) -> Decimal:
        return self.now - self.was


@dataclass(frozen=True)
class Line:
    """A band's projects or a role's yuan, by the rule in force and by the tried one."""

    word: str
    was: Decimal | int
    now: Decimal | int


@dataclass(frozen=True)
class Trial:
    """`moved` has the greatest changes, of `lines` people and teams whose amount changes.

    `counted_at` says of when it is where standings and posts were not read just now.
    """

    was: Decimal
    now: Decimal
    moved: list[Moved]
    lines: int
    winners: int
    losers: int
    bands: list[Line]
    roles: list[Line]
    projects: int
    counted_at: datetime | None

    @property
    def difference(self) -> Decimal:
        return self.now - self.was


def trial(
    *, on: Campaign, in_force: Terms, tried: Terms, names: Mapping[str, str], at: datetime
) -> Trial:
    """Both rules upon the final standings of a campaign, with posts as its settlement has them, or
    as they are at the moment. `names` are the bands' by code.
    """
    posts_as_of = posts_moment(on, at)
    groups = Groups(on, local_day(posts_as_of), at)
    was, now = Side(in_force), Side(tried)
    changes = Changes()
    for group in groups.every:
        changes.add(group, was.add(group), now.add(group))
    projects = (
        changes.where_greatest(groups.places, SHOWN) if changes.winners or changes.losers else ()
    )
    about = {"campaign": on, "posts_as_of": posts_as_of, "projects": projects}
    each = (outcomes(**about, terms=terms) if projects else [] for terms in (in_force, tried))
    return Trial(
        was=was.total,
        now=now.total,
        moved=moved(*each)[:SHOWN],
        lines=changes.winners + changes.losers,
        winners=changes.winners,
        losers=changes.losers,
        bands=[Line(name, was.bands[code], now.bands[code]) for code, name in names.items()],
        roles=by_role(was.roles, now.roles),
        projects=sum(group.projects for group in groups.every),
        counted_at=groups.counted_at,
    )


class Side:
    """What all groups come to by one of the rules."""

    def __init__(self, terms: Terms):
        self.terms, self.total = terms, Decimal(0)
        self.bands: Counter = Counter()
        self.roles: dict[str, Decimal] = {}

    def add(self, group: Group) -> dict[str, Decimal]:
        """Returns what one person of each role gets, and the team."""
        band, amounts = group.amounts(self.terms)
        self.bands[band] += group.projects
        for role, yuan in amounts.items():
            self.roles[role] = self.roles.get(role, Decimal(0)) + yuan * group.lines(role)
            self.total += yuan * group.lines(role)
        return amounts


class Changes:
    """Who wins and who loses: by how much, of which groups and roles."""

    def __init__(self):
        self.winners = self.losers = 0
        self.by_size: dict[Decimal, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def add(self, group: Group, was: dict[str, Decimal], now: dict[str, Decimal]) -> None:
        for role in was.keys() | now.keys():
            more = now.get(role, Decimal(0)) - was.get(role, Decimal(0))
            self.winners += group.lines(role) if more > 0 else 0
            self.losers += group.lines(role) if more < 0 else 0
            if more:
                self.by_size[abs(more)][group.key].append(role)

    def where_greatest(self, places: Mapping[str, list[Place]], most: int) -> set[int]:
        """Ids of the projects that the greatest changes are in, so many lines or a few more."""
        found, lines = set(), 0
        for _size, roles_of in sorted(self.by_size.items(), reverse=True):
            here = [[(p, roles) for p in places.get(key, ())] for key, roles in roles_of.items()]
            for place, roles in merge(*here, key=lambda pair: pair[0].code):
                if people := place.people(roles):
                    found.add(place.project)
                    lines += people
                if lines >= most:
                    return found
        return found


def moved(was: Sequence[Outcome], now: Sequence[Outcome]) -> list[Moved]:
    """Whose amount changes, the greatest changes first."""
    amounts: dict[tuple, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    whose = {}
    for place, found in enumerate((was, now)):
        for each in found:
            key = (each.project.pk, each.person.pk if each.person else 0)
            whose[key] = (each.project, each.person)
            amounts[key][place] += each.amount
    rows = [Moved(*whose[key], *pair) for key, pair in amounts.items() if pair[0] != pair[1]]
    return sorted(rows, key=lambda each: (-abs(each.difference), each.project.code))


def by_role(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> list[Line]:
    words = dict(Award._meta.get_field("role").flatchoices)
    order = sorted(
        before.keys() | after.keys(), key=lambda role: 99 if role == TEAM else Role(role).rank
    )
    none = Decimal(0)
    return [Line(words[role], before.get(role, none), after.get(role, none)) for role in order]


@transaction.atomic
def adopt_rules(
    *,
    campaign: Campaign,
    lowest: Mapping[str, int],
    amounts: Mapping[tuple[str, str], Decimal],
    team: tuple[int, Decimal] | None,
    by,
    at: datetime,
) -> None:
    """Make tried bands (code -> where it begins), amounts and team reward the campaign's rule.

    Through the functions that set each, with their records. Raises Refused once scoring is open,
    and as they do.
    """
    CampaignResults.objects.hold(campaign)
    require_unopened_scoring(campaign)
    bands = drawn(campaign, lowest)
    if [row["lowest"] for row in bands] != [b.lowest for b in campaign.bands.order_by("lowest")]:
        set_bands(campaign=campaign, bands=bands, by=by, at=at)
    set_reward_rules(campaign=campaign, amounts=amounts, by=by, at=at)
    if team:
        set_team_reward(campaign=campaign, lowest=team[0], amount=team[1], by=by, at=at)


def drawn(campaign: Campaign, lowest: Mapping[str, int]) -> list[dict]:
    """The campaign's bands from where each begins to where the next one does."""
    bands = list(campaign.bands.order_by("lowest"))
    begins = [lowest.get(band.code, band.lowest) for band in bands]
    ends = [each - 1 for each in begins[1:]] + [bands[-1].highest if bands else 100]
    return [
        {
            "code": band.code,
            "name_zh_hans": band.name_zh_hans,
            "name_en": band.name_en,
            "lowest": begin,
            "highest": end,
        }
        for band, begin, end in zip(bands, begins, ends, strict=True)
    ]
