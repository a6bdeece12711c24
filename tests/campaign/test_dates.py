"""A campaign's dates: what looks wrong about them, who may move them when, what follows."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.dates import dates_mark, set_dates, timeline_warnings
from campaign.lifecycle import return_campaign, submit_campaign
from campaign.models import Message, Milestone, Phase
from campaign.obligations import submit
from organization.errors import Conflict, Refused
from organization.history import history_of
from tests import cast

AT = cast.moment(2011, 9, 1)
D = date
# a machine that is busy with other things is no failure
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def phase(code, start, end):
    return Phase(code=code, start=start, end=end)


def remarks(phases, milestones=(), year=2027):
    found = timeline_warnings(phases, milestones, year=year)
    return [(remark.place, remark.code, remark.days) for remark in found]


# What looks wrong: no database

ONE = phase("one", D(2027, 3, 1), D(2027, 3, 10))


def test_phases_that_follow_each_other_need_no_remark():
    assert remarks([ONE, phase("two", D(2027, 3, 11), D(2027, 3, 20))]) == []


@pytest.mark.parametrize(
    ("start", "end", "code", "days"),
    [
        (D(2027, 3, 13), D(2027, 3, 20), "gap", 2),
        (D(2027, 3, 9), D(2027, 3, 20), "overlap", 2),
        (D(2027, 2, 1), D(2027, 2, 5), "order", 28),
    ],
)
def test_gaps_overlaps_and_a_wrong_order_stand_beside_the_later_start(start, end, code, days):
    assert remarks([ONE, phase("two", start, end)]) == [("start-two", code, days)]


def test_an_end_before_its_start_and_another_year_are_said():
    assert remarks([phase("one", D(2027, 3, 5), D(2027, 3, 1))]) == [("end-one", "reversed", 4)]
    assert remarks([phase("one", D(2021, 3, 1), D(2021, 3, 2))]) == [("start-one", "year", 6)]


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (D(2027, 3, 11), [("due-m", "before_phase", 1)]),
        (D(2027, 3, 12), []),
        (D(2027, 3, 20), []),
        (D(2027, 3, 21), [("due-m", "after_phase", 1)]),
        (D(2027, 2, 27), [("due-m", "before_first", 2)]),
    ],
)
def test_a_milestone_outside_its_phase_or_before_the_first_day_is_flagged(due, said):
    two = phase("two", D(2027, 3, 12), D(2027, 3, 20))
    milestone = Milestone(code="m", due=due, phase=two)
    assert [each for each in remarks([ONE, two], [milestone]) if each[0] == "due-m"] == said


@PATIENT
@given(st.lists(st.tuples(st.dates(D(2000, 1, 1)), st.dates(D(2000, 1, 1))), max_size=6))
def test_any_dates_at_all_can_be_looked_at(days):
    phases = [phase(f"p{n}", *pair) for n, pair in enumerate(days)]
    due = [Milestone(code=each.code, due=each.start, phase=each) for each in phases]
    places = {remark.place for remark in timeline_warnings(phases, due, year=2027)}
    assert all(place.partition("-")[0] in {"start", "end", "due"} for place in places)


# Moving them


@pytest.fixture
def draft(company):
    made = cast.campaign("draft", started=False, projects=[company.one])
    cast.milestone(made)
    return made


@pytest.fixture
def running(company):
    """The cast's campaign: the kick-off is owed by two projects, one has handed it in."""
    kickoff = cast.milestone(company.campaign, evidence=())
    handed_in = cast.obligation(kickoff, project=company.one)
    cast.obligation(kickoff, project=company.two)
    submit(obligation=handed_in, by=company.manager, at=cast.moment(2011, 10, 9))
    return company.campaign


def move(campaign, *, phases=None, milestones=None, **changes):
    return set_dates(
        campaign=campaign,
        phases=phases or {},
        milestones=milestones or {},
        **{"by": "command", "at": AT} | changes,
    )


def refusal_of(campaign, **changes):
    with pytest.raises(Refused) as refusal:
        move(campaign, **changes)
    return refusal.value


@pytest.mark.django_db
def test_a_drafts_dates_are_set_freely_with_one_record(draft, company):
    moved = move(
        draft,
        phases={"mobilize": (D(2011, 9, 20), D(2011, 10, 1))},
        milestones={"project_kickoff": D(2011, 9, 30)},
        by=company.center,
    )
    assert moved == ["动员宣讲", "各项目召开动员会，正式启动"]
    assert draft.phases.get(code="mobilize").end == D(2011, 10, 1)
    assert draft.milestones.get().due == D(2011, 9, 30)
    entry = history_of(draft).get()
    assert (entry.verb, entry.by) == ("set_dates", company.center)
    assert entry.detail["moves"][1] == ["project_kickoff", "2011-10-10", "2011-09-30"]


@pytest.mark.django_db
def test_the_same_dates_again_leave_no_record(draft):
    days = {each.code: (each.start, each.end) for each in draft.phases.all()}
    assert move(draft, phases=days) == []
    assert not history_of(draft).exists()


@pytest.mark.django_db
def test_odd_dates_are_kept_and_only_flagged(draft):
    move(draft, milestones={"project_kickoff": D(2011, 9, 1)})
    assert draft.milestones.get().is_outside_its_phase


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"phases": {"inspect": (D(2011, 5, 2), D(2011, 5, 1))}}, "reversed", "end-inspect"),
        ({"milestones": {"project_kickoff": D(1492, 1, 1)}}, "year", "due-project_kickoff"),
        ({"phases": {"inspect": (D(2011, 5, 2), D(2999, 5, 1))}}, "year", "end-inspect"),
        ({"milestones": {"garbage": D(2011, 10, 1)}}, "unknown", ""),
        ({"phases": {"garbage": (D(2011, 10, 1), D(2011, 10, 1))}}, "unknown", ""),
    ],
)
def test_impossible_dates_are_refused_and_nothing_moves(draft, changes, code, field):
    before = dates_mark(draft)
    refusal = refusal_of(draft, **changes)
    assert (refusal.code, refusal.field) == (code, field)
    assert dates_mark(draft) == before


@pytest.mark.django_db
def test_while_the_president_is_asked_they_stand_still_and_move_again_after_a_return(
    draft, company
):
    submit_campaign(campaign=draft, by=company.center, at=AT)
    later = {"milestones": {"project_kickoff": D(2011, 10, 12)}}
    assert refusal_of(draft, **later).code == "submitted"
    return_campaign(campaign=draft, reason="早了", by=company.president, at=AT)
    assert move(draft, **later)


@pytest.mark.django_db
def test_after_the_start_a_move_needs_a_reason(running):
    later = {"milestones": {"project_kickoff": D(2011, 10, 12)}}
    refusal = refusal_of(running, **later, reason=" ")
    assert (refusal.code, refusal.field) == ("reason", "reason")
    move(running, **later, reason="国庆放假")
    assert history_of(running).get(verb="set_dates").reason == "国庆放假"


@pytest.mark.django_db
def test_what_was_not_handed_in_follows_and_what_was_keeps_its_day(running, company):
    move(running, milestones={"project_kickoff": D(2011, 10, 12)}, reason="国庆放假")
    owed = {each.project.code: each for each in running.obligations.select_related("project")}
    assert (owed["P01"].due, owed["P02"].due) == (D(2011, 10, 10), D(2011, 10, 12))
    assert history_of(owed["P02"]).get().detail["now"] == "2011-10-12"
    assert not history_of(owed["P01"]).filter(verb="move_due").exists()


@pytest.mark.django_db
def test_who_owes_it_still_is_told_the_new_day_and_why(running, company):
    move(running, milestones={"project_kickoff": D(2011, 10, 12)}, reason="国庆放假")
    told = Message.objects.get()
    assert (told.person, told.body) == (company.other_manager, "国庆放假")
    assert told.title == "期限改为2011年10月12日 周三：各项目召开动员会，正式启动"
    assert told.url == "/c/c11/milestones/project_kickoff/"


@pytest.mark.django_db
def test_after_the_end_nothing_moves(running):
    running.closed_at = cast.NOW
    running.save()
    later = {"milestones": {"project_kickoff": D(2011, 10, 12)}}
    assert refusal_of(running, **later, reason="x").code == "closed"


@pytest.mark.django_db
def test_of_two_who_edit_at_once_the_second_learns_of_it(draft):
    seen = dates_mark(draft)
    move(draft, milestones={"project_kickoff": D(2011, 10, 12)}, seen=seen)
    with pytest.raises(Conflict):
        move(draft, milestones={"project_kickoff": D(2011, 10, 14)}, seen=seen)
    assert draft.milestones.get().due == D(2011, 10, 12)


@pytest.mark.django_db
def test_many_obligations_ask_no_more_queries_than_few(
    running, django_assert_max_num_queries, company
):
    kickoff = running.milestones.get()
    for number in range(30):
        cast.obligation(kickoff, project=cast.project(f"N{number}", f"新{number}"))
    with django_assert_max_num_queries(22):
        move(running, milestones={"project_kickoff": kickoff.due + timedelta(1)}, reason="x")
