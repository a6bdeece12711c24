"""Reward rules and team rewards as lists; nothing changes under a settlement that waits."""

from decimal import Decimal

import pytest

from organization.models import HistoryEntry
from rewards.models import RewardRule, Settlement, TeamReward
from scoring.models import CampaignResults
from tests import cast
from tests.lists import CSV, XLSX, brought_in, exported, preview, problems, rows_of, workbook

pytestmark = pytest.mark.django_db
RULES = ("专项工作", "Band", "角色", "amount")


@pytest.fixture
def company():
    made = cast.company()
    for band, role, amount in (
        ("excellent", "project_manager", 2000),
        ("fail", "project_manager", -1000),
        ("fail", "team_leader", "-200.50"),
    ):
        RewardRule.objects.create(campaign=made.campaign, band=band, role=role, amount=amount)
    TeamReward.objects.create(campaign=made.campaign, lowest=96, amount=5000)
    return made


@pytest.fixture
def center(company, client):
    client.force_login(company.center)
    return client


@pytest.fixture(params=["zh-hans", "en"])
def reader(request, company, center):
    company.center.language = request.param
    company.center.save()
    return center


def everything() -> list:
    rules = RewardRule.objects.order_by("band", "role").values_list("band", "role", "amount")
    return [list(rules), list(TeamReward.objects.values_list("lowest", "amount"))]


@pytest.mark.parametrize("form", [XLSX, CSV])
@pytest.mark.parametrize("model", [RewardRule, TeamReward])
def test_what_goes_out_comes_back_as_it_was(reader, model, form):
    before = everything()
    brought_in(reader, model, exported(reader, model, form))
    assert everything() == before
    assert not HistoryEntry.objects.exists()


def test_bands_and_roles_go_out_by_the_readers_names(company, reader):
    english = company.center.language == "en"
    words = ("Excellent", "Project manager") if english else ("优秀", "项目经理")
    assert ("c11", *words, 2000) in rows_of(exported(reader, RewardRule))


def test_rules_are_set_together_with_one_record(company, center):
    data = workbook(RULES, ("c11", "优秀", "工程经理", "3，000元"), ("c11", "Fail", "领班", -300))
    assert preview(center, RewardRule, data).totals["delete"] == 1
    brought_in(center, RewardRule, data)
    assert everything()[0] == [
        ("excellent", "project_manager", 3000),
        ("fail", "team_leader", -300),
    ]
    entry = HistoryEntry.objects.get()
    assert (entry.verb, entry.by) == ("set_reward_rules", company.center)
    assert entry.detail["was"]["fail team_leader"] == "-200.50"


def test_the_team_reward_is_set_with_one_record(company, center):
    brought_in(center, TeamReward, workbook(("campaign", "起奖分", "金额"), ("c11", 95, 6000)))
    assert everything()[1] == [(95, Decimal(6000))]
    assert HistoryEntry.objects.get().verb == "set_team_reward"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("c11", "卓越", "项目经理", 1), "band"),
        (("c11", "优秀", "园丁", 1), "role"),
        (("c11", "优秀", "项目经理", "很多"), "amount"),
        (("c11", "优秀", "项目经理", "0.001"), "amount"),
        (("c11", "优秀", "项目经理", ""), "amount"),
        (("c99", "优秀", "项目经理", 1), "campaign"),
    ],
)
def test_a_bad_rule_is_named(center, row, column):
    assert problems(center, RewardRule, workbook(RULES, row)) == [(2, column)]


def test_a_rule_twice_by_two_names_is_refused(center):
    data = workbook(RULES, ("c11", "优秀", "班长", 1), ("c11", "Excellent", "team_leader", 2))
    assert problems(center, RewardRule, data) == [(3, "role")]


@pytest.mark.parametrize("state", ["submitted_at", "approved_at"])
@pytest.mark.parametrize("model", [RewardRule, TeamReward])
def test_nothing_changes_under_a_settlement_that_waits_or_is_approved(
    company, center, model, state
):
    days = {"posts_as_of": cast.NOW, "drawn_up_at": cast.NOW, state: cast.NOW}
    Settlement.objects.create(campaign=company.campaign, **days)
    before = everything()
    assert preview(center, model, list_of(model)).has_errors()
    assert everything() == before


@pytest.mark.parametrize("model", [RewardRule, TeamReward])
def test_nothing_changes_once_results_are_frozen(company, center, model):
    CampaignResults.objects.create(campaign=company.campaign, frozen_at=cast.NOW)
    assert preview(center, model, list_of(model)).has_errors()


def list_of(model) -> bytes:
    if model is TeamReward:
        return workbook(("campaign", "起奖分", "金额"), ("c11", 95, 6000))
    return workbook(RULES, ("c11", "优秀", "项目经理", 1))
