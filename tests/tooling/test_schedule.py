from datetime import timedelta

import pytest
from celery import Celery

from config.schedule import Scheduler


@pytest.fixture
def scheduler(tmp_path):
    app = Celery(broker="memory://", set_as_current=False)
    app.conf.result_expires = None  # else there is a second task, to clean up results
    app.conf.beat_schedule = {"tick": {"task": "tick", "schedule": 120.0}}
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "schedule"))
    yield scheduler
    scheduler.close()


def ran(scheduler, ago):
    (entry,) = scheduler.schedule.values()
    entry.last_run_at = scheduler.app.now() - timedelta(seconds=ago)


def test_a_tick_comes_once_its_seconds_are_over(scheduler):
    ran(scheduler, ago=30)
    assert 60 < scheduler.tick() < 100


def test_a_clock_that_was_set_back_keeps_no_tick_waiting_for_longer_than_usual(scheduler):
    ran(scheduler, ago=30)
    scheduler.tick()
    ran(scheduler, ago=-3600)
    assert 60 < scheduler.tick() <= 120
