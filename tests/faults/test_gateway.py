"""A robots' service that refuses, breaks, falls silent or hangs up."""

import pytest

from campaign.models import Reminder
from tests.faults.gateway import ANSWERS, REFUSALS
from tests.faults.rig import last_minute
from tests.faults.stage import NOW, make_stage

ROBOTS = 6


@pytest.mark.parametrize("answer", sorted(ANSWERS.keys() - {"ok"}))
def test_gateway(rig, audit, answer):
    rig.set_clock(NOW)
    stage = make_stage(nudges=4 * ROBOTS, robots=ROBOTS, at=NOW)
    rig.gateway(answer)
    rig.start_worker()
    rig.set_clock(last_minute(NOW))
    rig.play()
    met = Reminder.objects.exclude(robot=None).exclude(error="")
    assert met.values("robot").distinct().count() == ROBOTS
    rig.gateway("ok")
    rig.settle()
    figures = audit(stage).figures
    assert (figures["unknown"] == 0) == (answer in REFUSALS)
