"""More hands than work: schedulers and workers in each other's way."""

from collections import Counter

from campaign.models import Letter
from campaign.models.reminders import Channel
from tests.faults.stage import NOW, make_stage


def workers_of(rig) -> set[int]:
    return {
        each["pid"]
        for each in rig.tasks
        if each["event"] == "begun" and each["name"].endswith("deliver")
    }


def test_two_beats(rig, scale, audit):
    rig.set_clock(NOW)
    stage = make_stage(nudges=scale.few, notices=scale.few, robots=5, at=NOW)
    workers = [rig.start_worker() for _ in range(2)]
    with rig.beating(2):
        rig.wait_for_mails(stage.letters)
    rig.settle()
    assert audit(stage).figures["unknown"] == 0
    assert workers_of(rig) == {worker.pid for worker in workers}


def test_many_workers(rig, scale, audit):
    rig.set_clock(NOW)
    stage = make_stage(nudges=scale.reminders * 8 // 10, notices=scale.reminders * 2 // 10, at=NOW)
    rig.mail_server(pause=0.01)
    workers = [rig.start_worker(DELIVERY_WORKERS=scale.hands) for _ in range(scale.hands)]
    with rig.beating(2):
        rig.wait_for_mails(stage.letters)
    rig.settle()
    assert audit(stage).figures["unknown"] == 0
    assert len(workers_of(rig)) > len(workers) // 2


def test_a_redelivered_message(rig, scale, audit):
    """Redis thinks that a delivery takes too long, and rings for another one meanwhile."""
    rig.set_clock(NOW)
    stage = make_stage(nudges=scale.few, notices=scale.few, robots=5, at=NOW)
    rig.mail_server(pause=0.1)
    for _ in range(2):
        rig.start_worker(DELIVERY_WORKERS=1, BROKER_CHANGES={"visibility_timeout": 1})
    rig.ring()
    rig.wait_until(lambda: most_begun(rig) > 1, "the same message again")
    rig.mail_server()
    rig.settle()
    assert audit(stage).figures["unknown"] == 0
    assert Letter.objects.filter(channel=Channel.MAIL, sent_at=None).count() == 0


def most_begun(rig) -> int:
    begun = Counter(each["task"] for each in rig.tasks if each["event"] == "begun")
    return max(begun.values(), default=0)
