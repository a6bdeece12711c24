"""Workers that lose their power at any moment."""

import time

from campaign.models import Letter
from campaign.models.reminders import Delivery
from tests.faults.rig import A_WHILE
from tests.faults.stage import NOW, make_stage

LONGEST_STEP = 0.15


def test_a_worker_killed_at_random_moments(rig, scale, dice, audit):
    """After a number of mails or at the beginning of a round, and some part of a second later."""
    rig.set_clock(NOW)
    stage = make_stage(nudges=scale.reminders * 8 // 10, notices=scale.reminders * 2 // 10, at=NOW)
    rig.mail_server(pause=0.003)
    most = scale.reminders // 4
    moments = sorted(dice.randrange(most) for _ in range(scale.kills))
    with rig.beating():
        for moment in moments:
            worker = rig.start_worker()
            rig.wait_for_task_of(worker)
            rig.wait_for_mails(moment)
            time.sleep(dice.uniform(0, LONGEST_STEP))
            worker.kill()
            rig.pass_time(A_WHILE)
    rig.settle()
    done = audit(stage)
    lost = Letter.objects.filter(reminders__delivery=Delivery.UNKNOWN).distinct()
    assert lost.count() <= scale.kills
    assert done.figures["due"] == scale.reminders
