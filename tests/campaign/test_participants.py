"""Projects that leave a campaign, and what one does not have."""

import pytest

from campaign.participants import leave_projects, set_lacks
from campaign.setup import enter_projects
from inspections.models import Finding, ImprovementPlan
from organization.errors import Refused
from organization.history import history_of
from scoring.models import Score, Standing
from scoring.opening import freeze
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(company):
    """Both projects owe the kick-off in the running campaign."""
    kickoff = cast.milestone(company.campaign)
    return {each: cast.obligation(kickoff, project=each) for each in (company.one, company.two)}


def leave(company, *projects, **changes):
    return leave_projects(
        campaign=company.campaign, projects=projects, by=company.center, at=cast.NOW
    )


def refusal_of(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value


def test_one_with_nothing_done_leaves_with_what_it_owes(company, owed):
    assert leave(company, company.one) == [company.one]
    assert list(company.campaign.projects.all()) == [company.two]
    assert not company.campaign.obligations.filter(project=company.one).exists()
    assert not Standing.objects.filter(project=company.one).exists()
    entry = history_of(company.campaign).get(verb="leave_projects")
    assert (entry.by, entry.detail["projects"]) == (company.center, ["P01"])


def test_leaving_again_changes_nothing(company, owed):
    leave(company, company.one)
    assert leave(company, company.one) == []
    assert history_of(company.campaign).count() == 1


def test_one_that_left_may_come_back(company, owed):
    leave(company, company.one)
    enter_projects(campaign=company.campaign, projects=[company.one], by="x", at=cast.NOW)
    assert company.campaign.obligations.filter(project=company.one).count() == 1


def note(company, owed):
    owed.note = "写了一半"
    owed.save()


def submitted(company, owed):
    owed.first_submitted_at = cast.NOW
    owed.save()


def plan(company, owed):
    ImprovementPlan.objects.create(
        campaign=company.campaign, project=company.one, created_at=cast.NOW
    )


def finding(company, owed):
    Finding.objects.create(
        campaign=company.campaign,
        project=company.one,
        problem="灯不亮",
        source="leftover",
        created_at=cast.NOW,
    )


def score(company, owed):
    line = company.lines["order"]
    Score.objects.create(
        campaign=company.campaign, project=company.one, specialty=line, updated_at=cast.NOW,
        rubric=cast.rubric(company.campaign, line), kept=90, possible=100,
    )  # fmt: skip


@pytest.mark.parametrize("done", [note, submitted, plan, finding, score])
def test_one_that_did_something_stays_and_is_named(company, owed, done):
    done(company, owed[company.one])
    refusal = refusal_of(leave, company, company.one, company.two)
    assert refusal.code == "busy"
    assert str(refusal).endswith("：锦澜府。")
    assert company.campaign.projects.count() == 2


def test_nobody_leaves_a_closed_campaign_or_frozen_results(company, owed):
    freeze(campaign=company.campaign, by="command", at=cast.NOW)
    assert refusal_of(leave, company, company.one).code == "frozen"
    company.campaign.closed_at = cast.NOW
    company.campaign.save()
    assert refusal_of(leave, company, company.one).code == "closed"


def lacks(company, *codes, project=None):
    return set_lacks(
        campaign=company.campaign,
        project=project or company.one,
        specialties=[company.lines[code] for code in codes],
        by=company.center,
        at=cast.NOW,
    )


def test_what_a_project_lacks_is_on_record_with_what_was(company):
    lacks(company, "order")
    lacks(company, "environment", "order")
    detail = history_of(company.campaign).first().detail
    assert (detail["was"], detail["lacks"]) == (["order"], ["environment", "order"])


def test_the_standing_follows(company):
    done = {"kept": 80, "possible": 100, "finished_at": cast.NOW, "updated_at": cast.NOW}
    for code in ("customer_service", "facilities"):
        line = company.lines[code]
        Score.objects.create(
            campaign=company.campaign, project=company.one, specialty=line,
            rubric=cast.rubric(company.campaign, line), **done,
        )  # fmt: skip
    lacks(company, "order", "environment")
    standing = Standing.objects.get(project=company.one)
    assert (standing.composite, standing.provisional) == (80, False)


def test_the_same_again_leaves_no_record(company):
    lacks(company, "order")
    lacks(company, "order")
    assert history_of(company.campaign).count() == 1


def test_what_cannot_be_is_refused(company):
    assert refusal_of(lacks, company, *company.lines).code == "all_lacking"
    stranger = cast.project("P09", "路人")
    assert refusal_of(lacks, company, "order", project=stranger).code == "not_taking_part"
    company.campaign.closed_at = cast.NOW
    company.campaign.save()
    assert refusal_of(lacks, company, "order").code == "closed"
