"""What the ledger wants: once per person, thing, rule and day, whatever the scheduler does."""

from datetime import date, datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from campaign import registry
from campaign.models import Reminder
from campaign.models.reminders import Channel, Delivery, Rule
from campaign.reminders.planning import plan_round, rule_for_due, rule_for_phase
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
    ("days", "rules"),
    [(5, []), (4, []), (3, ["soon"]), (1, ["soon"]), (0, ["today"]), (-1, ["overdue"])],
)
def test_what_is_due_is_told_three_days_before_on_the_day_and_after(company, duties, days, rules):
    duties.owe("a", DUE, company.manager)
    plan_round(at=days_before(days))
    assert ledger() == [("pm01", "a", rule) for rule in rules]


def test_a_deadline_ends_with_the_local_day(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=timezone.make_aware(datetime(2011, 10, 20, 23, 59)))
    plan_round(at=timezone.make_aware(datetime(2011, 10, 21, 0, 0)))
    assert ledger() == [("pm01", "a", "today"), ("pm01", "a", "overdue")]


def test_a_whole_campaign_of_rounds_says_each_thing_once(company, duties):
    duties.owe("a", DUE, company.manager)
    for days in range(6, -12, -1):
        plan_round(at=days_before(days))
        plan_round(at=days_before(days))
    assert [rule for _, _, rule in ledger()] == ["soon", "today", "overdue"]


def test_a_missed_day_is_caught_up_while_it_still_holds(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=days_before(1))
    assert ledger() == [("pm01", "a", "soon")]


def test_a_due_date_that_was_moved_is_reminded_of_again(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=days_before(0))
    duties.owe("a", DUE + timedelta(days=5), company.manager)
    plan_round(at=nine(DUE + timedelta(days=5)))
    rows = Reminder.objects.filter(rule=Rule.TODAY, channel=Channel.INBOX)
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


def test_a_title_of_several_lines_becomes_one(company, duties):
    duties.owe("a", DUE, company.worker, title="第一行\n第二行")
    plan_round(at=days_before(0))
    assert set(Reminder.objects.values_list("title", flat=True)) == {"第一行 第二行"}


def test_a_milestone_is_titled_in_the_readers_language(company):
    User.objects.filter(pk=company.manager.pk).update(language="en")
    milestone = cast.milestone(company.campaign, due=DUE)
    cast.obligation(milestone, project=company.one)
    cast.obligation(milestone, project=company.two)
    plan_round(at=days_before(0))
    mine = Reminder.objects.filter(rule=Rule.TODAY, channel=Channel.INBOX)
    assert "kick-off" in mine.get(person=company.manager).title
    assert "动员会" in mine.get(person=company.other_manager).title


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


def owe_obligations(company, number):
    for each in range(number):
        milestone = cast.milestone(company.campaign, f"m{each}", due=DUE)
        cast.obligation(milestone, project=company.one)
        cast.obligation(milestone, project=company.two)


def test_a_round_with_nothing_new_only_reads(company):
    owe_obligations(company, 2)
    plan_round(at=days_before(0))
    with CaptureQueriesContext(connection) as queries:
        assert plan_round(at=days_before(0)) == 0
    assert all(query["sql"].startswith("SELECT") for query in queries)


def test_a_round_asks_as_often_for_many_things(company):
    owe_obligations(company, 1)
    few = queries_of(lambda: plan_round(at=days_before(0)))
    owe_obligations_more = [cast.milestone(company.campaign, f"n{n}", due=DUE) for n in range(20)]
    for milestone in owe_obligations_more:
        cast.obligation(milestone, project=company.one)
    assert queries_of(lambda: plan_round(at=days_before(0))) == few


# --- phases ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (date(2011, 10, 15), None),
        (date(2011, 10, 16), Rule.PHASE_BEGINS),
        (date(2011, 10, 20), Rule.PHASE_BEGINS),
        (date(2011, 10, 26), Rule.PHASE_BEGINS),
        (date(2011, 10, 27), Rule.PHASE_ENDS_SOON),
        (date(2011, 10, 29), Rule.PHASE_ENDS_SOON),
        (date(2011, 10, 30), Rule.PHASE_ENDS_TODAY),
        (date(2011, 10, 31), None),
    ],
)
def test_a_phase_begins_ends_in_three_days_and_ends_today(day, rule):
    assert rule_for_phase(date(2011, 10, 16), date(2011, 10, 30), day) == rule


@pytest.mark.parametrize(
    ("day", "rule"),
    [(26, Rule.PHASE_BEGINS), (27, Rule.PHASE_BEGINS), (28, Rule.PHASE_ENDS_TODAY)],
)
def test_a_phase_of_three_days_does_not_begin_and_end_soon_at_once(day, rule):
    start, end = date(2011, 11, 26), date(2011, 11, 28)
    assert rule_for_phase(start, end, date(2011, 11, day)) == rule


def test_a_phase_of_one_day_begins():
    day = date(2011, 11, 26)
    assert rule_for_phase(day, day, day) == Rule.PHASE_BEGINS


def test_phases_are_told_to_those_who_lead(company):
    plan_round(at=cast.moment(2011, 11, 26))
    told = {username for username, _, rule in ledger() if rule == Rule.PHASE_BEGINS}
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
        rows = Reminder.objects.filter(channel=Channel.INBOX)
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
        today = timezone.localtime(at).date()
        rules = {
            (f"duty:{thing}", rule_for_due(due, today), due.isoformat())
            for thing, (due, _) in self.duties.things.items()
        }
        return {(thing, str(rule), day) for thing, rule, day in rules if rule}
