"""The rig where nothing breaks; and its judge, who has to see it when something did."""

import pytest

from campaign.models import Message, Reminder
from campaign.models.reminders import Channel, Delivery
from tests.faults.audit import Audit
from tests.faults.stage import NOW, make_stage


@pytest.fixture
def stage(rig, scale):
    rig.set_clock(NOW)
    return make_stage(nudges=scale.few, notices=scale.few // 2, robots=3, at=NOW)


def test_nothing_breaks(rig, stage, audit):
    rig.settle()
    figures = audit(stage).figures
    assert figures["sent"] == figures["due"]


def test_the_judge_sees_what_does_not_agree(rig, stage):
    rig.settle()
    arrived = list(rig.mails)

    def judged():
        return Audit([stage], rig)

    assert not judged().lost
    rig.mails.append(arrived[0])
    assert judged().twice
    rig.mails.clear()
    assert len(judged().lost) == Reminder.objects.filter(channel=Channel.MAIL).count()
    for mail in arrived:
        rig.mails.append(mail)

    urgent = Reminder.objects.filter(urgent=True, channel=Channel.MAIL).first()
    Reminder.objects.filter(pk=urgent.pk).update(delivery=Delivery.UNKNOWN)
    assert judged().lost  # it should have been repeated
    Reminder.objects.filter(pk=urgent.pk).update(delivery=Delivery.FAILED, error="")
    assert judged().lost
    assert judged().wrong
    Reminder.objects.filter(pk=urgent.pk).update(delivery=Delivery.SENT)

    Message.objects.exclude(letter=None).first().delete()
    assert judged().lost
