"""What a page sends for somebody is taken in that person's session only."""

import pytest
from django.urls import reverse

from tests import cast


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def send(client, company):
    client.force_login(company.auditor)
    url = reverse("language")
    return lambda person: client.post(url, {"language": "en"}, headers={"x-person": str(person)})


def test_under_another_name_nothing_happens(send, company):
    answer = send(company.manager.pk)
    assert (answer.status_code, answer.json()["code"]) == (409, "another_person")
    company.auditor.refresh_from_db()
    assert company.auditor.language != "en"


def test_under_ones_own_it_does(send, company):
    send(company.auditor.pk)
    company.auditor.refresh_from_db()
    assert company.auditor.language == "en"


def test_the_api_says_it_too(client, company):
    client.force_login(company.auditor)
    answer = client.get(
        f"/api/v1/sheets?campaign={company.campaign.code}", headers={"x-person": "0"}
    )
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "another_person"
