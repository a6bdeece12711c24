"""Reward rules and team reward in the browser."""

from decimal import Decimal

import pytest
from django.urls import reverse

from organization.history import history_of
from rewards.amounts import set_reward_rules
from rewards.models import RewardRule, Settlement, TeamReward
from rewards.setup_list import parts
from tests import cast

pytestmark = pytest.mark.django_db
PAIR = "fail:project_manager"


@pytest.fixture
def company(db):
    made = cast.company()
    rule = {"campaign": made.campaign, "role": "project_manager"}
    RewardRule.objects.create(band="fail", amount=-500, **rule)
    TeamReward.objects.create(campaign=made.campaign, lowest=96, amount=3000)
    return made


@pytest.fixture
def rules(client, company):
    def visit(person=None, **typed):
        client.force_login(person or company.center)
        url = reverse("setup_rewards", args=["c11"])
        return client.post(url, typed) if typed else client.get(url)

    return visit


@pytest.fixture
def as_shown(rules):
    form = rules().context["form"]
    return {field.html_name: field.value() or "" for field in form} | {"seen": form.mark}


def text(response):
    return response.content.decode()


def amounts(campaign):
    return {(r.band, r.role): r.amount for r in campaign.reward_rules.all()}


def verbs(campaign):
    return [entry.verb for entry in history_of(campaign)]


def test_the_page_untouched_leaves_no_record(rules, as_shown, company):
    assert as_shown[PAIR] == "-500"
    assert rules(**as_shown).status_code == 302
    assert verbs(company.campaign) == []


def test_amounts_are_read_as_people_type_them(rules, as_shown, company):
    rules(**as_shown | {PAIR: "－￥600", "excellent:team_leader": "+1,000.50"})
    assert amounts(company.campaign) == {
        ("fail", "project_manager"): Decimal(-600),
        ("excellent", "team_leader"): Decimal("1000.50"),
    }
    assert verbs(company.campaign) == ["set_reward_rules"]


def test_an_empty_cell_is_no_rule_and_a_rule_without_a_cell_stays(rules, as_shown, company):
    RewardRule.objects.create(
        campaign=company.campaign, band="fail", role="specialty_lead", amount=-50
    )
    shown = rules().context["form"].mark
    rules(**as_shown | {PAIR: "", "seen": shown})
    assert amounts(company.campaign) == {("fail", "specialty_lead"): Decimal(-50)}


def test_the_teams_reward_is_set_with_its_own_record(rules, as_shown, company):
    rules(**as_shown | {"team_lowest": "95", "team_amount": "¥5,000"})
    team = TeamReward.objects.get()
    assert (team.lowest, team.amount) == (95, 5000)
    assert verbs(company.campaign) == ["set_team_reward"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({PAIR: "很多<b>"}, "请输入金额，例如 10100。"),
        ({PAIR: "NaN"}, "请输入金额，例如 10100。"),
        ({PAIR: "1e9"}, "10"),
        ({PAIR: "0.001"}, "2"),
        ({"team_amount": "-1"}, "团队奖不能是负数。"),
        ({"team_lowest": "101"}, "100"),
        ({"team_lowest": ""}, "请填写从多少分起。"),
        ({"team_amount": ""}, "请填写金额；不设团队奖填 0。"),
    ],
)
def test_what_can_not_be_is_said_and_everything_typed_stays(
    rules, as_shown, company, changes, said
):
    response = rules(**as_shown | {"good:employee": "77"} | changes)
    assert response.status_code == 422
    assert said in text(response)
    assert 'value="77"' in text(response)
    assert verbs(company.campaign) == []


def test_of_two_who_edit_at_once_both_versions_stand_on_the_page(rules, as_shown, company):
    theirs = {("fail", "project_manager"): Decimal(-300)}
    set_reward_rules(campaign=company.campaign, amounts=theirs, by="command", at=cast.NOW)
    response = rules(**as_shown | {PAIR: "-900"})
    assert response.status_code == 409
    assert 'value="-900"' in text(response)
    assert "现在存的是“-300”" in text(response)
    rules(**as_shown | {PAIR: "-900", "seen": response.context["form"].mark})
    assert amounts(company.campaign) == {("fail", "project_manager"): Decimal(-900)}


def test_while_a_settlement_waits_they_stand_still(rules, as_shown, company):
    Settlement.objects.create(
        campaign=company.campaign,
        posts_as_of=cast.NOW,
        drawn_up_at=cast.NOW,
        submitted_at=cast.NOW,
    )
    assert "结算正在等待批准" in text(rules())
    response = rules(**as_shown | {PAIR: "-900"})
    assert response.status_code == 422
    assert amounts(company.campaign) == {("fail", "project_manager"): Decimal(-500)}


def test_only_the_center_sets_them(rules, as_shown, company):
    for reader in (company.president, company.admin, company.lead, company.manager):
        assert rules(reader).status_code == 403
        assert rules(reader, **as_shown).status_code == 403


def test_without_bands_the_page_says_what_to_do_first(rules, company):
    company.campaign.bands.all().delete()
    assert "先设定等级" in text(rules())


def test_the_list_says_what_stands_and_what_is_missing(company):
    rule, team = parts(company.campaign)
    assert (rule.is_ready, rule.summary) == (True, "1 条标准")
    assert team.summary == "96 分起 +¥3,000"
    company.campaign.reward_rules.all().delete()
    TeamReward.objects.all().delete()
    rule, team = parts(company.campaign)
    assert not rule.is_ready and not team.is_ready
