"""What stays undone is told to the next posts up: once each, a step at a time."""

from datetime import date, timedelta

import pytest

from campaign.models import Obligation, Reminder, ReminderRule, ReminderSettings
from campaign.models.reminders import Delivery
from campaign.reminders import escalation
from campaign.reminders.holding import key_of, still_owed
from campaign.reminders.planning import plan_round
from organization.models import Post, User
from organization.roles import Role
from tests import cast
from tests.queries import queries_of

DUE = date(2011, 10, 20)


def late(days: int):
    return cast.moment(2011, 10, 20, 12) + timedelta(days=days)


@pytest.fixture
def owed(company):
    company.campaign.phases.exclude(code="mobilize").delete()
    return cast.obligation(cast.milestone(company.campaign, due=DUE), project=company.one)


def told(channel="inbox"):
    rows = Reminder.objects.filter(rule__startswith="escalate", channel=channel)
    return sorted(rows.values_list("rule", "person__username"))


def test_three_days_late_the_next_post_is_told_and_seven_the_one_above(company, owed):
    steps = {}
    for days in (2, 3, 6, 7, 14):
        plan_round(at=late(days))
        steps[days] = told()
    center = [("escalate-3", "auditor"), ("escalate-3", "center")]
    assert steps[2] == []
    assert steps[3] == steps[6] == center
    assert steps[7] == [*center, ("escalate-7", "exec")]
    # above the executive there is nobody: who stands there is told again
    assert steps[14] == [("escalate-14", "exec"), *center, ("escalate-7", "exec")]


def test_it_says_who_has_to_act_and_how_late_it_is_in_the_readers_language(company, owed):
    User.objects.filter(pk=company.center.pk).update(language="en")
    plan_round(at=late(4))
    rows = Reminder.objects.filter(rule="escalate-3", channel="inbox")
    assert rows.get(person=company.auditor).body == "由陈立群负责，已逾期 4 天。"
    assert rows.get(person=company.center).body == "To be done by 陈立群, 4 days overdue."
    assert {(row.thing, row.occurrence, row.due) for row in rows} == {
        (owed.thing, "2011-10-20", DUE)
    }


def test_missed_rounds_are_caught_up_each_post_by_its_sharpest_step(company, owed):
    plan_round(at=late(20))
    assert told() == [
        ("escalate-14", "exec"),
        ("escalate-3", "auditor"),
        ("escalate-3", "center"),
    ]
    assert plan_round(at=late(20)) == 0


def test_a_deputy_who_owes_it_too_is_no_post_above(company, owed):
    cast.person("deputy01", "郑凯", Role.DEPUTY_PROJECT_MANAGER, project=company.one)
    plan_round(at=late(3))
    assert told() == [("escalate-3", "auditor"), ("escalate-3", "center")]
    body = Reminder.objects.filter(rule="escalate-3").first().body
    assert "陈立群、郑凯" in body


def test_the_ways_are_those_of_whoever_is_told(company, owed):
    User.objects.filter(pk=company.auditor.pk).update(email="")
    plan_round(at=late(3))
    assert told("mail") == [("escalate-3", "center")]


def test_who_left_is_not_told_and_the_next_one_is(company, owed):
    Post.objects.filter(user__in=[company.center, company.auditor]).update(until=DUE)
    plan_round(at=late(3))
    assert told() == [("escalate-3", "exec")]


def test_a_campaign_without_steps_tells_nobody(company, owed):
    ReminderSettings.objects.create(campaign=company.campaign)
    ReminderRule.objects.create(campaign=company.campaign, kind="after", days=1)
    plan_round(at=late(30))
    assert told() == []


def test_on_a_day_off_it_waits_for_the_next_working_day(company, owed):
    plan_round(at=cast.moment(2011, 10, 29, 10))  # a Saturday
    moments = Reminder.objects.filter(rule__startswith="escalate").values_list("not_before")
    assert {moment for (moment,) in moments} == {cast.moment(2011, 10, 31, 9)}


def test_what_was_cancelled_is_wanted_again(company, owed):
    plan_round(at=late(3))
    rows = Reminder.objects.filter(rule="escalate-3")
    rows.update(delivery=Delivery.CANCELLED)
    assert plan_round(at=late(4)) == 4
    assert rows.filter(delivery=Delivery.WANTED).count() == 4


def test_it_holds_until_the_thing_is_handed_in_or_the_post_is_anothers(company, owed):
    plan_round(at=late(7))
    rows = list(Reminder.objects.filter(rule__startswith="escalate", channel="inbox"))
    assert still_owed(rows, at=late(7)) == {key_of(row) for row in rows}
    Post.objects.filter(user=company.auditor).update(until=DUE)
    held = {(row.person.username) for row in rows if key_of(row) in still_owed(rows, at=late(8))}
    assert held == {"center", "exec"}
    Obligation.objects.update(submitted_at=late(8))
    assert still_owed(rows, at=late(8)) == set()


def test_pages_of_any_size_tell_the_same(company, monkeypatch):
    monkeypatch.setattr(escalation, "PAGE", 3)
    cast.person("deputy01", "郑凯", Role.DEPUTY_PROJECT_MANAGER, project=company.one)
    things = []
    for number in range(7):
        milestone = cast.milestone(company.campaign, f"m{number}", due=DUE)
        things.append(cast.obligation(milestone, project=company.one).thing)
    plan_round(at=late(3))
    found = Reminder.objects.filter(rule="escalate-3", channel="inbox", person=company.center)
    assert sorted(found.values_list("thing", flat=True)) == sorted(things)


def test_many_things_ask_as_often_as_one(company, owed):
    plan_round(at=late(3))
    few = queries_of(lambda: plan_round(at=late(3)))
    for number in range(20):
        cast.obligation(
            cast.milestone(company.campaign, f"m{number}", due=DUE), project=company.one
        )
    plan_round(at=late(3))
    assert queries_of(lambda: plan_round(at=late(3))) == few
