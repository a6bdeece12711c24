"""Somebody holds the database for himself: nothing leaves that can't be recorded."""

from contextlib import contextmanager

import pytest
from django.db import connection

from tests.faults.stage import NOW, make_stage

SECONDS = 10
# SQLite waits for 20 seconds, then it is an error; PostgreSQL waits for ever.
TOO_LONG = 25


@contextmanager
def locked():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("BEGIN EXCLUSIVE")
        else:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE campaign_reminder IN ACCESS EXCLUSIVE MODE")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


@pytest.fixture
def stage(rig, scale, dice):
    rig.set_clock(NOW)
    stage = make_stage(nudges=scale.few, notices=scale.few, robots=5, at=NOW)
    rig.mail_server(pause=0.01)
    rig.start_worker(threads=2)
    rig.start_beat()
    rig.wait_for_mails(dice.randrange(1, stage.letters // 2))
    return stage


def hold(rig, seconds):
    with locked():
        rig.wait(1)
        # each of the two deliveries may have had one mail in its hands
        before = len(rig.mails)
        rig.wait(seconds - 1)
        assert len(rig.mails) == before


def test_database_locked_for_10_seconds(rig, stage, audit):
    hold(rig, SECONDS)
    rig.settle()
    assert audit(stage).figures["unknown"] == 0


def test_database_locked_for_longer_than_anybody_waits(rig, stage, audit):
    hold(rig, TOO_LONG)
    rig.settle()
    audit(stage)
