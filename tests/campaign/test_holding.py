"""Asked once more before it is said: does it still hold, and what is it called now?"""

from datetime import date, timedelta

import pytest

from campaign.models import Obligation, Reminder
from campaign.reminders.holding import key_of, still_owed
from campaign.reminders.naming import named_rows
from organization.models import User
from tests import cast
from tests.queries import queries_of

DUE = date(2011, 10, 20)  # a Thursday
TODAY = cast.moment(2011, 10, 20)


@pytest.fixture
def owed(company):
    milestone = cast.milestone(company.campaign, due=DUE)
    return [cast.obligation(milestone, project=each) for each in (company.one, company.two)]


def row(company, person, thing, rule="on-0", occurrence="2011-10-20", **fields):
    return Reminder.objects.create(
        campaign=company.campaign,
        person=person,
        thing=thing,
        rule=rule,
        occurrence=occurrence,
        channel="inbox",
        wanted_at=TODAY,
        **fields,
    )


def holds(each, at=TODAY) -> bool:
    return key_of(each) in still_owed([each], at=at)


def test_what_is_open_and_of_this_day_and_rule_holds(company, owed):
    assert holds(row(company, company.manager, owed[0].thing))


def test_what_was_handed_in_does_not(company, owed):
    mine = row(company, company.manager, owed[0].thing)
    Obligation.objects.update(submitted_at=TODAY)
    assert not holds(mine)


def test_what_was_moved_does_not(company, owed):
    mine = row(company, company.manager, owed[0].thing)
    Obligation.objects.update(due=DUE + timedelta(days=2))
    assert not holds(mine)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (TODAY - timedelta(days=7), "before-7"),
        (TODAY - timedelta(days=1), "before-1"),
        (TODAY - timedelta(hours=1), "before-1"),
        (TODAY, "on-0"),
        (TODAY + timedelta(days=1), "after-1"),
        (TODAY + timedelta(days=40), "after-7"),
    ],
)
def test_only_what_is_said_now_holds(company, owed, at, code):
    codes = ("before-7", "before-3", "before-1", "on-0", "after-1", "after-3", "after-7")
    rows = {rule: row(company, company.manager, owed[0].thing, rule) for rule in codes}
    found = still_owed(rows.values(), at=at)
    assert found == {key_of(rows[code])}


def test_what_is_somebody_elses_does_not_hold(company, owed):
    assert not holds(row(company, company.other_manager, owed[0].thing))


def test_nobody_is_told_of_a_campaign_that_ended(company, owed):
    mine = row(company, company.manager, owed[0].thing)
    company.campaign.closed_at = TODAY
    company.campaign.save()
    assert not holds(mine)


def test_notices_are_facts_and_not_asked_about(company, owed):
    assert not holds(row(company, company.manager, owed[0].thing, "notice", "returned 2"))


def test_a_phase_holds_while_it_lasts(company):
    phase = company.campaign.phases.get(code="self_check")
    mine = row(company, company.manager, f"phase:{phase.pk}", "phase_begins-0", "2011-10-16")
    assert holds(mine)
    assert not holds(mine, at=cast.moment(2011, 10, 27))  # it ends in three days now
    assert not holds(row(company, company.worker, mine.thing, mine.rule, mine.occurrence))


def test_many_are_asked_about_in_as_many_queries_as_one(company, owed):
    one = [row(company, company.manager, owed[0].thing)]
    few = queries_of(lambda: still_owed(one, at=TODAY))
    more = [row(company, company.manager, owed[0].thing, f"after-{n}") for n in range(20)]
    more.append(row(company, company.other_manager, owed[1].thing))
    assert queries_of(lambda: still_owed(one + more, at=TODAY)) == few


# --- what it is called -------------------------------------------------------------------


def test_each_is_named_in_its_persons_language(company, owed):
    User.objects.filter(pk=company.other_manager.pk).update(language="en")
    mine = row(company, company.manager, owed[0].thing)
    theirs = row(company, User.objects.get(username="pm02"), owed[1].thing)
    lines = named_rows([mine, theirs])
    assert lines[mine.pk].title == "锦澜府 · 各项目召开动员会，正式启动"
    assert lines[theirs.pk].title.endswith("Each project holds its kick-off meeting")
    assert lines[mine.pk].url == owed[0].get_absolute_url()


def test_a_groups_message_has_one_language(company, owed):
    mine = row(company, company.manager, owed[0].thing)
    lines = named_rows([mine], language="en")
    assert lines[mine.pk].title.endswith("Each project holds its kick-off meeting")


def test_phases_are_named_too(company):
    phase = company.campaign.phases.get(code="self_check")
    mine = row(company, company.manager, f"phase:{phase.pk}", "phase_begins-0", "2011-10-16")
    assert named_rows([mine])[mine.pk].title == "自查自纠"


def test_what_is_gone_has_no_name_and_what_has_a_title_keeps_it(company):
    gone = row(company, company.manager, "obligation:999")
    kept = row(company, company.manager, "obligation:998", title="已退回：动员会", url="/x/")
    lines = named_rows([gone, kept])
    assert set(lines) == {kept.pk}
    assert (lines[kept.pk].title, lines[kept.pk].url) == ("已退回：动员会", "/x/")


def test_many_are_named_in_as_many_queries_as_one(company, owed):
    rows = [row(company, company.manager, each.thing) for each in owed]
    few = queries_of(lambda: named_rows(rows[:1]))
    assert queries_of(lambda: named_rows(rows)) == few
