"""A campaign from an earlier one: what moves, what is taken along, what stays behind."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign import registry
from campaign.cloning import clone_campaign, weeks_between
from campaign.models import Campaign
from campaign.setup import create_campaign
from organization.errors import Refused
from organization.history import history_of
from rewards.models import RewardRule, TeamReward
from scoring.models import CampaignResults, Rubric
from tests import cast

pytestmark = pytest.mark.django_db
NEXT = cast.moment(2012, 6, 1)
# a machine that is busy with other things is no failure
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def source(company):
    """The cast's campaign with milestones, of which one is no gate."""
    cast.milestone(company.campaign, "project_kickoff")
    report = cast.milestone(
        company.campaign, "exam_report", phase="self_check", due=date(2011, 10, 31)
    )
    report.is_gate = False
    report.save()
    return company.campaign


def clone(source, code="c12", year=2012, **changes):
    return clone_campaign(
        **{"source": source, "code": code, "year": year, "by": "x", "at": NEXT} | changes
    )


def days_of(campaign):
    """Every date in a fixed order."""
    phases = [day for phase in campaign.phases.all() for day in (phase.start, phase.end)]
    return phases + [each.due for each in campaign.milestones.all()]


def test_every_date_moves_by_the_same_whole_weeks(source):
    made = clone(source)
    shifts = {new - old for old, new in zip(days_of(source), days_of(made), strict=True)}
    assert shifts == {timedelta(weeks=52)}
    assert made.phases.first().start == date(2012, 9, 23)


def test_what_phases_and_milestones_say_is_kept_in_both_languages(source):
    made = clone(source)
    phase, report = made.phases.get(code="inspect"), made.milestones.get(code="exam_report")
    assert (phase.name_zh_hans, phase.name_en) == ("检查验收", "Inspection")
    assert (report.title_zh_hans, report.title_en) == (
        "各项目召开动员会，正式启动",
        "Each project holds its kick-off meeting",
    )
    assert report.phase == made.phases.get(code="self_check")
    assert report.evidence == ["minutes", "sign_in", "notes"]
    assert not report.is_gate
    assert source.milestones.count() == made.milestones.count() == 2


def test_it_is_a_draft_on_record_that_nothing_happened_in(source, company):
    source.rounding, source.appeal_days = "floor", 5
    source.save()
    made = clone(source, by=company.center)
    assert made.state().code == "draft"
    assert (made.rounding, made.appeal_days, made.year) == ("floor", 5, 2012)
    assert not made.obligations.exists()
    entry = history_of(made).get(verb="clone_campaign")
    assert (entry.by, entry.detail) == (company.center, {"source": "c11", "weeks": 52})


def test_active_projects_come_along_with_what_they_lack(source, company):
    source.participations.get(project=company.one).lacks.add(company.lines["order"])
    company.two.is_active = False
    company.two.save()
    made = clone(source)
    assert [part.project for part in made.participations.all()] == [company.one]
    assert list(made.participations.get().lacks.all()) == [company.lines["order"]]
    assert made.standings.count() == 1


def test_the_rules_of_scoring_come_along(source, company):
    source.weights.filter(specialty=company.lines["order"]).update(is_sample=True)
    CampaignResults.objects.create(campaign=source, extra_allowed=True)
    made = clone(source)
    weights = made.weights.values_list("specialty__code", "percent", "is_sample")
    assert ("order", Decimal(25), True) in weights and len(weights) == 4
    assert [(b.code, b.name_en, b.lowest) for b in made.bands.order_by("lowest")] == [
        ("fail", "Fail", 0),
        ("good", "Good", 80),
        ("excellent", "Excellent", 91),
    ]
    results = CampaignResults.objects.get(campaign=made)
    assert results.extra_allowed and not results.opened_at


def test_rubrics_in_force_are_published_again_and_drafts_stay_behind(source, company):
    cast.rubric(source, company.lines["order"], items=2, requirements=3)
    cast.rubric(source, company.lines["facilities"], published=False)
    made = clone(source)
    rubric = Rubric.objects.get(campaign=made)
    assert (rubric.version, rubric.published_at, rubric.published_by) == (1, NEXT, None)
    assert [item.code for item in rubric.items.all()] == ["I01", "I02"]
    assert rubric.items.first().requirements.count() == 3
    assert rubric.items.first().requirements.first().text_en == "Requirement 1"
    assert Rubric.objects.filter(campaign=source).count() == 2


def test_reward_rules_and_the_teams_come_along(source):
    RewardRule.objects.create(campaign=source, band="fail", role="project_manager", amount=-500)
    TeamReward.objects.create(campaign=source, lowest=96, amount=3000)
    made = clone(source)
    assert made.reward_rules.get().amount == -500
    assert (made.team_reward.lowest, made.team_reward.amount) == (96, 3000)
    assert source.team_reward.pk != made.team_reward.pk


def test_a_clone_of_the_plans_lacks_nothing_that_the_plan_has():
    source = create_campaign(code="c26", year=2026, by="command", at=NEXT)
    made = clone(source, code="c27", year=2027)
    assert registry.what_is_missing(made) == []
    assert made.milestones.count() == 13


def test_a_clone_can_be_cloned(source):
    assert clone(clone(source), code="c13", year=2013).phases.first().start == date(2013, 9, 22)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "c11"}, "code_taken"),
        ({"code": "a b"}, "code"),
        ({"code": ""}, "code"),
        ({"year": 1999}, "year"),
        ({"year": 99999}, "year"),
    ],
)
def test_a_wrong_code_or_year_is_refused(source, changes, code):
    with pytest.raises(Refused) as refusal:
        clone(source, **changes)
    assert refusal.value.code == code
    assert Campaign.objects.count() == 1


def test_one_without_phases_is_no_source(source):
    bare = Campaign.objects.create(code="bare", year=2011, created_at=NEXT)
    with pytest.raises(Refused) as refusal:
        clone(bare)
    assert refusal.value.code == "source"


def test_of_two_who_take_a_code_at_once_the_second_is_refused(source, monkeypatch):
    monkeypatch.setattr("campaign.cloning.check_code", lambda code: None)
    with pytest.raises(Refused) as refusal:
        clone(source, code="c11")
    assert refusal.value.code == "code_taken"


# Whole weeks, whatever the year

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@PATIENT
@given(days=st.lists(DAYS, min_size=2, max_size=20), years=st.integers(-50, 50))
def test_weekdays_order_and_distances_are_kept(days, years):
    if not 1 <= days[0].year + years <= 9998:
        return
    shift = timedelta(weeks=weeks_between(days[0], years=years))
    moved = [day + shift for day in days]
    assert [day.weekday() for day in moved] == [day.weekday() for day in days]
    assert [b - a for a, b in pairwise(moved)] == [b - a for a, b in pairwise(days)]


@PATIENT
@given(day=DAYS, years=st.integers(-50, 50))
def test_the_shift_is_the_whole_week_nearest_to_the_same_day(day, years):
    weeks = weeks_between(day, years=years)
    leap = day.month == 2 and day.day == 29
    same = date(day.year + years, day.month, 28 if leap else day.day)
    assert abs((day + timedelta(weeks=weeks) - same).days) <= (4 if leap else 3)
