"""The bell falls silent; who waits for it is rung for again, and nobody twice."""

import contextlib

import pytest
from kombu import Consumer

from tests.faults.stage import NOW, make_stage

OUTAGE_SECONDS = 2


@pytest.fixture
def under_way(rig, scale, dice):
    """A worker and a scheduler, and a third or two thirds of the mails sent."""
    rig.set_clock(NOW)
    stage = make_stage(nudges=scale.few, notices=scale.few, robots=5, at=NOW)
    rig.mail_server(pause=0.01)
    parts = rig.start_worker(threads=2), rig.start_beat()
    rig.wait_for_mails(dice.randrange(1, stage.letters // 2))
    return stage, parts


def test_redis_killed_and_started_again(rig, under_way, audit):
    stage, parts = under_way
    redis = rig.house.redis
    redis.kill()
    rig.wait(OUTAGE_SECONDS)
    redis.start()
    for part in parts:
        rig.wait_for_task_of(part)  # nobody has to start it again
    rig.settle()
    assert audit(stage).figures["unknown"] == 0


def test_redis_wiped(rig, under_way, audit):
    stage, parts = under_way
    rig.house.redis.wipe()
    for part in parts:
        rig.wait_for_task_of(part)
    rig.settle()
    assert audit(stage).figures["unknown"] == 0


def test_a_connection_can_be_closed_twice_when_redis_is_gone(rig):
    """As a worker does that loses it with a task in its hands, listening on two channels."""
    taken = []
    rig.ring()
    connection = rig.broker.connection_for_read()
    queue = rig.broker.amqp.queues["celery"]
    Consumer(connection.default_channel, [queue], on_message=taken.append).consume()
    connection.drain_events(timeout=5)
    Consumer(connection.channel(), [queue], on_message=taken.append).consume()
    with contextlib.suppress(TimeoutError):
        connection.drain_events(timeout=0.1)
    rig.house.redis.kill()
    connection.collect()
    connection.close()
    assert len(taken) == 1
    assert not connection.connected
