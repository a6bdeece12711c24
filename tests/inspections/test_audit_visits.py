"""Announced audit visits: drafted, changed by hand, approved; who is told."""

from datetime import date

import pytest

from inspections.audit_visit.changes import add_visit, change_visit, remove_visit
from inspections.audit_visit.schedule import (
    approve_schedule,
    return_schedule,
    submit_schedule,
)
from inspections.models import AuditVisit
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import Post
from organization.roles import Role
from tests import cast
from tests.inspections.visiting import (
    AT,
    FIRST,
    LAST,
    approved,
    drafted,
    refusal,
    submitted,
    told,
    visits,
)

# --- drafting ----------------------------------------------------------------------------------


def test_every_project_is_seen_and_some_by_two(company):
    drafted(company)
    found = visits(company)
    assert [visit.project for visit in sorted(found, key=lambda v: v.project.code)] == [
        company.one, company.two,
    ]  # fmt: skip
    assert sorted(visit.auditors.count() for visit in found) == [1, 2]
    assert all(visit.day.weekday() < 5 for visit in found)


@pytest.mark.parametrize("until", [None, date(2010, 1, 1)])
def test_nobody_goes_to_a_project_of_theirs_past_or_present(company, until):
    Post.objects.create(user=company.auditor, role=Role.EMPLOYEE, project=company.one, until=until)
    schedule = drafted(company, auditors=[company.auditor], doubles=0)
    assert [visit.project for visit in visits(company)] == [company.two]
    assert schedule.shortfalls == [{"code": "nobody", "project": company.one.pk}]


def test_a_new_draft_takes_the_old_ones_place(company):
    drafted(company)
    drafted(company, auditors=[company.auditor], doubles=0)
    assert [list(visit.auditors.all()) for visit in visits(company)] == [[company.auditor]] * 2


def test_a_new_draft_leaves_what_was_added_by_hand_and_what_was_cancelled(company):
    drafted(company)
    gone, kept = AuditVisit.objects.get(project=company.one), company.two
    remove_visit(visit=gone, by=company.center, at=AT)
    AuditVisit.objects.get(project=kept).delete()
    added = add_visit(
        campaign=company.campaign, project=kept, day=FIRST, auditors=[company.auditor],
        by=company.center, at=AT,
    )  # fmt: skip
    again = {"auditors": [company.auditor], "doubles": 0, "last": FIRST}
    schedule = drafted(company, **again, per_day=2)
    assert added in visits(company)
    assert [visit.project for visit in visits(company)] == [company.one, company.two]
    assert gone in AuditVisit.objects.all()
    schedule = drafted(company, **again, per_day=1)
    assert visits(company) == [added]
    assert schedule.shortfalls == [{"code": "no_time", "project": company.one.pk}]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"auditors": []}, "nobody"),
        ({"first": LAST, "last": FIRST}, "days"),
        ({"first": date(2011, 11, 26), "last": date(2011, 11, 27)}, "no_working_day"),
        ({"doubles": 101}, "doubles"),
        ({"per_day": 0}, "per_day"),
        ({"first": date(2001, 1, 1)}, "bad_first"),
    ],
)
def test_wrong_figures_are_refused(company, changes, code):
    with pytest.raises(Refused) as caught:
        drafted(company, **changes)
    assert caught.value.code == code
    assert not visits(company)


def test_only_who_audits_is_sent(company):
    with pytest.raises(Refused, match="不是检查人"):
        drafted(company, auditors=[company.manager])


# --- from draft to approval --------------------------------------------------------------------


def test_approval_tells_auditors_and_projects(company):
    approved(company)
    assert told(company.executive) == ["检查安排等您批准"]
    assert any("检查安排已批准" in title for title in told(company.auditor))
    assert ["检查锦澜府" in title for title in told(company.manager)] == [True]


def test_who_leads_a_project_by_two_posts_is_told_once(company):
    cast.post(company.manager, Role.DEPUTY_PROJECT_MANAGER, project=company.one)
    approved(company)
    assert len(told(company.manager)) == 1


def test_its_author_does_not_approve(company):
    cast.post(company.center, Role.EXECUTIVE)
    schedule = submitted(company)
    assert refusal(approve_schedule, schedule=schedule, by=company.center) == "own"
    assert not company.center.has_perm("inspections.approve_schedule", schedule)


def test_it_comes_back_with_a_reason_and_may_be_changed_again(company):
    schedule = submitted(company)
    assert refusal(return_schedule, schedule=schedule, reason=" ", by=company.executive) == "blank"
    return_schedule(schedule=schedule, reason="太密", by=company.executive, at=AT)
    assert told(company.center) == ["检查安排被退回，请修改"]
    drafted(company)
    assert submit_schedule(schedule=schedule, by=company.center, at=AT).is_waiting


def test_a_waiting_schedule_is_not_changed(company):
    submitted(company)
    (visit, *_) = visits(company)
    with pytest.raises(Refused):
        drafted(company)
    assert refusal(remove_visit, visit=visit, by=company.center) == "waiting_approval"


def test_a_stale_decision_is_a_conflict(company):
    schedule = submitted(company)
    with pytest.raises(Conflict):
        approve_schedule(schedule=schedule, by=company.executive, at=AT, revision=0)


# --- single visits -----------------------------------------------------------------------------


def test_a_visit_is_moved_freely_before_approval(company):
    drafted(company)
    (visit, *_) = visits(company)
    change_visit(visit=visit, day=LAST, auditors=[company.lead], by=company.center, at=AT)
    visit.refresh_from_db()
    assert (visit.day, list(visit.auditors.all())) == (LAST, [company.lead])
    assert told(company.lead) == []


def test_after_approval_a_change_needs_a_reason_and_tells_everybody_concerned(company):
    approved(company, auditors=[company.auditor])
    visit = AuditVisit.objects.get(project=company.one)
    asked = {"visit": visit, "day": LAST, "auditors": [company.lead], "by": company.center}
    assert refusal(change_visit, **asked) == "blank"
    change_visit(**asked, reason="何敏请假", at=AT)
    for person in (company.auditor, company.lead, company.manager):
        assert "检查有调整" in " ".join(told(person))
    assert history_of(visit)[0].reason == "何敏请假"


def test_a_stale_change_is_a_conflict(company):
    drafted(company)
    (visit, *_) = visits(company)
    asked = {"visit": visit, "auditors": [company.lead], "by": company.center, "at": AT}
    change_visit(**asked, day=LAST, revision=0)
    with pytest.raises(Conflict):
        change_visit(**asked, day=FIRST, revision=0)


def test_a_cancelled_visit_stays_on_record(company):
    approved(company)
    visit = AuditVisit.objects.get(project=company.one)
    remove_visit(visit=visit, reason="停电", by=company.center, at=AT)
    assert visit not in visits(company)
    assert visit.state().code == "cancelled"
    assert refusal(remove_visit, visit=visit, reason="x", by=company.center) == "withdrawn"


def test_by_hand_too_nobody_is_sent_home(company):
    drafted(company)
    Post.objects.create(user=company.lead, role=Role.EMPLOYEE, project=company.two)
    asked = {"campaign": company.campaign, "by": company.center, "auditors": [company.lead]}
    assert refusal(add_visit, project=company.two, day=LAST, **asked) == "own_project"
    seen = AuditVisit.objects.get(project=company.one).day
    assert refusal(add_visit, project=company.one, day=seen, **asked) == "same"
