"""Sessions: one that was there before a sign-in, one that should be over, one that is guessed."""

import pytest
from django.conf import settings as configured
from django.test import Client

from organization.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "right-and-long-enough"
HOME = "/"


@pytest.fixture(autouse=True)
def sessions_at_hand(settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"


@pytest.fixture
def person(world):
    found = User.objects.get(pk=world.people["center"].pk)  # the others keep theirs
    found.set_password(PASSWORD)
    found.save()
    return found


def key_of(client: Client) -> str:
    held = client.cookies.get(configured.SESSION_COOKIE_NAME)
    return held.value if held else ""


def signed_in(person, client: Client) -> Client:
    client.post("/accounts/login/", {"username": person.username, "password": PASSWORD})
    return client


def is_known(client: Client) -> bool:
    return client.get(HOME).status_code != 302 or "login" not in client.get(HOME)["Location"]


def test_a_session_that_was_planted_is_not_signed_in(person, tried):
    victim, planter = Client(), Client()
    session = planter.session
    session["planted"] = True
    session.save()
    planted = key_of(planter) or session.session_key
    for client in (victim, planter):
        client.cookies[configured.SESSION_COOKIE_NAME] = planted
    signed_in(person, victim)
    tried["refused"] += 1
    assert is_known(victim)
    assert key_of(victim) != planted
    assert not is_known(planter)


def test_a_session_is_over_when_somebody_signs_out(person, tried):
    client, thief = signed_in(person, Client()), Client()
    thief.cookies[configured.SESSION_COOKIE_NAME] = key_of(client)
    assert is_known(thief)
    client.post("/accounts/logout/")
    tried["refused"] += 1
    assert not is_known(thief)


def test_a_new_password_ends_all_sessions(person, tried):
    thief = signed_in(person, Client())
    person.set_password(f"another-{PASSWORD}")
    person.save()
    tried["refused"] += 1
    assert not is_known(thief)


@pytest.mark.parametrize(
    "key", ["", "0" * 32, "../../etc/passwd", "' OR 1=1 --", "a" * 5000, "\x00"]
)
def test_a_session_that_is_guessed_is_none(key, tried):
    client = Client(raise_request_exception=False)
    client.cookies[configured.SESSION_COOKIE_NAME] = key
    tried["refused"] += 1
    answer = client.get(HOME)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
