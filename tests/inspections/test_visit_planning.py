"""The planner of audit visits: what holds of every plan, whatever it is given."""

from collections import Counter
from datetime import date, timedelta
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspections.audit_visit.planning import (
    ALONE,
    NO_COMMON_DAY,
    NO_TIME,
    NOBODY,
    make_plan,
)

FIRST = date(2011, 11, 28)
SMALL = st.integers(1, 3)
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def wishes(draw, most_projects=9):
    projects = list(range(draw(st.integers(0, most_projects))))
    auditors = list(range(100, 100 + draw(st.integers(1, 4))))
    barred = {who: draw(st.sets(st.integers(0, most_projects), max_size=4)) for who in auditors}
    return {
        "projects": projects,
        "auditors": auditors,
        "barred": barred,
        "days": [FIRST + timedelta(days=n) for n in range(draw(SMALL))],
        "doubles": draw(st.integers(0, 100)),
        "per_day": draw(SMALL),
        "seed": draw(st.integers(0, 9)),
    }


def loads(plan):
    return Counter(who for visit in plan.visits for who in visit.auditors)


@PATIENT
@given(wishes())
def test_every_plan_keeps_to_what_was_asked(wish):
    plan = make_plan(**wish)
    seen = [visit.project for visit in plan.visits]
    a_day = Counter((who, visit.day) for visit in plan.visits for who in visit.auditors)
    assert len(seen) == len(set(seen))
    assert all(visit.day in wish["days"] for visit in plan.visits)
    assert all(v.project not in wish["barred"][who] for v in plan.visits for who in v.auditors)
    assert max(a_day.values(), default=0) <= wish["per_day"]
    assert all(len(set(visit.auditors)) == len(visit.auditors) in (1, 2) for visit in plan.visits)


@PATIENT
@given(wishes())
def test_what_is_not_met_is_said_and_nothing_else(wish):
    plan = make_plan(**wish)
    codes = {(each.code, each.project) for each in plan.shortfalls}
    unseen = set(wish["projects"]) - {visit.project for visit in plan.visits}
    pairs = [visit for visit in plan.visits if len(visit.auditors) == 2]
    seen_alone = {visit.project for visit in plan.visits if len(visit.auditors) == 1}
    alone = {p for code, p in codes if code in (ALONE, NO_COMMON_DAY)}
    no_time = {p for code, p in codes if code == NO_TIME}
    assert unseen == {p for code, p in codes if code == NOBODY} | (no_time - seen_alone)
    assert alone <= seen_alone
    short = len(alone) + len(no_time & seen_alone)
    wanted = (len(wish["projects"]) * wish["doubles"] + 50) // 100
    assert len(pairs) + short == min(wanted, len(pairs) + len(seen_alone))


@PATIENT
@given(wishes())
def test_the_same_seed_gives_the_same_plan(wish):
    assert make_plan(**wish) == make_plan(**wish)


@PATIENT
@given(wishes(most_projects=5))
def test_as_many_projects_are_seen_as_can_be(wish):
    """Against every way to send somebody or nobody to each project."""
    choices = [
        [None, *(who for who in wish["auditors"] if project not in wish["barred"][who])]
        for project in wish["projects"]
    ]
    most = len(wish["days"]) * wish["per_day"]
    best = max(
        (
            sum(who is not None for who in chosen)
            for chosen in product(*choices)
            if all(n <= most for who, n in Counter(chosen).items() if who is not None)
        ),
        default=0,
    )
    assert len(make_plan(**wish).visits) == best


@PATIENT
@given(wishes())
def test_nobody_goes_out_twice_more_than_who_could_take_one_over(wish):
    plan = make_plan(**wish | {"doubles": 0})
    load = loads(plan)
    for visit in plan.visits:
        (mine,) = visit.auditors
        others = [w for w in wish["auditors"] if visit.project not in wish["barred"][w]]
        assert all(load[mine] <= load[other] + 1 for other in others)
