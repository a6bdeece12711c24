"""Pages that ask for a project: of many none is chosen in a list, it is named by code or name."""

from datetime import date

import pytest
from django.urls import reverse

from campaign.models import CalendarFeed, SupportVisit
from campaign.words import Scope
from inspections.models import AuditVisit
from organization import project_choice
from tests import cast
from tests.inspections.calling import listed, row
from tests.inspections.examining import DURING, address, exam, staff
from tests.inspections.visiting import LIST, drafted
from tests.queries import queries_of

NEW_FINDING, CALENDAR, CUSTOMERS = "/c/c11/findings/new/", "/me/calendar/", "/c/c11/customers/"
PAGES = [NEW_FINDING, f"{LIST}new/", CALENDAR]


@pytest.fixture
def crowded(company, monkeypatch):
    """As if one project were too many to choose from."""
    monkeypatch.setattr(project_choice, "MOST_CHOICES", 1)
    return company


@pytest.fixture
def center(client, company):
    client.force_login(company.center)
    return client


def body(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_field_stands_where_a_list_stood(page, crowded, center):
    shown = body(center.get(page))
    assert 'name="project" value="" maxlength="100"' in shown
    assert '<option value="P02"' not in shown


@pytest.mark.parametrize("page", PAGES)
def test_a_few_are_a_list(page, company, center):
    assert '<option value="P02"' in body(center.get(page))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_often_for_many_projects(page, company, center):
    few = queries_of(lambda: center.get(page))
    for number in range(3):
        company.campaign.participations.create(project=cast.project(f"P1{number}", f"新园{number}"))
    assert queries_of(lambda: center.get(page)) == few


@pytest.mark.parametrize("named", ["code", "name"])
def test_a_finding_is_opened_in_the_named_project(named, crowded, center):
    page = center.get(NEW_FINDING, {"project": getattr(crowded.two, named)})
    assert page.context["project"] == crowded.two


def test_who_names_a_part_is_told_which_it_could_be(crowded, center):
    page = center.get(NEW_FINDING, {"project": "p0"})
    assert f"P01 {crowded.one}、P02 {crowded.two}" in body(page)
    assert page.context["form"] is None


def test_an_audit_visit_goes_to_the_named_project(crowded, center):
    drafted(crowded)
    typed = {"project": crowded.two.name, "method": "open", "day": "2011-12-05"}
    center.post(f"{LIST}new/", typed | {"auditors": crowded.lead.pk})
    assert AuditVisit.objects.get(day=date(2011, 12, 5)).project == crowded.two


def test_an_audit_visit_to_no_project_keeps_what_was_typed(crowded, center):
    page = center.post(f"{LIST}new/", {"project": "p0"})
    assert page.status_code == 422
    assert 'name="project" value="p0"' in body(page)
    assert "请写一个项目的编码或全名" in body(page)


def test_a_calendar_is_made_of_the_named_project(crowded, center):
    told = center.post(CALENDAR, {"do": "make", "project": "p0"}, follow=True)
    assert "请写一个项目的编码或全名" in body(told)
    center.post(CALENDAR, {"do": "make", "project": crowded.two.name})
    assert CalendarFeed.objects.get().project == crowded.two


def test_a_calendar_of_others_is_not_found_by_its_name(crowded, client):
    client.force_login(crowded.manager)
    told = client.post(CALENDAR, {"do": "make", "project": crowded.two.name})
    assert told.status_code in (302, 404)
    assert not CalendarFeed.objects.exists()


def test_a_support_visit_is_logged_at_the_named_project(crowded, client):
    client.force_login(crowded.lead)
    milestone = cast.milestone(
        crowded.campaign, "on_site_support", scope=Scope.SPECIALTY, evidence=["visit_log"]
    )
    owed = cast.obligation(milestone, specialty=crowded.lines["customer_service"])
    page = reverse("visit_new", args=["c11", owed.pk])
    typed = {"project": "P02", "day": "2011-11-09", "went": "孙浩", "found": "前台无值班表"}
    assert 'value="p0" maxlength="100"' in body(client.post(page, typed | {"project": "p0"}))
    client.post(page, typed)
    assert SupportVisit.objects.get().project == crowded.two


def test_somebody_without_an_account_is_added_at_the_named_project(crowded, client, time_machine):
    time_machine.move_to(DURING)
    held = exam(staff(crowded))
    client.force_login(crowded.lead)
    person = reverse("exam_seat_new", args=["c11", held.pk])
    told = client.post(person, {"name": "周敏", "project": "p0"})
    assert told.status_code == 422
    assert 'value="p0" maxlength="100"' in body(told)
    client.post(person, {"name": "周敏", "project": crowded.two.name})
    assert held.seats.get(name="周敏").project == crowded.two


def test_results_of_many_projects_are_narrowed_by_a_part(crowded, client, time_machine):
    time_machine.move_to(DURING)
    held = exam(staff(crowded))
    client.force_login(crowded.lead)
    of_two = client.get(address(held, "results"), {"project": "p02"})
    assert {row.seat.project for row in of_two.context["page"]} == {crowded.two}
    assert not client.get(address(held, "results"), {"project": "无此"}).context["page"].object_list


def test_customers_of_many_projects_are_narrowed_by_a_part(crowded, center):
    listed(crowded, lines=[row(1), row(2, project="P02")])
    page = center.get(CUSTOMERS, {"project": "p02"})
    assert {each.project for each in page.context["page"]} == {crowded.two}
