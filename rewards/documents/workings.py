"""What a settlement's figures are made of, read whole: a query for each kind, none for a row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaign.models import Campaign, Participation
from organization.roles import PROJECT_ROLES
from rewards.models import TeamReward
from rewards.rules import final_standings, rule_amounts
from scoring import engine
from scoring.bands import Banding, cap_of
from scoring.models import Score
from scoring.standings import league_weights


@dataclass(frozen=True)
class Rules:
    """What turns points into yuan. Bands go lowest first; `cap` is the place, from 1, of the best
    one that a missing critical requirement leaves.
    """

    weights: Sequence[tuple[str, Decimal]]
    bands: Sequence[tuple[str, int, int]]
    rounding: str
    cap: int
    amounts: Sequence[tuple[str, Sequence[Decimal | None]]]
    team: tuple[int, Decimal] | None


@dataclass(frozen=True)
class Worked:
    """One project: points kept and possible by rubric (None: left the composite), and the
    figures that are on record.
    """

    code: str
    name: str
    parts: Sequence[tuple[Decimal, Decimal] | None]
    composite: Decimal
    capped: bool
    band: int
    points: int
    rank: int


def rules_of(campaign: Campaign) -> Rules:
    marks = Banding(campaign).marks
    codes = [mark.code for mark in marks]
    amounts, cap = rule_amounts(campaign), cap_of(codes)
    named = {role for _band, role in amounts}
    team = TeamReward.objects.filter(campaign=campaign).first()
    return Rules(
        weights=[(weight.specialty.name, weight.percent) for weight in league_weights(campaign)],
        bands=[(mark.name, mark.lowest, mark.highest) for mark in marks],
        rounding=campaign.rounding,
        cap=codes.index(cap) + 1 if cap else len(codes),
        amounts=[
            (str(role.label), [amounts.get((code, role.value)) for code in codes])
            for role in sorted(PROJECT_ROLES, key=lambda role: role.rank)
            if role.value in named
        ],
        team=(team.lowest, team.amount) if team and team.amount else None,
    )


def worked(campaign: Campaign) -> list[Worked]:
    """Every project with a final standing, in the order of their codes."""
    banding, standings = Banding(campaign), list(final_standings(campaign))
    codes = [weight.specialty.code for weight in league_weights(campaign)]
    places = [mark.code for mark in banding]
    ranks = engine.rank({standing.project_id: standing.composite for standing in standings})
    points = points_of(campaign)
    return [
        Worked(
            code=standing.project.code,
            name=standing.project.name,
            parts=[points[standing.project_id].get(code) for code in codes],
            composite=standing.composite,
            capped=standing.capped,
            band=places.index(banding.of(standing.composite, standing.capped).code) + 1,
            points=engine.rounded(standing.composite, campaign.rounding),
            rank=ranks[standing.project_id],
        )
        for standing in standings
    ]


def points_of(campaign: Campaign) -> defaultdict[int, dict[str, tuple[Decimal, Decimal]]]:
    """Project id -> specialty -> points kept and possible, of what counts (ruling 5)."""
    found: defaultdict[int, dict] = defaultdict(dict)
    lacks = lacking(campaign)
    scores = Score.objects.audits().finished().filter(campaign=campaign, possible__gt=0).order_by()
    for project, code, kept, possible in scores.values_list(
        "project_id", "specialty__code", "kept", "possible"
    ):
        if code not in lacks[project]:
            found[project][code] = (kept, possible)
    return found


def lacking(campaign: Campaign) -> defaultdict[int, set[str]]:
    """Project id -> the specialties that it does not have (ruling 5)."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    rows = Participation.objects.filter(campaign=campaign, lacks__isnull=False)
    for project, code in rows.values_list("project_id", "lacks__code"):
        found[project].add(code)
    return found
