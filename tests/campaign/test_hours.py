"""When a campaign speaks: its zone, its quiet hours, its working days."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.models import ReminderSettings
from campaign.reminders.hours import (
    day_in,
    hours_of,
    is_workday,
    next_digest,
    quiet_until,
)

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def hours(**changes):
    return ReminderSettings(**changes)


def at(day, clock, zone=SHANGHAI):
    return datetime.combine(date(2026, 3, day), time.fromisoformat(clock), tzinfo=zone)


@pytest.mark.parametrize(
    ("clock", "ends"),
    [("20:59", None), ("21:00", (11, "08:00")), ("23:30", (11, "08:00"))],
)
def test_the_evening_is_quiet_until_the_next_morning(clock, ends):
    assert quiet_until(hours(), at(10, clock)) == (at(*ends) if ends else None)


@pytest.mark.parametrize(("clock", "ends"), [("07:59", "08:00"), ("08:00", None)])
def test_the_early_morning_is_quiet_until_eight(clock, ends):
    assert quiet_until(hours(), at(10, clock)) == (at(10, ends) if ends else None)


def test_quiet_hours_in_the_middle_of_the_day():
    siesta = hours(quiet_from=time(12), quiet_until=time(14))
    assert quiet_until(siesta, at(10, "13:00")) == at(10, "14:00")
    assert quiet_until(siesta, at(10, "14:00")) is None
    assert quiet_until(siesta, at(10, "23:00")) is None


def test_the_same_hour_twice_means_no_quiet_hours():
    assert quiet_until(hours(quiet_from=time(8), quiet_until=time(8)), at(10, "08:00")) is None


@given(
    moment=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),
    begin=st.times(),
    end=st.times(),
    zone=st.sampled_from([SHANGHAI, BERLIN]),
)
def test_quiet_hours_end_within_a_day_and_then_are_over(moment, begin, end, zone):
    some, moment = (
        hours(quiet_from=begin, quiet_until=end, zone_name=zone.key),
        moment.replace(tzinfo=zone),
    )
    ends = quiet_until(some, moment)
    if ends:
        assert moment.timestamp() < ends.timestamp() + 3600  # an hour that the clock repeats
        assert ends.timestamp() - moment.timestamp() <= 25 * 3600
        assert quiet_until(some, ends) is None


def test_quiet_hours_are_those_of_the_campaigns_own_zone():
    assert quiet_until(hours(zone_name="Europe/Berlin"), at(10, "21:30")) is None
    assert quiet_until(hours(zone_name="Europe/Berlin"), at(10, "21:30", BERLIN))


def test_a_day_is_the_one_of_the_campaigns_own_zone():
    late = at(10, "02:00")
    assert day_in(hours(), late) == date(2026, 3, 10)
    assert day_in(hours(zone_name="Europe/Berlin"), late) == date(2026, 3, 9)


def test_the_next_digest_waits_for_a_working_day():
    friday = date(2026, 3, 13)
    assert next_digest(hours(), friday) == at(16, "09:00")
    assert next_digest(hours(working_days_only=False), friday) == at(14, "09:00")


def test_the_hour_of_a_digest_stays_when_the_clocks_change():
    berlin = hours(zone_name="Europe/Berlin", working_days_only=False)
    before, after = next_digest(berlin, date(2026, 3, 27)), next_digest(berlin, date(2026, 3, 28))
    assert (before.hour, after.hour) == (9, 9)
    assert after.timestamp() - before.timestamp() == timedelta(hours=23).total_seconds()


def test_the_holidays_of_china_and_its_make_up_workdays():
    assert not is_workday(date(2026, 10, 1))
    assert is_workday(date(2026, 10, 10))  # a Saturday


def test_years_that_the_calendar_does_not_know_have_plain_weeks():
    assert is_workday(date(2099, 1, 1))  # a Thursday
    assert not is_workday(date(2099, 1, 3))


def test_who_set_no_hours_has_the_companys(company, django_assert_num_queries):
    with django_assert_num_queries(1):
        (found,) = hours_of([company.campaign]).values()
    assert (found.digest_at, found.zone) == (time(9), SHANGHAI)


def test_hours_that_were_set_are_kept(company):
    ReminderSettings.objects.create(campaign=company.campaign, digest_at=time(7, 30))
    assert hours_of([company.campaign])[company.campaign.pk].digest_at == time(7, 30)
