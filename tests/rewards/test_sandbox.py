"""Trying bands and amounts out: what comes of it, seen at once, saved only before scoring opens."""

from decimal import Decimal

import pytest

from organization.errors import Refused
from organization.history import history_of
from rewards.models import RewardRule, TeamReward
from rewards.sandbox import adopt_rules
from scoring.models import Band, CampaignResults
from tests import cast

PAGE = "/c/c11/settlement/sandbox/"


@pytest.fixture
def firm(firm, stand):
    stand(firm.one, "93.70")
    stand(firm.two, "75.45")
    return firm


@pytest.fixture
def see(client, firm):
    def see(who="center", **asked):
        client.force_login(getattr(firm, who))
        return client.get(PAGE, asked)

    return see


def moved(response):
    return {str(e.person): (e.was, e.now) for e in response.context["trial"].moved}


def test_at_first_it_is_the_rule_in_force(see):
    trial = see().context["trial"]
    assert (trial.was, trial.now, trial.moved) == (1100, 1100, [])


def test_an_amount_that_is_moved_shows_who_wins_and_what_it_costs(see):
    response = see(**{"excellent:project_manager": "1500"})
    assert moved(response) == {"陈立群": (1000, 1500)}
    assert (response.context["trial"].difference, response.context["trial"].winners) == (500, 1)


def test_a_band_that_is_moved_shows_who_loses(see):
    response = see(**{"low-excellent": "95"})
    assert moved(response) == {"陈立群": (1000, 0), "刘晓燕": (600, 0)}
    assert response.context["trial"].losers == 2


def test_an_earlier_campaigns_standings_are_judged_by_this_ones_rules(see, firm):
    earlier = cast.campaign("c10", projects=[firm.two])
    earlier.standings.update(composite=Decimal("97.00"), provisional=False)
    response = see(on="c10", **{"team_amount": "4000"})
    trial = response.context["trial"]
    assert (trial.was, trial.now) == (4000, 5000)
    # and each amount leads to where it comes from, in that campaign
    assert '/c/c10/results/P02/explained/"' in response.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"low-excellent": "70"}, {"excellent:project_manager": "viel"}, {"on": "nowhere"}]
)
def test_what_makes_no_sense_is_said_and_stays(see, wrong):
    response = see(**wrong)
    page = response.content.decode()
    assert (response.status_code == 422 and "form-error" in page) or "nowhere" in wrong.values()
    assert "trial" not in response.context


def test_a_part_is_the_outcome_alone(see):
    part = see(part="1", **{"excellent:project_manager": "1500"}).content.decode()
    assert "+¥1,500" in part and '<form method="get"' not in part


@pytest.mark.parametrize(
    ("who", "status"),
    [("center", 200), ("president", 200), ("executive", 200), ("lead", 403), ("manager", 403)],
)
def test_money_is_for_center_and_leaders(see, who, status):
    assert see(who).status_code == status


def test_looking_saves_nothing_and_the_button_does(client, see, firm):
    tried = f"{PAGE}?low-excellent=95&excellent:project_manager=1500&team_lowest=97"
    see(**{"low-excellent": "95"})
    assert not history_of(firm.campaign).exists()
    assert "设为本次的标准" in client.get(tried).content.decode()
    client.post(tried)
    assert Band.objects.get(campaign=firm.campaign, code="excellent").lowest == 95
    assert Band.objects.get(campaign=firm.campaign, code="good").highest == 94
    rule = RewardRule.objects.get(band="excellent", role="project_manager")
    assert rule.amount == 1500 and TeamReward.objects.get().lowest == 97
    verbs = {entry.verb for entry in history_of(firm.campaign)}
    assert verbs == {"set_bands", "set_reward_rules", "set_team_reward"}


def test_only_the_center_makes_it_the_rule(client, see, firm):
    assert "设为本次的标准" not in see("president", **{"low-excellent": "95"}).content.decode()
    assert client.post(f"{PAGE}?low-excellent=95").status_code == 403


def test_once_scoring_is_open_the_button_is_gone_and_the_function_refuses(see, firm):
    CampaignResults.objects.create(campaign=firm.campaign, opened_at=firm.at)
    assert "设为本次的标准" not in see(**{"low-excellent": "95"}).content.decode()
    with pytest.raises(Refused) as refusal:
        adopt_rules(
            campaign=firm.campaign, lowest={}, amounts={}, team=None, by=firm.center, at=firm.at
        )
    assert refusal.value.code == "scoring_open"
