"""The two sign-in pages while somebody tries passwords."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from organization.models import User
from tests import cast

PASSWORD, WRONG = cast.PASSWORD, "wrong-Harbour-1"


@pytest.fixture(autouse=True)
def one_moment():
    """Waits are told in seconds, and a busy machine takes some between two tries."""
    with time_machine.travel(cast.NOW, tick=False):
        yield


@pytest.fixture
def admin(db):
    return cast.person("admin", "何清", "administrator", is_staff=True)


@pytest.fixture
def sign_in(client):
    def sign_in(username="admin", password=WRONG, *, page="login", by=client):
        return by.post(reverse(page), {"username": username, "password": password})

    return sign_in


def words_of(page) -> str:
    return page.content.decode()


def test_the_right_password_opens_the_door(admin, sign_in):
    assert sign_in(password=PASSWORD).url == "/"


@pytest.mark.parametrize("username", ["admin", "nobody-of-that-name"])
def test_too_many_tries_are_told_alike_for_everybody(admin, sign_in, username):
    pages = [sign_in(username) for _ in range(6)]
    assert [page.status_code for page in pages] == [200, 200, 200, 200, 429, 429]
    assert "试错太多次了，请等 30 秒再试" in words_of(pages[4])
    assert int(pages[5].headers["Retry-After"]) <= 30


def test_the_name_that_was_typed_stays(admin, sign_in):
    pages = [sign_in() for _ in range(5)]
    assert 'value="admin"' in words_of(pages[-1])


def test_during_the_wait_the_right_password_does_not_help(admin, sign_in, client):
    for _ in range(5):
        sign_in()
    assert sign_in(password=PASSWORD).status_code == 429
    assert "_auth_user_id" not in client.session


def test_it_is_said_in_english_too(admin, sign_in, client):
    client.cookies["django_language"] = "en"
    pages = [sign_in() for _ in range(5)]
    assert "Too many wrong tries. Please wait 30 seconds" in words_of(pages[-1])


def test_the_admin_site_has_no_door_beside_it(admin, sign_in):
    pages = [sign_in(page="admin:login") for _ in range(5)]
    assert "试错太多次了" in words_of(pages[-1])
    assert sign_in(password=PASSWORD).status_code == 429


def test_ones_own_browser_opens_while_others_guess(admin, sign_in, client):
    sign_in(password=PASSWORD)
    client.post(reverse("logout"))
    stranger = Client()
    for _ in range(6):
        sign_in(by=stranger)
    assert sign_in(password=PASSWORD).url == "/"


def test_the_cookie_is_for_the_server_alone(admin, sign_in):
    cookie = sign_in(password=PASSWORD).cookies["known"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "admin" not in cookie.value


def test_an_account_that_was_switched_off_answers_like_none(admin, sign_in):
    User.objects.update(is_active=False)
    assert words_of(sign_in(password=PASSWORD)).count("note-error") == 1
    assert words_of(sign_in("nobody", PASSWORD)).count("note-error") == 1


def test_an_administrator_ends_the_wait_in_the_list_of_people(admin, sign_in):
    lead = cast.person("lead", "林涛", "specialty_lead")
    for _ in range(5):
        sign_in("lead")
    office = Client()
    office.force_login(admin)
    act = {"action": "let_sign_in", "_selected_action": [lead.pk]}
    page = office.post(reverse("admin:organization_user_changelist"), act, follow=True)
    assert "解除了 1 人的登录暂停。" in words_of(page)
    assert sign_in("lead", PASSWORD).url == "/"
