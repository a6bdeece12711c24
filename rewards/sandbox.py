"""What other bands and amounts would mean: who wins, who loses, what it costs.

Reads only. `adopt_rules` makes what was tried the campaign's rule, which ends with the first audit
sheet that is opened.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from campaign.models import Campaign
from organization.models import Project, User
from organization.roles import Role
from rewards.amounts import set_reward_rules, set_team_reward
from rewards.models import TEAM, Award
from rewards.rules import Outcome, Terms, final_standings, outcomes
from scoring.bands import set_bands
from scoring.models import CampaignResults
from scoring.weights import require_unopened_scoring


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
    """`moved` has everybody whose amount changes, the greatest changes first."""

    was: Decimal
    now: Decimal
    moved: list[Moved]
    bands: list[Line]
    roles: list[Line]
    projects: int

    @property
    def difference(self) -> Decimal:
        return self.now - self.was

    @property
    def winners(self) -> int:
        return sum(each.difference > 0 for each in self.moved)

    @property
    def losers(self) -> int:
        return sum(each.difference < 0 for each in self.moved)


def trial(
    *, on: Campaign, in_force: Terms, tried: Terms, names: Mapping[str, str], at: datetime
) -> Trial:
    """Both rules upon the final standings of a campaign, with posts as its settlement has them, or
    as they are at the moment. `names` are the bands' by code.
    """
    settlement = on.settlements.first()
    posts_as_of = settlement.posts_as_of if settlement else at
    was = outcomes(campaign=on, posts_as_of=posts_as_of, terms=in_force)
    now = outcomes(campaign=on, posts_as_of=posts_as_of, terms=tried)
    standings = list(final_standings(on))
    before, after = (Counter(map(each.band_of, standings)) for each in (in_force, tried))
    return Trial(
        was=total(was),
        now=total(now),
        moved=moved(was, now),
        bands=[Line(name, before[code], after[code]) for code, name in names.items()],
        roles=by_role(was, now),
        projects=len(standings),
    )


def total(found: Sequence[Outcome]) -> Decimal:
    return sum((each.amount for each in found), Decimal(0))


def moved(was: Sequence[Outcome], now: Sequence[Outcome]) -> list[Moved]:
    amounts: dict[tuple, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    whose = {}
    for place, found in enumerate((was, now)):
        for each in found:
            key = (each.project.pk, each.person.pk if each.person else 0)
            whose[key] = (each.project, each.person)
            amounts[key][place] += each.amount
    rows = [Moved(*whose[key], *pair) for key, pair in amounts.items() if pair[0] != pair[1]]
    return sorted(rows, key=lambda each: (-abs(each.difference), each.project.code))


def by_role(was: Sequence[Outcome], now: Sequence[Outcome]) -> list[Line]:
    words = dict(Award._meta.get_field("role").flatchoices)
    before, after = Counter(), Counter()
    for sums, found in ((before, was), (after, now)):
        for each in found:
            sums[each.role] += each.amount
    order = sorted(
        before.keys() | after.keys(), key=lambda role: 99 if role == TEAM else Role(role).rank
    )
    return [
        Line(words[role], before[role] or Decimal(0), after[role] or Decimal(0)) for role in order
    ]


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
