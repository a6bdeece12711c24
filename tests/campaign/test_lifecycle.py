from datetime import date

import pytest
from django.db import IntegrityError, transaction

from campaign import registry
from campaign.lifecycle import (
    approve_campaign,
    close_campaign,
    return_campaign,
    start_campaign,
    start_due_campaigns,
    submit_campaign,
)
from campaign.models import Message, Milestone, Obligation, Participation
from campaign.words import Scope
from organization.errors import Refused
from organization.history import history_of
from tests import cast

FIRST_DAY = date(2011, 9, 25)
BEFORE = cast.moment(2011, 9, 24, 23, 59)
MIDNIGHT = cast.moment(2011, 9, 25, 0, 0)


@pytest.fixture
def draft(company):
    """A drafted campaign of one project, with a milestone of each scope."""
    drafted = cast.campaign("draft", started=False, projects=[company.one])
    for scope in Scope:
        cast.milestone(drafted, scope.value, scope=scope)
    cast.scoring_rules(drafted, company.lines)
    return drafted


@pytest.fixture
def ready(monkeypatch):
    """What upper apps ask for is there."""
    monkeypatch.setattr(registry, "READINESS_CHECKS", [])


def submitted(draft, company, at=BEFORE):
    return submit_campaign(campaign=draft, by=company.center, at=at)


def approved(draft, company, at=BEFORE):
    return approve_campaign(campaign=submitted(draft, company), by=company.president, at=at)


def refusal_of(function, **arguments):
    with pytest.raises(Refused) as refusal:
        function(**arguments)
    return refusal.value.code


def last(thing):
    return history_of(thing).first()


def test_submitting_asks_the_president(draft, company):
    campaign = submitted(draft, company)
    assert campaign.state().code == "waiting_approval"
    entry = last(campaign)
    assert (entry.verb, entry.by, entry.before, entry.after) == (
        "submit_campaign",
        company.center,
        "draft",
        "waiting_approval",
    )
    assert Message.objects.get().person == company.president


def test_submitting_twice_is_refused(draft, company):
    submitted(draft, company)
    code = refusal_of(submit_campaign, campaign=draft, by=company.center, at=BEFORE)
    assert code == "already"


def test_a_return_keeps_the_reason_and_tells_the_center(draft, company):
    submitted(draft, company)
    campaign = return_campaign(
        campaign=draft, reason=" 日期与集团会议冲突 ", by=company.president, at=BEFORE
    )
    assert (campaign.state().code, campaign.return_reason) == ("returned", "日期与集团会议冲突")
    assert last(campaign).reason == "日期与集团会议冲突"
    told = Message.objects.filter(body="日期与集团会议冲突")
    assert {message.person for message in told} == {company.center, company.auditor}


def test_a_return_needs_a_reason(draft, company):
    submitted(draft, company)
    code = refusal_of(return_campaign, campaign=draft, reason="  ", by=company.president, at=BEFORE)
    assert code == "reason"


def test_a_returned_draft_can_be_submitted_again(draft, company):
    submitted(draft, company)
    return_campaign(campaign=draft, reason="改日期", by=company.president, at=BEFORE)
    assert submitted(draft, company).state().code == "waiting_approval"


def test_a_draft_that_nobody_submitted_is_neither_approved_nor_returned(draft, company):
    by, at = company.president, BEFORE
    assert refusal_of(approve_campaign, campaign=draft, by=by, at=at) == "not_submitted"
    assert refusal_of(return_campaign, campaign=draft, reason="x", by=by, at=at) == "not_submitted"


def test_approved_before_its_first_day_it_waits(draft, company, ready):
    campaign = approved(draft, company)
    assert campaign.state().code == "approved"
    assert (campaign.approved_by, last(campaign).verb) == (company.president, "approve_campaign")
    assert not Obligation.objects.exists()


def test_approved_on_its_first_day_it_starts_at_once(draft, company, ready):
    campaign = approved(draft, company, at=MIDNIGHT)
    assert campaign.started_at == MIDNIGHT
    assert [entry.verb for entry in history_of(campaign)][:2] == [
        "start_campaign",
        "approve_campaign",
    ]


def test_approving_twice_is_refused(draft, company, ready):
    approved(draft, company)
    code = refusal_of(approve_campaign, campaign=draft, by=company.president, at=BEFORE)
    assert code == "already"


def test_what_is_missing_keeps_it_from_being_approved(draft, company, lend):
    lend(registry.READINESS_CHECKS, lambda campaign: ["权重合计不是 100%。"])
    submitted(draft, company)
    with pytest.raises(Refused, match="权重合计不是 100%。") as refusal:
        approve_campaign(campaign=draft, by=company.president, at=BEFORE)
    assert refusal.value.code == "missing"
    draft.refresh_from_db()
    assert draft.approved_at is None


def test_the_start_makes_what_everybody_owes(draft, company, ready):
    start_campaign(campaign=approved(draft, company), by="command", at=MIDNIGHT)
    owed = Obligation.objects.filter(campaign=draft)
    assert owed.filter(project=company.one).count() == 1
    assert owed.filter(specialty__in=company.lines.values()).count() == 4
    assert owed.filter(project=None, specialty=None).count() == 1
    assert owed.count() == 6
    assert set(owed.values_list("due")) == {(date(2011, 10, 10),)}


def test_it_does_not_start_before_its_first_day(draft, company, ready):
    campaign = approved(draft, company)
    assert refusal_of(start_campaign, campaign=campaign, by="command", at=BEFORE) == "too_early"


def test_it_does_not_start_without_approval(draft):
    code = refusal_of(start_campaign, campaign=draft, by="command", at=MIDNIGHT)
    assert code == "not_approved"


def test_it_starts_once(draft, company, ready):
    campaign = approved(draft, company, at=MIDNIGHT)
    assert refusal_of(start_campaign, campaign=campaign, by="command", at=MIDNIGHT) == "already"
    assert Obligation.objects.filter(campaign=campaign).count() == 6


def test_the_schedule_starts_what_is_due_and_nothing_else(draft, company, ready):
    campaign = approved(draft, company)
    assert start_due_campaigns(at=BEFORE) == []
    assert start_due_campaigns(at=MIDNIGHT) == [campaign]
    assert start_due_campaigns(at=MIDNIGHT) == []
    assert last(campaign).by_label == "schedule"


def test_the_schedule_passes_over_one_that_is_not_ready(draft, company, ready, lend):
    approved(draft, company)
    lend(registry.READINESS_CHECKS, lambda campaign: ["没有等级。"])
    assert start_due_campaigns(at=MIDNIGHT) == []
    draft.refresh_from_db()
    assert draft.started_at is None


@pytest.mark.parametrize("size", [1, 9])
def test_the_start_asks_as_much_of_the_database_for_many_as_for_one(
    draft, company, ready, django_assert_num_queries, size
):
    for n in range(size - 1):
        Participation.objects.create(campaign=draft, project=cast.project(f"N{n}", f"新{n}"))
    campaign = approved(draft, company)
    with django_assert_num_queries(10):
        start_campaign(campaign=campaign, by="command", at=MIDNIGHT)
    assert Obligation.objects.count() == size + 5


def test_closing_ends_it(company):
    campaign = close_campaign(campaign=company.campaign, by=company.center, at=cast.NOW)
    assert campaign.state().code == "closed"
    assert last(campaign).verb == "close_campaign"


def test_only_a_running_campaign_is_closed_and_only_once(company, draft):
    by, at = company.center, cast.NOW
    assert refusal_of(close_campaign, campaign=draft, by=by, at=at) == "not_running"
    close_campaign(campaign=company.campaign, by=by, at=at)
    assert refusal_of(close_campaign, campaign=company.campaign, by=by, at=at) == "not_running"


def test_a_milestone_is_owed_once_by_each(company):
    milestone = cast.milestone(company.campaign)
    for subject in ({"project": company.one}, {"specialty": company.lines["order"]}, {}):
        cast.obligation(milestone, **subject)
        with pytest.raises(IntegrityError), transaction.atomic():
            cast.obligation(milestone, **subject)
    assert Milestone.objects.get().obligations.count() == 3
