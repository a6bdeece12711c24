"""How often a robot speaks, whatever runs beside, and in which minutes."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction

from campaign.models import Letter
from campaign.robots.pace import WINDOW, digest_minute, digest_wait, turn_wait
from tests import cast
from tests.campaign.robots.made import AT, robot

NINE = cast.moment(2011, 11, 27, 9)


def left(robot, at, n=1):
    """So many letters that have begun to leave."""
    facts = {"robot": robot, "channel": robot.channel, "kind": "notice", "day": at.date()}
    Letter.objects.bulk_create(Letter(begun_at=at, **facts) for _ in range(n))


def wait(robot, at=AT):
    with transaction.atomic():
        return turn_wait(robot, at)


# --- digests -----------------------------------------------------------------------------


def test_digests_keep_off_the_full_and_the_half_hour():
    assert {digest_minute(pk) for pk in range(1000)} == set(range(3, 28))


def test_robots_that_were_set_up_together_do_not_speak_together():
    minutes = [digest_minute(pk) for pk in range(40, 65)]
    assert len(set(minutes)) == 25
    assert all(abs(a - b) > 1 for a, b in pairwise(minutes))


@pytest.mark.parametrize(("minute", "later"), [(0, True), (30, True), (29, False), (59, False)])
def test_a_digest_waits_for_its_minute(minute, later):
    at = NINE + timedelta(minutes=minute, seconds=11)
    until = digest_wait(5, at, at)
    assert (until is not None) == later
    if later:
        assert (until - NINE).total_seconds() == (minute + digest_minute(5)) * 60


def test_once_it_has_waited_it_may_leave():
    its_minute = digest_wait(5, NINE, NINE)
    assert digest_wait(5, NINE, its_minute) is None
    assert digest_wait(5, its_minute, its_minute) is None


@pytest.mark.parametrize("minutes", [60, 61, 24 * 60])
def test_who_looks_only_now_and_then_sends_it_late_and_not_never(minutes):
    assert digest_wait(5, NINE, NINE + timedelta(minutes=minutes)) is None


# --- how many a minute -------------------------------------------------------------------


def test_as_many_as_the_service_takes_may_leave(db):
    made = robot()
    left(made, AT, 19)
    assert wait(made) is None


def test_one_more_waits_until_the_first_of_them_is_forgotten(db):
    made = robot()
    left(made, AT - timedelta(seconds=30))
    left(made, AT, 19)
    until = wait(made)
    assert until == AT - timedelta(seconds=30) + WINDOW
    assert wait(made, until) is None


def test_each_robot_has_a_pace_of_its_own(db):
    busy, calm = robot(per_minute=1), robot(per_minute=1)
    left(busy, AT)
    assert wait(busy) and wait(calm) is None


def test_a_clock_that_was_set_back_does_not_silence_it(db):
    made = robot(per_minute=1)
    left(made, AT)
    assert wait(made, AT - timedelta(hours=1)) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_deliveries_at_once_no_more_than_that_leave():
    made = robot(per_minute=20)

    def work():
        for _ in range(5):
            with transaction.atomic():
                if turn_wait(made, AT) is None:
                    left(made, AT)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert made.letters.count() == 20
