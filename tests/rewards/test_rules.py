"""Who gets what: every band and role of the plan, one person one outcome."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from organization.roles import PROJECT_ROLES, Role
from rewards.rules import outcomes, personal
from tests import cast
from tests.rewards.conftest import RULES


def amounts(firm, **kwargs):
    found = outcomes(campaign=firm.campaign, posts_as_of=firm.at, **kwargs)
    return {(o.project.code, o.person.username if o.person else None): o.amount for o in found}


def test_an_excellent_project_rewards_its_leaders(firm, stand):
    stand(firm.one, "93.70")
    assert amounts(firm) == {("P01", "pm01"): 1000, ("P01", "head01"): 600}


def test_a_failed_project_costs_its_leaders(firm, stand):
    stand(firm.one, "79.40")
    assert amounts(firm) == {("P01", "pm01"): -500, ("P01", "head01"): -300}


def test_a_good_project_has_no_outcome(firm, stand):
    stand(firm.one, "85.00")
    assert amounts(firm) == {}


@pytest.mark.parametrize(
    ("composite", "manager"),
    [("79.49", -500), ("79.50", None), ("90.49", None), ("90.50", 1000)],
)
def test_the_band_goes_by_the_rounded_composite(firm, stand, composite, manager):
    """Ruling 1."""
    stand(firm.one, composite)
    assert amounts(firm).get(("P01", "pm01")) == manager


def test_the_floor_rule_drops_the_fraction(firm, stand):
    firm.campaign.rounding = "floor"
    firm.campaign.save()
    stand(firm.one, "90.99")
    assert amounts(firm) == {}


@pytest.mark.parametrize(("composite", "team"), [("95.49", None), ("95.50", 3000)])
def test_the_team_is_rewarded_from_96_on(firm, stand, composite, team):
    stand(firm.one, composite)
    assert amounts(firm).get(("P01", None)) == team


def test_a_capped_project_is_good_at_best_and_its_team_gets_nothing(firm, stand):
    """Ruling 4."""
    stand(firm.one, "97.00", capped=True)
    assert amounts(firm) == {}


def test_a_cap_saves_nobody_from_failing(firm, stand):
    stand(firm.one, "70.00", capped=True)
    assert amounts(firm)["P01", "pm01"] == -500


def test_a_provisional_project_is_left_out(firm, stand):
    """Ruling 8."""
    stand(firm.one, "97.00", provisional=True)
    assert amounts(firm) == {}


def test_a_person_with_two_posts_in_a_project_counts_once_at_the_highest(firm, stand):
    """Ruling 10."""
    cast.post(firm.manager, Role.TEAM_LEADER, project=firm.one)
    stand(firm.one, "70.00")
    mine = [
        o for o in outcomes(campaign=firm.campaign, posts_as_of=firm.at) if o.person == firm.manager
    ]
    assert [(o.role, o.amount, o.others) for o in mine] == [
        ("project_manager", -500, ("team_leader",))
    ]


def test_a_person_with_posts_in_two_projects_counts_once_in_each(firm, stand):
    cast.post(firm.manager, Role.DEPUTY_PROJECT_MANAGER, project=firm.two)
    stand(firm.one, "70.00")
    stand(firm.two, "92.00")
    found = amounts(firm)
    assert (found["P01", "pm01"], found["P02", "pm01"]) == (-500, 800)


def test_posts_count_as_they_were_on_the_day(firm, stand):
    stand(firm.one, "92.00")
    left = firm.manager.posts.get()
    left.until = cast.moment(2011, 11, 1).date()
    left.save()
    assert ("P01", "pm01") not in amounts(firm)
    firm.at = cast.moment(2011, 11, 1, 23)
    assert ("P01", "pm01") in amounts(firm)


def test_rows_come_in_the_order_of_projects_and_ranks(firm, stand):
    stand(firm.one, "97.00")
    stand(firm.two, "97.00")
    found = [
        (o.project.code, o.role) for o in outcomes(campaign=firm.campaign, posts_as_of=firm.at)
    ]
    assert found == [
        ("P01", "project_manager"),
        ("P01", "department_head"),
        ("P01", "team"),
        ("P02", "project_manager"),
        ("P02", "team"),
    ]


def test_the_number_of_queries_is_the_same_for_many_projects(
    firm, stand, django_assert_num_queries
):
    stand(firm.one, "97.00")
    with django_assert_num_queries(5):
        outcomes(campaign=firm.campaign, posts_as_of=firm.at)
    for number in range(20):
        more = cast.project(f"M{number}", f"项目{number}")
        firm.campaign.participations.create(project=more)
        firm.campaign.standings.create(
            project=more, composite=92, provisional=False, updated_at=firm.at
        )
        cast.person(f"m{number}", f"经理{number}", Role.PROJECT_MANAGER, project=more)
    with django_assert_num_queries(5):
        outcomes(campaign=firm.campaign, posts_as_of=firm.at)


class OneOutcomeEach(TestCase):
    """However posts pile up, nobody is paid twice in a project, nor below the highest post."""

    @given(st.lists(st.sampled_from(sorted(PROJECT_ROLES)), min_size=1, max_size=6))
    def test_the_highest_role_decides(self, roles):
        ranked = sorted(roles, key=lambda role: Role(role).rank)
        table = {(band, role): amount for band, role, amount in RULES}
        standing = type("S", (), {"project": None, "composite": 70})
        found = personal(standing, "fail", table, {"someone": ranked})
        expected = table.get(("fail", ranked[0]))
        assert [o.amount for o in found] == ([expected] if expected else [])
