"""When a campaign speaks of what is due: rules, hours and days, without a database."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.models.reminder_rules import RuleKind
from campaign.reminders.rules import (
    DEFAULT_RULES,
    Terms,
    code_for_due,
    code_for_phase,
    code_of,
    escalations,
    kind_and_days,
    occurrence_of_phase,
    spans,
    speaking_moment,
)
from campaign.reminders.working_days import is_working_day

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
DUE = date(2011, 10, 20)  # a Thursday
PLAIN = Terms(working_days_only=False)


def at(day: date, hour=9, minute=0, zone=SHANGHAI, fold=0) -> datetime:
    return datetime.combine(day, time(hour, minute, fold=fold), zone)


def days(number) -> timedelta:
    return timedelta(days=number)


# --- what is due -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "code"),
    [
        (8, ""),
        (7, "before-7"),
        (4, "before-7"),
        (3, "before-3"),
        (1, "before-1"),
        (0, "on-0"),
        (-1, "after-1"),
        (-2, "after-1"),
        (-3, "after-3"),
        (-7, "after-7"),
        (-400, "after-7"),
    ],
)
def test_the_last_rule_whose_day_has_come_speaks(ahead, code):
    assert code_for_due(Terms(), DUE, at(DUE - days(ahead))) == code


def test_today_is_said_from_the_digests_hour_to_the_end_of_the_day():
    said = [code_for_due(Terms(), DUE, at(DUE, hour)) for hour in (0, 8, 9, 23)]
    assert said == ["before-1", "before-1", "on-0", "on-0"]


def test_without_a_rule_for_today_the_last_one_ahead_still_holds():
    terms = Terms(rules=frozenset({("before", 3)}))
    assert code_for_due(terms, DUE, at(DUE, 12)) == "before-3"
    assert code_for_due(terms, DUE, at(DUE + days(1))) == ""


def test_nothing_ahead_is_said_of_what_is_late():
    terms = Terms(rules=frozenset({("before", 1), ("on", 0), ("after", 3)}))
    assert [code_for_due(terms, DUE, at(DUE + days(n))) for n in (1, 2, 3)] == ["", "", "after-3"]


@pytest.mark.parametrize(
    ("due", "first", "code"),
    [
        # Monday: the day before is a Sunday, three days before a Friday
        (date(2011, 10, 24), date(2011, 10, 21), "before-1"),
        # Saturday 8 October 2011 was worked; the week before it was the National Day's
        (date(2011, 10, 9), date(2011, 10, 8), "before-1"),
        (date(2011, 10, 8), date(2011, 9, 30), "before-1"),
        (date(2011, 10, 10), date(2011, 9, 30), "before-3"),
    ],
)
def test_ahead_of_a_day_off_is_said_on_the_last_working_day(due, first, code):
    assert code_for_due(Terms(), due, at(first)) == code
    assert code_for_due(Terms(), due, at(first - days(1))) != code


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2011, 10, 3), False),  # Monday of the National Day's week
        (date(2011, 10, 8), True),  # a Saturday that was worked instead
        (date(2011, 10, 15), False),
        (date(2011, 10, 14), True),
        (date(2099, 10, 1), True),  # nothing is known of that year: a Thursday
        (date(2099, 10, 3), False),
    ],
)
def test_working_days_are_those_of_the_public_calendar(day, is_working):
    assert is_working_day(day) == is_working


# --- escalation --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "told"),
    [(0, []), (2, []), (3, [(1, 3)]), (7, [(1, 3), (2, 7)]), (30, [(1, 3), (2, 7), (3, 14)])],
)
def test_each_step_tells_one_post_higher(late, told):
    assert escalations(Terms(), DUE, at(DUE + days(late))) == told


# --- phases ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2011, 10, 15), ""),
        (date(2011, 10, 16), "phase_begins-0"),
        (date(2011, 10, 20), "phase_begins-0"),
        (date(2011, 10, 26), "phase_begins-0"),
        (date(2011, 10, 27), "phase_ends-3"),
        (date(2011, 10, 29), "phase_ends-3"),
        (date(2011, 10, 30), "phase_ends-0"),
        (date(2011, 10, 31), ""),
    ],
)
def test_a_phase_begins_ends_in_three_days_and_ends_today(day, code):
    assert code_for_phase(Terms(), date(2011, 10, 16), date(2011, 10, 30), at(day)) == code


@pytest.mark.parametrize(
    ("day", "code"), [(26, "phase_begins-0"), (27, "phase_begins-0"), (28, "phase_ends-0")]
)
def test_a_phase_of_three_days_does_not_begin_and_end_soon_at_once(day, code):
    start, end = date(2011, 11, 26), date(2011, 11, 28)
    assert code_for_phase(Terms(), start, end, at(date(2011, 11, day))) == code


def test_a_phase_of_one_day_begins():
    day = date(2011, 11, 26)
    assert code_for_phase(Terms(), day, day, at(day)) == "phase_begins-0"


def test_a_campaign_may_speak_of_a_phase_before_it_begins():
    terms = Terms(rules=frozenset({("phase_begins", 2)}))
    start, end = date(2011, 10, 16), date(2011, 10, 30)
    assert code_for_phase(terms, start, end, at(date(2011, 10, 14))) == "phase_begins-2"
    assert occurrence_of_phase("phase_begins-2", start, end) == start
    assert occurrence_of_phase("phase_ends-3", start, end) == end


# --- the hour ----------------------------------------------------------------------------

TUESDAY, SATURDAY = date(2011, 10, 18), date(2011, 10, 22)


@pytest.mark.parametrize(
    ("now", "due", "moment"),
    [
        (at(TUESDAY, 0), DUE, at(TUESDAY, 9)),  # the digest's hour
        (at(TUESDAY, 9), DUE, at(TUESDAY, 9)),
        (at(TUESDAY, 15), DUE, at(TUESDAY, 15)),
        (at(TUESDAY, 21), DUE, at(TUESDAY + days(1), 8)),  # quiet hours, then at once
        (at(TUESDAY, 23), DUE, at(TUESDAY + days(1), 8)),
        (at(SATURDAY, 10), date(2011, 11, 1), at(date(2011, 10, 24), 9)),  # Monday
        (at(SATURDAY, 10), SATURDAY, at(SATURDAY, 10)),  # due today
        (at(SATURDAY, 10), SATURDAY + days(1), at(SATURDAY, 10)),  # due tomorrow
        (at(SATURDAY, 10), SATURDAY + days(2), at(SATURDAY + days(1), 9)),  # Sunday: tomorrow
        (at(SATURDAY, 10), SATURDAY - days(3), at(date(2011, 10, 24), 9)),  # late
        (at(date(2011, 10, 21), 22), date(2011, 11, 1), at(date(2011, 10, 24), 9)),
    ],
)
def test_it_is_said_at_the_digest_outside_quiet_hours_on_working_days(now, due, moment):
    assert speaking_moment(Terms(), due, now) == moment


def test_a_campaign_may_speak_on_any_day_and_at_any_hour():
    terms = Terms(working_days_only=False, quiet_from=time(0), quiet_until=time(0))
    assert speaking_moment(terms, DUE, at(SATURDAY, 23)) == at(SATURDAY, 23)


def test_quiet_hours_of_one_day_end_on_it():
    terms = Terms(quiet_from=time(12), quiet_until=time(14))
    assert speaking_moment(terms, DUE, at(TUESDAY, 13)) == at(TUESDAY, 14)
    assert speaking_moment(terms, DUE, at(TUESDAY, 23)) == at(TUESDAY, 23)


# --- another zone, and its daylight time -------------------------------------------------

SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)  # Sundays; the clock jumps at two


def test_days_are_those_of_the_campaigns_zone():
    terms = Terms(zone=NEW_YORK, working_days_only=False)
    due = date(2026, 3, 3)
    morning_in_shanghai = datetime(2026, 3, 4, 8, tzinfo=SHANGHAI)  # still the 3rd in New York
    assert code_for_due(terms, due, morning_in_shanghai) == "on-0"
    assert code_for_due(PLAIN, due, morning_in_shanghai) == "after-1"


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_nine_is_nine_on_the_day_that_the_clock_changes(day):
    terms = Terms(zone=NEW_YORK, working_days_only=False)
    moment = speaking_moment(terms, day, at(day, 1, zone=NEW_YORK))
    assert moment.astimezone(NEW_YORK).time() == time(9)


def test_an_hour_that_comes_twice_comes_once():
    terms = Terms(zone=NEW_YORK, working_days_only=False, digest_at=time(1, 30))
    said = [
        code_for_due(terms, AUTUMN, at(AUTUMN, 1, minute, NEW_YORK, fold))
        for fold, minute in ((0, 10), (0, 30), (0, 50), (1, 10), (1, 40))
    ]
    assert said == ["before-1", "on-0", "on-0", "on-0", "on-0"]


def test_an_hour_that_is_skipped_comes_all_the_same():
    terms = Terms(zone=NEW_YORK, working_days_only=False, digest_at=time(2, 30))
    assert code_for_due(terms, SPRING, at(SPRING, 1, 59, NEW_YORK)) == "before-1"
    assert code_for_due(terms, SPRING, at(SPRING, 4, 0, NEW_YORK)) == "on-0"


# --- whatever the rules and the moment ---------------------------------------------------

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = st.dates(date(2025, 1, 1), date(2027, 12, 31))
RULES = st.frozensets(
    st.one_of(
        st.tuples(st.just("before"), st.integers(1, 30)),
        st.just(("on", 0)),
        st.tuples(st.just("after"), st.integers(1, 30)),
        st.tuples(st.just("escalate"), st.integers(1, 30)),
    ),
    max_size=8,
)
CLOCK = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
ZONE = st.sampled_from(["Asia/Shanghai", "America/New_York", "Atlantic/Azores", "UTC"])
TERMS = st.builds(
    Terms,
    rules=RULES | st.just(DEFAULT_RULES),
    zone=ZONE.map(ZoneInfo),
    digest_at=CLOCK,
    quiet_from=CLOCK,
    quiet_until=CLOCK,
    working_days_only=st.booleans(),
)
MOMENT = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


def sharpness(code: str) -> tuple:
    """How far the words have gone: the nearer the day, the later after it, the sharper."""
    kind, number = kind_and_days(code)
    order = ["", RuleKind.BEFORE, RuleKind.ON, RuleKind.AFTER]
    return order.index(kind), -number if kind == RuleKind.BEFORE else number


@PATIENT
@given(TERMS, DAY, MOMENT)
def test_at_most_one_rule_speaks_and_it_is_one_of_the_campaigns(terms, due, moment):
    code = code_for_due(terms, due, moment)
    assert code == "" or kind_and_days(code) in terms.rules
    today = terms.day_of(moment)
    kind, number = kind_and_days(code)
    if kind == RuleKind.BEFORE:
        assert today <= due
    if kind == RuleKind.ON:
        assert today == due
    if kind == RuleKind.AFTER:
        assert (today - due).days >= number


@PATIENT
@given(DAY, MOMENT)
def test_by_the_plans_rules_exactly_one_speaks_from_a_week_before_on(due, moment):
    code = code_for_due(PLAIN, due, moment)
    assert bool(code) == ((due - PLAIN.day_of(moment)).days <= 7)


@PATIENT
@given(TERMS, DAY, st.lists(st.integers(-45 * 24 * 60, 45 * 24 * 60), min_size=2, max_size=30))
def test_words_only_get_sharper_so_nothing_is_said_again(terms, due, minutes):
    """Rounds at any moments, with any gaps: a code that was left never comes back."""
    noon = terms.moment(due, time(12))
    said = [code_for_due(terms, due, noon + timedelta(minutes=m)) for m in sorted(minutes)]
    spoken = [code for code in said if code]
    assert all(sharpness(one) <= sharpness(other) for one, other in pairwise(spoken))


@PATIENT
@given(TERMS, DAY, st.integers(0, 40))
def test_after_any_downtime_the_sharpest_word_is_said(terms, due, late):
    """It is the one that the last round would have said, had all of them run."""
    moment = terms.moment(due + timedelta(days=late), time(23, 59))
    hours = [terms.moment(due - timedelta(days=40)) + timedelta(hours=n) for n in range(0, 1000, 6)]
    all_of_them = [code_for_due(terms, due, each) for each in hours if each < moment]
    code = code_for_due(terms, due, moment)
    assert not code or all(sharpness(each) <= sharpness(code) for each in all_of_them if each)


@PATIENT
@given(TERMS, MOMENT, st.integers(-60, 60))
def test_the_table_of_ranges_says_what_the_rules_say(terms, moment, ahead):
    due = terms.day_of(moment) + timedelta(days=ahead)
    found = [s for s in spans(terms, moment) if (s.first or due) <= due <= s.last]
    assert len(found) <= 1
    assert (found[0].code if found else "") == code_for_due(terms, due, moment)
    if found:
        later = speaking_moment(terms, due, moment)
        assert found[0].not_before == (later if later > moment else None)


@PATIENT
@given(TERMS, MOMENT, DAY)
def test_it_is_never_said_in_quiet_hours_or_before_its_time(terms, moment, due):
    spoken = speaking_moment(terms, due, moment)
    assert spoken >= moment
    day = terms.day_of(spoken)
    for first in (day - timedelta(days=1), day):
        is_over_midnight = terms.quiet_until < terms.quiet_from
        last = first + timedelta(days=1) if is_over_midnight else first
        begins, over = terms.moment(first, terms.quiet_from), terms.moment(last, terms.quiet_until)
        assert not begins <= spoken < over
    if terms.is_off(day):
        assert due in (day, day + timedelta(days=1))


@PATIENT
@given(TERMS, DAY, st.integers(0, 60))
def test_every_step_that_has_come_is_told_one_post_higher_than_the_last(terms, due, late):
    told = escalations(terms, due, terms.moment(due + timedelta(days=late), time(12)))
    assert [up for up, _days in told] == list(range(1, len(told) + 1))
    assert all(number <= late for _up, number in told)
    assert all(("escalate", number) in terms.rules for _up, number in told)


@PATIENT
@given(st.sampled_from(RuleKind.values), st.integers(0, 60))
def test_a_code_says_its_rule(kind, number):
    assert kind_and_days(code_of(kind, number)) == (kind, number)
