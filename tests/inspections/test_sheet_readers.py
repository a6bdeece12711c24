"""Who sees an audit sheet before it is submitted, when somebody has posts on both sides."""

import pytest

from inspections.models import ScoreSheet
from inspections.sheet.sheets import submit_sheet
from organization.roles import Role
from tests import cast
from tests.inspections.entering import confirm_all, missing, opened

AT = cast.NOW


@pytest.fixture
def sheet(company):
    return opened(company)


def sees(person, sheet):
    fresh = type(person).objects.get(pk=person.pk)
    return ScoreSheet.objects.visible_to(fresh).filter(pk=sheet.pk).exists()


@pytest.mark.parametrize("person", ["center", "executive", "lead"])
def test_a_post_in_the_project_hides_its_sheet_until_it_comes_in(client, company, sheet, person):
    held = getattr(company, person)
    assert sees(held, sheet)
    cast.post(held, Role.EMPLOYEE, project=company.one)
    assert not sees(held, sheet)
    client.force_login(held)
    assert client.get(sheet.get_absolute_url()).status_code == 404
    other = opened(company, project=company.two)
    assert sees(held, other)
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert sees(held, sheet)


def test_who_audits_it_sees_it_all_the_same(company, sheet):
    cast.post(company.auditor, Role.EMPLOYEE, project=company.one)
    assert sees(company.auditor, sheet)  # who opened it
    cast.post(company.center, Role.EMPLOYEE, project=company.one)
    missing(sheet, company.center)
    assert sees(company.center, sheet)


def test_nobody_starts_a_sheet_of_the_own_project_or_learns_whether_there_is_one(client, company):
    cast.post(company.center, Role.EMPLOYEE, project=company.one)
    client.force_login(company.center)
    asked = {"project": company.one.code, "specialty": "customer_service"}
    answers = []
    for _turn in range(2):
        page = client.get("/c/c11/sheets/").content.decode()
        answer = client.post("/c/c11/sheets/", asked, follow=True)
        answers.append((f'value="{company.one.code}"' in page, answer.status_code))
        answers.append([str(each) for each in answer.context["messages"]])
        opened(company) if not ScoreSheet.objects.exists() else None
    assert answers[0] == (False, 200)
    assert "由别人开" in answers[1][0]
    assert answers[:2] == answers[2:]
    assert f'value="{company.two.code}"' in page


@pytest.mark.parametrize("person", ["manager", "worker", "center"])
def test_no_filter_of_the_list_tells_that_a_sheet_was_begun(client, company, sheet, person):
    held = getattr(company, person)
    if person == "center":
        cast.post(held, Role.EMPLOYEE, project=company.one)
    client.force_login(held)
    filters = ("state=in_progress", "state=not_started", "signing=unsigned", "state=submitted")
    specialty = sheet.specialty.code
    pages = [f"/c/c11/sheets/?project=P01&specialty={specialty}&{each}" for each in filters]

    def listed():
        return ["P01</" in client.get(page).content.decode() for page in pages]

    before = listed()
    missing(sheet, company.auditor)
    confirm_all(sheet, company.auditor)
    assert listed() == before == [False, True, False, False]
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert listed() == [False, False, True, True]
