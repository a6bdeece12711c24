"""Guessing passwords gets slow: by account, by browser and by address."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organization import guard
from organization.guard import Attempt, Held
from organization.history import history_of
from organization.models import CountKind, SignInCount, User
from organization.origin import coming_from
from tests.cast import NOW

pytestmark = pytest.mark.django_db
OFFICE = "203.0.113.7"
SECOND = timedelta(seconds=1)


def tries(number, username="zhou", address=OFFICE, browser="", at=NOW):
    """That many wrong passwords at one moment; the wait after the last of them."""
    until = None
    for _ in range(number):
        attempt = Attempt(username=username, address=address, browser=browser)
        guard.begin(attempt=attempt, at=at)
        until = guard.fail(attempt=attempt, at=at)
    return until


def is_held(username="zhou", address=OFFICE, browser="", at=NOW):
    try:
        guard.begin(attempt=Attempt(username=username, address=address, browser=browser), at=at)
    except Held:
        return True
    return False


def test_four_wrong_passwords_cost_nothing():
    assert tries(4) is None
    assert not is_held()


def test_the_fifth_brings_a_wait_of_half_a_minute():
    assert tries(5) == NOW + timedelta(seconds=30)
    assert is_held(at=NOW + 29 * SECOND)
    assert not is_held(at=NOW + 30 * SECOND)


def test_waits_double_up_to_a_quarter_of_an_hour():
    at, waits = NOW, []
    tries(4, at=at)
    for _ in range(8):
        until = tries(1, at=at)
        waits.append((until - at).total_seconds())
        at = until
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_a_try_during_the_wait_does_not_make_it_longer():
    tries(5)
    is_held(at=NOW + SECOND)
    assert SignInCount.objects.get(kind=CountKind.ACCOUNT).failures == 5


def test_names_are_counted_however_they_are_written():
    tries(5, username="Zhou")
    assert is_held(username="ｚｈｏｕ")


def test_another_person_of_the_same_office_signs_in():
    tries(5)
    assert not is_held(username="lin")


def test_the_right_password_forgets_the_wrong_ones():
    tries(4)
    attempt = Attempt(username="zhou", address=OFFICE)
    guard.begin(attempt=attempt, at=NOW)
    guard.succeed(attempt=attempt)
    assert not SignInCount.objects.filter(kind=CountKind.ACCOUNT).exists()
    assert SignInCount.objects.get(kind=CountKind.ADDRESS).failures == 4


def test_a_day_later_nothing_is_counted():
    tries(4)
    assert tries(1, at=NOW + timedelta(days=1, seconds=1)) is None


def full_office():
    tries(1)
    SignInCount.objects.filter(kind=CountKind.ADDRESS).update(failures=299)
    return tries(1, username="lin")


def test_an_address_waits_at_three_hundred_within_an_hour():
    assert full_office() == NOW + timedelta(minutes=1)
    assert is_held(username="anybody")
    assert not is_held(username="anybody", address="203.0.113.8")


def test_an_address_of_more_than_an_hour_ago_begins_anew():
    tries(1)
    SignInCount.objects.filter(kind=CountKind.ADDRESS).update(failures=299)
    assert tries(1, username="lin", at=NOW + timedelta(minutes=61)) is None


def test_a_browser_that_the_account_knows_is_let_in_while_strangers_guess():
    full_office()
    tries(4, address="198.51.100.1", at=NOW + timedelta(minutes=2))
    assert not is_held(browser="mark", at=NOW + timedelta(minutes=2))


def test_a_browser_that_the_account_knows_may_not_guess_either():
    tries(5, browser="mark")
    assert is_held(browser="mark")


def test_a_wait_stands_in_the_persons_history():
    person = User.objects.create(username="zhou", name="周雁")
    with coming_from("page", address=OFFICE):
        tries(5)
    (entry,) = history_of(person)
    assert (entry.verb, entry.by_label) == ("hold_sign_in", "sign_in")
    # in its own column only, from where it is taken out after its time
    assert (entry.address, entry.detail.keys()) == (OFFICE, {"until"})


def test_a_name_that_nobody_has_waits_too_and_is_not_kept():
    assert tries(5, username="my-secret-typed-wrongly") == NOW + timedelta(seconds=30)
    kept = str(list(SignInCount.objects.values_list("key", "account")))
    assert "secret" not in kept


def test_an_administrator_ends_the_wait_on_record():
    person = User.objects.create(username="zhou", name="周雁")
    tries(5)
    tries(5, browser="mark")
    assert guard.lift_hold(people=[person], by="command", at=NOW) == 1
    assert not is_held()
    assert not is_held(browser="mark")
    assert history_of(person).first().verb == "lift_hold"


def test_nothing_is_recorded_where_nobody_waited():
    person = User.objects.create(username="zhou", name="周雁")
    assert guard.lift_hold(people=[person], by="command", at=NOW) == 0
    assert not history_of(person)


def test_letting_a_company_in_again_asks_no_more_than_for_two():
    asked = []
    for number in (2, 40):
        people = [User.objects.create(username=f"w{number}-{n}") for n in range(number)]
        for person in people:
            tries(5, username=person.username)
        with CaptureQueriesContext(connection) as queries:
            assert guard.lift_hold(people=people, by="command", at=NOW) == number
        asked.append(len(queries))
        assert not any(is_held(person.username) for person in people)
    assert asked[0] == asked[1]
    assert history_of(people[0]).get(verb="lift_hold").before == "held"


def test_what_is_over_is_taken_away():
    tries(1, username="older", at=NOW - timedelta(days=2))
    tries(1)
    assert not SignInCount.objects.filter(since__lt=NOW).exists()


def test_a_cookie_speaks_for_those_who_signed_in_with_it_only():
    cookie = guard.known_to("", "zhou")
    both = guard.known_to(cookie, "lin")
    assert guard.browser_of(cookie, "ZHOU")
    assert not guard.browser_of(cookie, "lin")
    assert guard.browser_of(both, "zhou") == guard.browser_of(both, "lin")


@pytest.mark.parametrize("cookie", ["", "x", "W10:1tXyZa:abc", None])
def test_a_cookie_of_ones_own_making_is_worth_nothing(cookie):
    assert guard.browser_of(cookie or "", "zhou") == ""


def test_an_address_is_let_in_again(capsys):
    full_office()
    call_command("lift_sign_in", "--address", OFFICE)
    assert not is_held(username="anybody")
    assert "lifted" in capsys.readouterr().out
