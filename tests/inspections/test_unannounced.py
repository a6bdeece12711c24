"""What rooms that hold everything together tell somebody of the company of the own project."""

import pytest
from django.urls import reverse

from campaign.models import Reminder
from inspections.sheet.sheets import submit_sheet
from organization.roles import Role
from tests import cast
from tests.inspections.entering import confirm_all, missing, opened
from tests.inspections.visiting import mystery

RECORD = "admin:organization_historyentry_changelist"
SEEN = "admin:inspections_observation_changelist"
LEDGERS = ("ledger", "admin:campaign_reminder_changelist")


def told_in(client, person, words, *rooms) -> list[bool]:
    client.force_login(person)
    return [words in client.get(reverse(room)).content.decode() for room in rooms]


@pytest.mark.parametrize("name", ["center", "admin"])
def test_a_mystery_visit_to_the_own_project_is_in_no_record_and_no_ledger(client, company, name):
    visit, person = mystery(company), getattr(company, name)
    told = Reminder.objects.filter(thing=visit.thing).latest("pk").title
    assert told_in(client, person, str(visit), RECORD) == [True]
    assert told_in(client, person, told, *LEDGERS) == [True, True]
    cast.post(person, Role.EMPLOYEE, project=company.one)
    assert told_in(client, person, str(visit), RECORD) == [False]
    assert told_in(client, person, told, *LEDGERS) == [False, False]
    assert told_in(client, company.auditor, told, *LEDGERS) == [True, True]


def test_nor_what_is_seen_there_before_the_sheet_comes_in(client, company):
    sheet = opened(company)
    missing(sheet, company.auditor)
    cast.post(company.lead, Role.EMPLOYEE, project=company.one)
    cast.post(company.center, Role.EMPLOYEE, project=company.one)
    assert told_in(client, company.admin, str(sheet), SEEN, RECORD) == [True, True]
    assert told_in(client, company.lead, str(sheet), SEEN) == [False]
    assert told_in(client, company.center, str(sheet), SEEN, RECORD) == [False, False]
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=cast.NOW)
    assert told_in(client, company.lead, str(sheet), SEEN) == [True]
    assert told_in(client, company.center, str(sheet), SEEN, RECORD) == [True, True]
