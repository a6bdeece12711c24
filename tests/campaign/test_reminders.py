"""What the ledger wants: once per person, thing, rule and day, whatever the scheduler does."""

from datetime import date, datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from campaign import registry
from campaign.models import Reminder, ReminderRule, ReminderSettings
from campaign.models.reminders import Channel, Delivery
from campaign.registry import Line
from campaign.reminders.naming import named_rows
from campaign.reminders.planning import plan_round
from campaign.reminders.rules import Terms, code_for_due
from organization.models import User
from tests import cast
from tests.campaign.duties import Duties
from tests.queries import queries_of

DUE = date(2011, 10, 20)


def nine(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def days_before(days: int) -> datetime:
    return nine(DUE - timedelta(days=days))


@pytest.fixture
def duties(company, monkeypatch):
    """The only things to be reminded of; the campaign's phases keep quiet."""
    company.campaign.phases.all().delete()
    duties = Duties(company.campaign)
    monkeypatch.setattr(registry, "DUE_SOURCES", [duties])
    return duties


def ledger(**which):
    rows = Reminder.objects.filter(channel=Channel.INBOX, **which)
    return [
        (row.person.username, row.thing.removeprefix("duty:"), row.rule)
        for row in rows.order_by("pk")
    ]


# --- what is due -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "codes"),
    [
        (8, []),
        (7, ["before-7"]),
        (4, ["before-7"]),
        (3, ["before-3"]),
        (2, ["before-3"]),
        (1, ["before-1"]),
        (0, ["on-0"]),
        (-1, ["after-1"]),
        (-6, ["after-3"]),
        (-7, ["after-7"]),
        (-60, ["after-7"]),
    ],
)
def test_what_is_due_is_told_ahead_on_the_day_and_after(company, duties, days, codes):
    duties.owe("a", DUE, company.manager)
    plan_round(at=days_before(days))
    assert [row for row in ledger() if row[0] == "pm01"] == [("pm01", "a", code) for code in codes]


def test_a_deadline_ends_with_the_local_day(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=timezone.make_aware(datetime(2011, 10, 20, 23, 59)))
    plan_round(at=timezone.make_aware(datetime(2011, 10, 21, 0, 0)))
    assert ledger() == [("pm01", "a", "on-0"), ("pm01", "a", "after-1")]


def test_today_is_said_from_the_digests_hour_on(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=days_before(0) - timedelta(minutes=1))
    assert ledger() == [("pm01", "a", "before-1")]
    plan_round(at=days_before(0))
    assert ledger() == [("pm01", "a", "before-1"), ("pm01", "a", "on-0")]


def test_a_whole_campaign_of_rounds_says_each_thing_once(company, duties):
    duties.owe("a", DUE, company.manager)
    for days in range(10, -12, -1):
        plan_round(at=days_before(days))
        plan_round(at=days_before(days))
    mine = [code for person, _, code in ledger() if person == "pm01"]
    codes = ["before-7", "before-3", "before-1", "on-0", "after-1", "after-3", "after-7"]
    assert mine == codes


def test_rules_are_each_campaigns_own(company, duties):
    ReminderSettings.objects.create(campaign=company.campaign)
    ReminderRule.objects.create(campaign=company.campaign, kind="before", days=5)
    ReminderRule.objects.create(campaign=company.campaign, kind="on", days=0, is_active=False)
    duties.owe("a", DUE, company.manager)
    for days in range(10, -12, -1):
        plan_round(at=days_before(days))
    assert ledger() == [("pm01", "a", "before-5")]


def test_a_missed_day_is_caught_up_while_it_still_holds(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=days_before(1) + timedelta(hours=5))
    assert ledger() == [("pm01", "a", "before-1")]


def test_a_due_date_that_was_moved_is_reminded_of_again(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=days_before(0))
    duties.owe("a", DUE + timedelta(days=5), company.manager)
    plan_round(at=nine(DUE + timedelta(days=5)))
    rows = Reminder.objects.filter(rule="on-0", channel=Channel.INBOX)
    assert sorted(rows.values_list("occurrence", flat=True)) == ["2011-10-20", "2011-10-25"]


def test_everybody_who_owes_it_is_told_by_inbox_and_by_mail(company, duties):
    User.objects.filter(pk=company.worker.pk).update(email="")
    duties.owe("a", DUE, company.manager, company.worker)
    plan_round(at=days_before(0))
    rows = Reminder.objects.values_list("person__username", "channel")
    assert set(rows) == {("pm01", "inbox"), ("pm01", "mail"), ("emp01", "inbox")}


def test_an_address_that_comes_later_still_gets_what_holds(company, duties):
    User.objects.filter(pk=company.manager.pk).update(email="")
    duties.owe("a", DUE, company.manager)
    plan_round(at=days_before(0))
    User.objects.filter(pk=company.manager.pk).update(email="new@example.test")
    assert plan_round(at=days_before(0)) == 1
    assert Reminder.objects.filter(channel=Channel.MAIL).count() == 1


def test_who_has_left_is_not_told(company, duties):
    User.objects.filter(pk=company.manager.pk).update(is_active=False)
    duties.owe("a", DUE, company.manager)
    plan_round(at=days_before(0))
    assert ledger() == []


def test_words_are_found_when_it_is_said(company, duties):
    duties.owe("a", DUE, company.worker, title="第一行\n第二行")
    plan_round(at=days_before(0))
    row = Reminder.objects.first()
    assert (row.title, row.url, row.body) == ("", "", "")
    assert named_rows([row])[row.pk] == Line("第一行 第二行", "/things/a/")


def test_a_campaign_that_does_not_run_reminds_nobody(company, duties):
    duties.owe("a", DUE, company.manager)
    company.campaign.closed_at = days_before(5)
    company.campaign.save()
    plan_round(at=days_before(0))
    assert ledger() == []


def test_what_was_cancelled_is_wanted_again_when_it_is_open_again(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=days_before(0))
    Reminder.objects.update(delivery=Delivery.CANCELLED)
    assert plan_round(at=days_before(0)) == 2
    assert Reminder.objects.wanted().count() == 2


def owe_obligations(company, numbers):
    for number in numbers:
        milestone = cast.milestone(company.campaign, f"m{number}", due=DUE)
        cast.obligation(milestone, project=company.one)
        cast.obligation(milestone, project=company.two)


def test_a_round_with_nothing_new_only_reads(company):
    owe_obligations(company, range(2))
    plan_round(at=days_before(0))
    with CaptureQueriesContext(connection) as queries:
        assert plan_round(at=days_before(0)) == 0
    assert all(query["sql"].lstrip("(").startswith("SELECT") for query in queries)


def test_who_owes_it_by_two_posts_is_told_once(company):
    owe_obligations(company, range(1))
    cast.post(company.manager, "deputy_project_manager", project=company.one)
    assert plan_round(at=days_before(0)) == Reminder.objects.count()
    assert Reminder.objects.filter(person=company.manager, rule="on-0").count() == 2
    Reminder.objects.update(delivery=Delivery.CANCELLED)
    assert plan_round(at=days_before(0)) == Reminder.objects.count()


def test_a_campaigns_day_is_that_of_its_zone(company, duties):
    ReminderSettings.objects.create(campaign=company.campaign, zone_name="America/New_York")
    ReminderRule.objects.create(campaign=company.campaign, kind="on", days=0)
    ReminderRule.objects.create(campaign=company.campaign, kind="after", days=1)
    duties.owe("a", DUE, company.manager)
    plan_round(at=nine(DUE))  # still the evening before in New York
    assert ledger() == []
    plan_round(at=nine(DUE + timedelta(days=1)))  # nine in the evening of the day itself
    assert ledger() == [("pm01", "a", "on-0")]
    waiting = set(Reminder.objects.values_list("not_before", flat=True))
    new_york = ZoneInfo("America/New_York")
    assert waiting == {datetime(2011, 10, 21, 8, tzinfo=new_york)}  # after its quiet hours


def test_a_round_asks_as_often_for_many_things(company):
    owe_obligations(company, range(1))
    few = queries_of(lambda: plan_round(at=days_before(0)))
    owe_obligations(company, range(1, 20))
    assert queries_of(lambda: plan_round(at=days_before(0))) == few


# --- phases ------------------------------------------------------------------------------


def test_phases_are_told_to_those_who_lead(company):
    plan_round(at=cast.moment(2011, 11, 26))
    told = {username for username, _, rule in ledger() if rule == "phase_begins-0"}
    assert told == {"pm01", "pm02", "lead-service", "center", "auditor", "exec"}


def test_managers_of_projects_that_do_not_take_part_are_left_alone(company):
    cast.person("pm03", "林一", "project_manager", project=cast.project("P03", "云栖里"))
    plan_round(at=cast.moment(2011, 11, 26))
    assert "pm03" not in {username for username, _, _ in ledger()}


# --- any scheduler -----------------------------------------------------------------------


class AnyScheduler(TestCase):
    """Whenever rounds happen to run: nothing twice, and nothing that holds is left out."""

    def setUp(self):
        self.company = cast.company()
        self.company.campaign.phases.all().delete()
        self.duties = Duties(self.company.campaign)
        only = patch.object(registry, "DUE_SOURCES", [self.duties])
        only.start()
        self.addCleanup(only.stop)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        dues=st.dictionaries(st.sampled_from("abc"), st.integers(0, 9), min_size=1),
        steps=st.lists(
            st.tuples(st.integers(0, 100), st.sampled_from(["", "finish a", "move b"])),
            min_size=1,
            max_size=12,
        ),
    )
    def test_each_thing_once_and_none_lost(self, dues, steps):
        self.duties.things.clear()
        for thing, day in dues.items():
            self.duties.owe(thing, DUE + timedelta(days=day), self.company.manager)
        at, expected = days_before(4), set()
        for hours, change in steps:
            at += timedelta(hours=hours)
            self.apply(change)
            plan_round(at=at)
            expected |= self.what_holds(at)
        rows = Reminder.objects.filter(channel=Channel.INBOX, person=self.company.manager)
        told = list(rows.values_list("thing", "rule", "occurrence"))
        assert sorted(told) == sorted(expected)

    def apply(self, change):
        verb, _, thing = change.partition(" ")
        if verb == "finish":
            self.duties.finish(thing)
        elif verb == "move" and thing in self.duties.things:
            due, _ = self.duties.things[thing]
            self.duties.owe(thing, due + timedelta(days=2), self.company.manager)

    def what_holds(self, at):
        codes = {
            (f"duty:{thing}", code_for_due(Terms(), due, at), due.isoformat())
            for thing, (due, _) in self.duties.things.items()
        }
        return {(thing, code, day) for thing, code, day in codes if code}
