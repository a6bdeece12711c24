"""Audit visits by other methods, carried out; who sees what of a visit, and from when on."""

from datetime import timedelta

import pytest

from campaign.registry import owed
from inspections.audit_visit.carrying_out import finish_visit, seen_on, start_visit
from inspections.audit_visit.changes import remove_visit
from inspections.audit_visit.schedule import approve_schedule, return_schedule
from inspections.models import AuditVisit
from inspections.words import Method
from organization.roles import Role
from portal.work import Work
from tests import cast
from tests.inspections import entering
from tests.inspections.visiting import (
    AT,
    LIST,
    drafted,
    mystery,
    post,
    refusal,
    submitted,
    things,
    titles,
    told,
    visits,
)
from tests.lists import rows_of

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


def test_a_waiting_schedule_is_the_executives_work(company):
    submitted(company)
    assert [row.title for row in Work(company.executive, at=AT).few] == ["检查安排"]


# --- other methods, and carrying a visit out ---------------------------------------------------


def test_a_mystery_visit_needs_no_schedule_and_only_its_auditors_are_told(company):
    mystery(company)
    assert len(told(company.auditor)) == 1
    assert told(company.manager) == told(company.head) == []


def leaks(client, company, person):
    """What a person's pages, calendar and work say of the mystery visit."""
    client.force_login(person)
    visit = AuditVisit.objects.get(method=Method.COVERT)
    addresses = ["/", LIST, f"{LIST}?show=project", "/inbox/", "/c/c11/search/?q=2011"]
    addresses += ["/c/c11/sheets/", "/c/c11/timeline/", "/c/c11/league/"]
    pages = [client.get(address).content.decode() for address in addresses]
    book = rows_of(client.get(f"{LIST}excel/").content)
    opened = client.get(visit.get_absolute_url()).status_code
    found = [page for page in pages if "暗访" in page or visit.get_absolute_url() in page]
    return (found, len(book) - 1, opened, things(company))


@pytest.mark.parametrize("person", ["manager", "head", "worker", "other_manager"])
def test_no_page_of_a_project_knows_a_mystery_visit_before_its_end(client, company, person):
    start_visit(visit=mystery(company), by=company.auditor, at=AT)
    assert leaks(client, company, getattr(company, person)) == ([], 0, 404, [])


@pytest.mark.parametrize("person", ["manager", "head", "worker", "other_manager"])
def test_what_is_noted_on_a_mystery_visit_is_on_no_page_before_its_sheet_is_submitted(
    client, company, person
):
    sheet = entering.opened(company)
    start_visit(visit=mystery(company), by=company.auditor, at=AT)
    entering.missing(sheet, company.auditor, at=AT, method=Method.COVERT, note="前台没有人")
    client.force_login(getattr(company, person))
    whole = client.get(sheet.get_absolute_url()).status_code
    log = client.get(f"{sheet.get_absolute_url()}log/").status_code
    assert (whole, log) == (404, 404)
    owed = company.campaign.obligations.filter(project=company.one)
    addresses = ["/c/c11/sheets/", "/c/c11/timeline/", "/c/c11/late/", "/c/c11/appeals/"]
    addresses += [each.get_absolute_url() for each in owed]  # with who was told of each
    for address in addresses:
        page = client.get(address).content.decode()
        assert (
            "前台没有人" not in page
            and "暗访</" not in page
            and sheet.get_absolute_url() not in page
        )


def test_a_project_sees_of_cancelled_visits_those_that_it_was_told_of(company):
    schedule = submitted(company)
    return_schedule(schedule=schedule, reason="太密", by=company.executive, at=AT)
    gone = AuditVisit.objects.get(project=company.one)
    remove_visit(visit=gone, by=company.center, at=AT)
    schedule = submitted(company, auditors=[company.auditor], doubles=0)
    later = AT + timedelta(hours=1)
    approve_schedule(schedule=schedule, by=company.executive, at=later)
    known = AuditVisit.objects.standing().get(project=company.one)
    assert seen_by(company.manager) == [known]
    remove_visit(visit=known, reason="停电", by=company.center, at=later)
    assert seen_by(company.manager) == [known]
    assert set(seen_by(company.lead)) == set(AuditVisit.objects.settled())


def seen_by(person):
    return list(AuditVisit.objects.visible_to(person))


def test_a_cancelled_mystery_visit_stays_unknown_to_its_project(company):
    remove_visit(visit=mystery(company), by=company.center, at=AT)
    assert seen_by(company.manager) == []


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
