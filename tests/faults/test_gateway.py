"""A robots' service that refuses, breaks, falls silent or hangs up."""

from datetime import timedelta

import pytest

from campaign.models import Reminder
from tests.faults.gateway import ANSWERS, REFUSALS
from tests.faults.stage import NOW, make_stage

ROBOTS = 6
# The digests of robots leave some minutes apart, within half an hour.
A_MINUTE = timedelta(minutes=1)
HALF_AN_HOUR = 30


@pytest.mark.parametrize("answer", sorted(ANSWERS.keys() - {"ok"}))
def test_gateway(rig, audit, answer):
    rig.set_clock(NOW)
    stage = make_stage(nudges=4 * ROBOTS, robots=ROBOTS, at=NOW)
    rig.gateway(answer)
    rig.start_worker()
    for _ in range(HALF_AN_HOUR):
        rig.play()
        if Reminder.objects.exclude(robot=None).exclude(error="").exists():
            break
        rig.pass_time(A_MINUTE)
    else:
        pytest.fail("no robot spoke")
    rig.gateway("ok")
    rig.settle()
    figures = audit(stage).figures
    assert (figures["unknown"] == 0) == (answer in REFUSALS)
