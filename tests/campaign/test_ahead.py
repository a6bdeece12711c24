"""What the next two weeks will remind of, without a database."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.reminders.ahead import DAYS, Stretch, ahead
from campaign.reminders.rules import Terms, code_for_due

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUE = date(2011, 10, 20)
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def told(things, day, hour=8, terms=None):
    at = datetime.combine(day, time(hour), SHANGHAI)
    return [
        (each.moment.astimezone(SHANGHAI).date().isoformat(), each.code, each.title)
        for each in ahead(terms or Terms(), things, at)
    ]


def test_each_word_has_its_day():
    assert told([Stretch("动员会", DUE)], date(2011, 10, 11)) == [
        ("2011-10-13", "before-7", "动员会"),
        ("2011-10-17", "before-3", "动员会"),
        ("2011-10-19", "before-1", "动员会"),
        ("2011-10-20", "on-0", "动员会"),
        ("2011-10-21", "after-1", "动员会"),
        # the third day after is a Sunday: it waits for Monday
        ("2011-10-24", "after-3", "动员会"),
    ]


def test_what_has_been_said_by_now_is_left_out():
    found = told([Stretch("动员会", DUE)], date(2011, 10, 17), hour=10)
    assert [code for _day, code, _title in found][:2] == ["before-1", "on-0"]


def test_phases_begin_and_end_among_it_in_the_order_of_their_days():
    phase = Stretch("自查自纠", date(2011, 10, 28), date(2011, 10, 17))
    found = told([phase, Stretch("动员会", DUE)], date(2011, 10, 16))
    assert found[0] == ("2011-10-17", "before-3", "动员会")
    assert found[1] == ("2011-10-17", "phase_begins-0", "自查自纠")
    assert ("2011-10-25", "phase_ends-3", "自查自纠") in found
    assert ("2011-10-28", "phase_ends-0", "自查自纠") in found


def test_without_rules_nothing_is_said():
    assert told([Stretch("动员会", DUE)], DUE, terms=Terms(rules=frozenset())) == []


@PATIENT
@given(st.dates(date(2011, 1, 1), date(2011, 12, 31)), st.integers(-30, 30), st.booleans())
def test_it_is_what_the_rules_say_at_that_moment_once_each(day, distance, working_days):
    terms = Terms(working_days_only=working_days)
    at = datetime.combine(day, time(7), SHANGHAI)
    due = day + timedelta(days=distance)
    found = ahead(terms, [Stretch("动员会", due)], at)
    assert all(code_for_due(terms, due, each.moment) == each.code for each in found)
    assert len({each.code for each in found}) == len(found)
    assert all(at < each.moment < at + timedelta(days=DAYS + 1) for each in found)
