"""Guessing at the door: one person's password many times, one password for many people."""

from itertools import cycle

import pytest
from django.test import Client

from organization.models import User
from tests.access.attack.conftest import IS_WHOLE

pytestmark = pytest.mark.django_db
PASSWORD, WRONG = "right-and-long-enough", "summer-2026-guess"
GUESSES, NAMES = (200, 400) if IS_WHOLE else (30, 60)
OFFICE, STRANGER = "203.0.113.7", "198.51.100.9"
HELD, TOO_MANY, WAIT = "held back", 429, "alert"


@pytest.fixture
def person(world):
    found = User.objects.get(pk=world.people["center"].pk)  # the others keep theirs
    found.set_password(PASSWORD)
    found.save()
    return found


def typed(client: Client, username: str, password: str, address: str):
    said = {"username": username, "password": password}
    return client.post("/accounts/login/", said, REMOTE_ADDR=address)


def is_in(answer) -> bool:
    return answer.status_code == 302


def test_many_passwords_are_guessed_for_one_person(person, tried):
    """The guesser waits; the owner's own browser and the office next door do not."""
    mine = Client()
    assert is_in(typed(mine, person.username, PASSWORD, OFFICE))
    mine.post("/accounts/logout/")
    for number in range(GUESSES):
        answer = typed(Client(), person.username, f"{WRONG}-{number}", STRANGER)
        assert not is_in(answer)
        tried[HELD if answer.status_code == TOO_MANY else "wrong"] += 1
    assert not is_in(typed(Client(), person.username, PASSWORD, STRANGER))  # also if it is right
    assert is_in(typed(mine, person.username, PASSWORD, OFFICE))
    assert tried["wrong"] < 10


def test_one_password_is_guessed_for_many_people(person, tried):
    """No answer tells who has an account; an address that never stops is held back."""
    told = []
    known = list(User.objects.exclude(pk=person.pk).values_list("username", flat=True))
    for number, username in zip(range(NAMES // 2), cycle(known), strict=False):
        for name in (username, f"nobody-{number}"):
            answer = typed(Client(), name, WRONG, STRANGER)
            assert not is_in(answer)
            tried[HELD if answer.status_code == TOO_MANY else "wrong"] += 1
            told.append((answer.status_code, answer.content.decode().count(WAIT)))
        if tried[HELD] == 0:
            assert told[-1] == told[-2]
    assert tried["wrong"] < 300
    assert tried[HELD] == max(0, NAMES - 299)
    assert is_in(typed(Client(), person.username, PASSWORD, OFFICE))
