"""Switching the language: for this browser, and for this person wherever they sign in."""

import pytest

from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = cast.company().manager
    client.force_login(person)
    return person


def test_the_choice_stays_with_the_browser_and_the_person(client, person):
    answer = client.post("/accounts/language/", {"language": "en", "next": "/me/"})
    assert answer.url == "/me/"
    person.refresh_from_db()
    assert person.language == "en"
    assert client.get("/me/").headers["Content-Language"] == "en"
    client.cookies.clear()
    client.force_login(person)
    assert client.get("/me/").headers["Content-Language"] == "en"


def test_before_signing_in_the_browser_alone_keeps_it(client):
    client.post("/accounts/language/", {"language": "en", "next": "/accounts/login/"})
    assert client.get("/accounts/login/").headers["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["", "fr"])
def test_a_language_that_there_is_not_changes_nothing(client, person, language):
    client.post("/accounts/language/", {"language": language})
    assert client.get("/me/").headers["Content-Language"] == "zh-hans"


def test_it_never_leads_to_another_site(client, person):
    elsewhere = {"language": "en", "next": "https://example.org/"}
    assert client.post("/accounts/language/", elsewhere).url == "/"
