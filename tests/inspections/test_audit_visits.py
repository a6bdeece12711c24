"""Announced audit visits: drafted, changed by hand, approved; who sees what, who is told."""

from datetime import date, timedelta

import pytest

from campaign.feeds.projects import project_entries
from campaign.models import Message
from campaign.registry import owed
from inspections.audit_visit.carrying_out import finish_visit, seen_on, start_visit
from inspections.audit_visit.changes import add_visit, change_visit, remove_visit
from inspections.audit_visit.schedule import (
    approve_schedule,
    draft_schedule,
    return_schedule,
    submit_schedule,
)
from inspections.models import AuditVisit
from inspections.words import Method
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import Post
from organization.roles import Role
from portal.work import Work
from tests import cast
from tests.inspections import entering
from tests.lists import rows_of
from tests.queries import queries_of

AT = cast.NOW
# Monday; the weekend before is a working one for nobody
FIRST, LAST = date(2011, 11, 28), date(2011, 11, 30)
LIST = "/c/c11/inspection/"


@pytest.fixture
def company(db):
    return cast.company()


def drafted(company, **changes):
    asked = {
        "auditors": [company.auditor, company.center], "first": FIRST, "last": LAST,
        "doubles": 50, "by": company.center,
    }  # fmt: skip
    return draft_schedule(campaign=company.campaign, at=AT, **asked | changes)


def submitted(company, **changes):
    return submit_schedule(schedule=drafted(company, **changes), by=company.center, at=AT)


def approved(company, **changes):
    return approve_schedule(schedule=submitted(company, **changes), by=company.executive, at=AT)


def visits(company, person=None):
    found = AuditVisit.objects.standing().filter(campaign=company.campaign)
    return list(found.visible_to(person) if person else found)


def told(person):
    return list(Message.objects.filter(person=person).values_list("title", flat=True))


def refusal(act, **asked):
    with pytest.raises(Refused) as caught:
        act(at=AT, **asked)
    return caught.value.code


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


# --- who sees it -------------------------------------------------------------------------------


def test_a_project_sees_its_own_visits_from_approval_on(company):
    schedule = submitted(company)
    assert visits(company, company.manager) == []
    approve_schedule(schedule=schedule, by=company.executive, at=AT)
    assert [visit.project for visit in visits(company, company.manager)] == [company.one]
    assert len(visits(company, company.lead)) == 2


@pytest.mark.parametrize(
    ("person", "answer"), [("center", 200), ("lead", 200), ("manager", 404), ("worker", 404)]
)
def test_nobody_of_a_project_opens_a_draft(client, company, person, answer):
    drafted(company)
    client.force_login(getattr(company, person))
    (visit, *_) = visits(company)
    assert client.get(visit.get_absolute_url()).status_code == answer
    assert client.get(LIST).status_code == 200


def test_calendars_and_work_know_what_is_certain(company):
    schedule = submitted(company, auditors=[company.auditor])
    before = things(company), titles(company.auditor)
    approve_schedule(schedule=schedule, by=company.executive, at=AT)
    assert before == ([], [])
    assert things(company) == [f"audit_visit:{AuditVisit.objects.get(project=company.one).pk}"]
    assert sorted(titles(company.auditor)) == ["翠屏苑", "锦澜府"]
    rows = [row for some in owed(company.campaign, at=AT, kinds={"audit_visit"}) for row in some[0]]
    assert {(row["person"], row["project"]) for row in rows} == {(company.auditor.pk, None)}


def things(company):
    found = project_entries(company.one, at=AT)
    return [entry.thing for entry in found if entry.thing.startswith("audit_visit")]


def titles(person):
    return [row.title for row in Work(person, at=AT).few if row.meta == "检查 · 明查"]


def test_a_waiting_schedule_is_the_executives_work(company):
    submitted(company)
    assert [row.title for row in Work(company.executive, at=AT).few] == ["检查安排"]


# --- other methods, and carrying a visit out ---------------------------------------------------


def mystery(company, **changes):
    asked = {
        "project": company.one, "day": FIRST, "auditors": [company.auditor],
        "method": Method.COVERT, "by": company.center,
    }  # fmt: skip
    return add_visit(campaign=company.campaign, at=AT, **asked | changes)


def test_a_mystery_visit_needs_no_schedule_and_only_its_auditors_are_told(company):
    mystery(company)
    assert len(told(company.auditor)) == 1
    assert told(company.manager) == told(company.head) == []


def leaks(client, company, person):
    """What a person's pages, calendar and work say of the mystery visit."""
    client.force_login(person)
    visit = AuditVisit.objects.get(method=Method.COVERT)
    addresses = ["/", LIST, f"{LIST}?show=project", "/inbox/", "/c/c11/search/?q=2011"]
    pages = [client.get(address).content.decode() for address in addresses]
    book = rows_of(client.get(f"{LIST}excel/").content)
    opened = client.get(visit.get_absolute_url()).status_code
    found = [page for page in pages if "暗访" in page or visit.get_absolute_url() in page]
    return (found, len(book) - 1, opened, things(company))


@pytest.mark.parametrize("person", ["manager", "head", "worker", "other_manager"])
def test_no_page_of_a_project_knows_a_mystery_visit_before_its_end(client, company, person):
    start_visit(visit=mystery(company), by=company.auditor, at=AT)
    assert leaks(client, company, getattr(company, person)) == ([], 0, 404, [])


def test_a_company_post_shows_nobody_the_mystery_visit_to_the_own_project(company):
    visit = mystery(company)
    cast.post(company.lead, Role.EMPLOYEE, project=company.one)
    assert visits(company, company.center) == [visit]
    assert visits(company, company.lead) == []


def test_its_project_sees_it_once_it_is_over(company):
    visit = start_visit(visit=mystery(company), by=company.auditor, at=AT)
    finish_visit(visit=visit, by=company.auditor, at=AT)
    assert visits(company, company.manager) == [visit]
    assert visits(company, company.other_manager) == []


def test_no_reminder_and_no_group_hears_of_a_mystery_visit(company):
    mystery(company)
    rows = [row for some in owed(company.campaign, at=AT, kinds={"audit_visit"}) for row in some[0]]
    assert rows == []
    assert [row.meta for row in Work(company.auditor, at=AT).few if "暗访" in row.meta]


def test_only_who_was_sent_starts_a_visit_and_ends_it_once(company):
    visit = mystery(company)
    assert refusal(start_visit, visit=visit, by=company.center) == "not_yours"
    assert refusal(finish_visit, visit=visit, by=company.auditor) == "not_started"
    start_visit(visit=visit, by=company.auditor, at=AT)
    assert refusal(start_visit, visit=visit, by=company.auditor) == "started"
    assert refusal(remove_visit, visit=visit, by=company.center) == "started"
    finish_visit(visit=visit, by=company.auditor, at=AT)
    assert refusal(finish_visit, visit=visit, by=company.auditor) == "finished"


def test_an_announced_visit_starts_once_the_schedule_is_approved(company):
    schedule = submitted(company, auditors=[company.auditor])
    visit = AuditVisit.objects.get(project=company.one)
    assert refusal(start_visit, visit=visit, by=company.auditor) == "not_approved"
    approve_schedule(schedule=schedule, by=company.executive, at=AT)
    assert start_visit(visit=visit, by=company.auditor, at=AT).state().code == "in_progress"


def test_what_is_seen_by_its_auditor_method_and_time_belongs_to_a_visit(client, company):
    sheet = entering.opened(company)
    entering.missing(sheet, company.auditor, 1, at=AT - timedelta(hours=1), method=Method.COVERT)
    visit = start_visit(visit=mystery(company), by=company.auditor, at=AT)
    later = AT + timedelta(hours=1)
    own = entering.missing(sheet, company.auditor, 2, at=later, method=Method.COVERT)
    entering.missing(sheet, company.auditor, 3, at=later)
    entering.missing(sheet, company.center, 4, at=later, method=Method.COVERT)
    finish_visit(visit=visit, by=company.auditor, at=later)
    entering.missing(sheet, company.auditor, 4, at=later + timedelta(hours=1), method=Method.COVERT)
    assert list(seen_on(visit, company.center)) == [own]
    assert list(seen_on(visit, company.manager)) == []  # the sheet was not submitted


def test_the_sheet_takes_the_method_of_the_visit_under_way(client, company):
    sheet = entering.opened(company)
    post(client, company.auditor, mystery(company).get_absolute_url(), do="start")
    page = client.get(sheet.get_absolute_url())
    assert page.context["page"].usual_method == Method.COVERT
    client.force_login(company.center)
    assert client.get(sheet.get_absolute_url()).context["page"].usual_method == Method.OPEN


# --- pages -------------------------------------------------------------------------------------


def post(client, person, address, **typed):
    client.force_login(person)
    return client.post(address, typed)


def test_the_center_drafts_and_hands_in_on_the_page(client, company):
    people = [company.auditor.pk, company.center.pk]
    typed = {"first": FIRST, "last": LAST, "doubles": 0, "per_day": 2, "seed": 3}
    post(client, company.center, f"{LIST}schedule/draft/", auditors=people, **typed)
    post(client, company.center, f"{LIST}schedule/", do="submit")
    page = post(client, company.executive, f"{LIST}schedule/", do="return")
    assert page.status_code == 422
    assert "写明原因" in page.content.decode()
    post(client, company.executive, f"{LIST}schedule/", do="approve")
    assert company.campaign.audit_schedule.approved_by == company.executive


def test_a_schedule_that_waits_is_not_drafted_anew(client, company):
    submitted(company)
    client.force_login(company.center)
    page = client.get(f"{LIST}schedule/draft/", follow=True).content.decode()
    assert "退回后才能再改" in page


@pytest.mark.parametrize(
    ("person", "do"), [("lead", "submit"), ("center", "approve"), ("manager", "return")]
)
def test_a_reader_who_may_not_gets_403(client, company, person, do):
    drafted(company)
    answer = post(client, getattr(company, person), f"{LIST}schedule/", do=do)
    assert answer.status_code == 403


def test_a_visit_is_moved_on_its_page_and_a_stale_one_shows_what_was_typed(client, company):
    drafted(company)
    (visit, *_) = visits(company)
    typed = {"do": "change", "day": LAST, "auditors": company.lead.pk, "revision": 0}
    address = visit.get_absolute_url()
    assert post(client, company.center, address, **typed).status_code == 302
    stale = post(client, company.center, address, **typed | {"reason": "改到周五"})
    assert stale.status_code == 409
    assert "改到周五" in stale.content.decode()


def test_a_visit_is_added_and_cancelled_on_the_page(client, company):
    drafted(company)
    typed = {"project": "P01", "method": "open", "day": "2011-12-05", "auditors": company.lead.pk}
    made = post(client, company.center, f"{LIST}new/", **typed)
    post(client, company.center, made.url, do="remove", revision=0)
    assert AuditVisit.objects.get(day=date(2011, 12, 5)).withdrawn_at


@pytest.mark.parametrize("show", ["week", "auditor", "project"])
def test_each_view_names_project_and_auditor_and_asks_as_often_for_many(client, company, show):
    approved(company)
    client.force_login(company.lead)
    page = client.get(LIST, {"show": show}).content.decode()
    assert "锦澜府" in page
    assert "何敏" in page
    few = queries_of(lambda: client.get(LIST, {"show": show}))
    for number in range(3):
        visit = AuditVisit.objects.create(
            campaign=company.campaign,
            project=cast.project(code=f"Q{number}"),
            day=FIRST,
            planned_at=AT,
        )
        visit.auditors.add(company.auditor)
    assert queries_of(lambda: client.get(LIST, {"show": show})) == few


def test_the_workbook_has_what_the_reader_sees(client, company):
    approved(company)
    client.force_login(company.manager)
    rows = rows_of(client.get(f"{LIST}excel/").content)
    assert [row[2] for row in rows[1:]] == ["锦澜府"]
