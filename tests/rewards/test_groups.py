"""Groups against everybody one by one: whatever the rules, it is the same to the last yuan."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from campaign.kept import LONGEST, count_kept
from campaign.models import KeptCount, Participation
from organization.models import Post
from organization.roles import PROJECT_ROLES
from rewards.models import TEAM, TeamReward
from rewards.rules import outcomes, terms_of
from rewards.sandbox import SHOWN, moved, trial
from scoring import engine
from scoring.models import Standing
from tests import cast

BANDS = ("fail", "good", "excellent")
# beside every edge at which some rounding or rule changes its mind
POINTS = ("0.00", "59.49", "69.50", "79.49", "79.50", "79.99", "80.00", "90.49", "90.50", "91.00",
          "95.49", "95.50", "96.00", "99.99", "100.00")  # fmt: skip
ROLES = sorted(PROJECT_ROLES, key=lambda role: role.rank)
NAMES = {code: code for code in reversed(BANDS)}


@pytest.fixture
def many(firm):
    """Thirty projects of three people each, some of whom hold several posts or come and go."""
    chance = Random(7)
    projects = [cast.project(f"Q{n:02}", f"项目{n}") for n in range(30)]
    campaign, at = firm.campaign, firm.at
    Participation.objects.bulk_create(Participation(campaign=campaign, project=p) for p in projects)
    Standing.objects.bulk_create(
        Standing(
            campaign=campaign, project=each, composite=Decimal(chance.choice(POINTS)),
            provisional=chance.random() < 0.1, capped=chance.random() < 0.2, updated_at=at,
        )
        for each in projects
    )  # fmt: skip
    people = [cast.account(f"q{n:03}", f"员工{n}") for n in range(60)]
    users = [type(firm.manager).objects.create(**each) for each in people]
    days = ({}, {}, {}, {"until": (at - timedelta(days=3)).date()})
    Post.objects.bulk_create(
        (
            Post(
                user=chance.choice(users), role=chance.choice(ROLES), project=each,
                department=str(n), **chance.choice(days),
            )
            for each in projects
            for n in range(5)
        ),
    )  # fmt: skip
    return firm


def rules(terms, seed):
    """Other bands, amounts, team reward and rounding, by chance."""
    chance = Random(seed)
    begins = sorted(chance.sample(range(60, 100), 2))
    bands = [
        engine.Band("fail", 0, begins[0] - 1),
        engine.Band("good", begins[0], begins[1] - 1),
        engine.Band("excellent", begins[1], 100),
    ]
    amounts = {
        (band, str(role)): Decimal(chance.choice(("-300", "0.00", "33.33", "500", "1000.50")))
        for band in BANDS
        for role in ROLES
        if chance.random() < 0.8
    }
    amount = Decimal(chance.choice(("0", "0.01", "3000")))
    team = TeamReward(lowest=chance.randint(70, 99), amount=amount)
    rounding = chance.choice((engine.HALF_UP, engine.FLOOR))
    return replace(terms, bands=bands, amounts=amounts, team=team, rounding=rounding)


def one_by_one(campaign, at, terms, tried):
    """What `trial` says, from everybody's outcome."""
    was, now = (outcomes(campaign=campaign, posts_as_of=at, terms=each) for each in (terms, tried))
    rows = moved(was, now)
    standings = Standing.objects.filter(campaign=campaign).ranked()
    bands = [Counter(map(each.band_of, standings)) for each in (terms, tried)]
    sums = [Counter(), Counter()]
    for kept, found in zip(sums, (was, now), strict=True):
        for each in found:
            kept[each.role] += each.amount
    roles = [str(role) for role in ROLES] + [TEAM]
    paid = {each.role for each in [*was, *now]}
    return {
        "was": sum(each.amount for each in was),
        "now": sum(each.amount for each in now),
        "moved": rows[:SHOWN],
        "lines": len(rows),
        "winners": sum(row.difference > 0 for row in rows),
        "losers": sum(row.difference < 0 for row in rows),
        "bands": [(counts[0][code], counts[1][code]) for code in NAMES for counts in [bands]],
        "roles": [(sums[0][role], sums[1][role]) for role in roles if role in paid],
        "projects": len(standings),
    }


def said(found):
    kept = {name: getattr(found, name) for name in ("was", "now", "moved", "lines", "winners")}
    lines = {name: [(x.was, x.now) for x in getattr(found, name)] for name in ("bands", "roles")}
    return kept | lines | {"losers": found.losers, "projects": found.projects}


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_trial_says_what_everybodys_outcomes_say(many, is_kept):
    campaign, at = many.campaign, many.at
    if is_kept:
        count_kept(campaign, at=at)
    terms = terms_of(campaign)
    for seed in range(6):
        held, tried = (terms, rules(terms, seed)) if seed % 3 else (rules(terms, -seed), terms)
        found = trial(on=campaign, in_force=held, tried=tried, names=NAMES, at=at)
        assert said(found) == one_by_one(campaign, at, held, tried)
        assert found.lines > SHOWN or seed % 3 == 0
        assert found.counted_at == (at if is_kept else None)


def test_what_is_kept_counts_for_its_day_and_a_quarter_of_an_hour(many):
    campaign, at, terms = many.campaign, many.at, terms_of(many.campaign)

    def counted(at):
        return trial(on=campaign, in_force=terms, tried=terms, names=NAMES, at=at).counted_at

    count_kept(campaign, at=at)
    assert counted(at + LONGEST - timedelta(seconds=1)) == at
    assert counted(at + LONGEST) is None
    KeptCount.objects.filter(part="sums").update(counted_at=at + timedelta(days=1))
    assert counted(at + timedelta(days=1)) is None
