"""Clocks that go back, days that have an hour more or less, a day that nobody worked."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaign.models import Letter, Reminder
from campaign.models.reminders import Channel, Delivery
from campaign.reminders.rules import DEFAULT_RULES
from campaign.reminders.setting import Hours, set_reminders
from tests import cast
from tests.faults.stage import NOW, make_stage

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
# ten minutes after the hour from which on what is due today is spoken of
JUST_SAID = cast.moment(2011, 11, 15, 9, 10)


def test_the_clock_goes_back_an_hour(rig, scale, dice, audit):
    """In the middle of the mails, to before the hour of the digest; the schedule goes on."""
    rig.set_clock(JUST_SAID)
    stage = make_stage(nudges=scale.few, notices=scale.few, at=JUST_SAID)
    rig.mail_server(pause=0.02)
    parts = rig.start_worker(), rig.start_beat()
    rig.wait_for_mails(dice.randrange(1, stage.letters // 2))
    rig.pass_time(-HOUR)
    for part in parts:
        rig.wait_for_task_of(part)
    rig.mail_server()
    rig.settle()
    rig.set_clock(JUST_SAID)
    rig.settle()
    assert audit(stage).figures["unknown"] == 0


@pytest.mark.parametrize(
    "night",
    [datetime(2011, 10, 30, tzinfo=BERLIN), datetime(2012, 3, 25, tzinfo=BERLIN)],
    ids=["ends", "begins"],
)
def test_daylight_time(rig, scale, audit, night):
    """Its campaign speaks at half past two, an hour that comes twice that night, or not at all."""
    rig.set_clock(night)
    ours = make_stage(nudges=scale.few, notices=scale.few, at=night)
    theirs = make_stage(nudges=scale.few, at=night, code="berlin", zone=BERLIN)
    always = Hours(quiet_from=time(0), quiet_until=time(0), working_days_only=False)
    at_half_past_two = replace(always, zone_name=BERLIN.key, digest_at=time(2, 30))
    for stage, hours in ((ours, always), (theirs, at_half_past_two)):
        rules = DEFAULT_RULES
        set_reminders(campaign=stage.campaign, rules=rules, hours=hours, by="command", at=night)
    rig.start_worker()
    for _ in range(5 * 2):
        rig.play()
        rig.pass_time(HOUR / 2)
    rig.settle()
    audit(ours, theirs)
    sent = Letter.objects.filter(person__in=theirs.people, channel=Channel.MAIL)
    moments = [letter.begun_at for letter in sent]
    assert len(moments) == len(theirs.people)
    earliest = (night.replace(hour=2, minute=30)).timestamp()
    assert all(0 <= moment.timestamp() - earliest < HOUR.total_seconds() for moment in moments)


def test_a_day_of_downtime(rig, scale, dice, audit):
    """The power fails among the mails of one day; on the next all is said in sharper words."""
    rig.set_clock(NOW)
    stage = make_stage(nudges=scale.few, notices=scale.few, at=NOW)
    rig.mail_server(pause=0.01)
    worker, beat = rig.start_worker(), rig.start_beat()
    rig.wait_for_mails(dice.randrange(1, stage.letters // 2))
    worker.kill()
    beat.kill()
    rig.mail_server()
    yesterday = Reminder.objects.filter(channel=Channel.MAIL, delivery=Delivery.SENT).count()
    rig.set_clock(NOW + DAY)
    rig.settle()
    figures = audit(stage).figures
    assert figures["sent"] > yesterday
    assert figures["cancelled"] > 0


def test_a_day_in_which_nobody_planned(rig, scale, audit):
    """Of what was missed altogether only the word of today is said."""
    rig.set_clock(NOW)
    stage = make_stage(nudges=scale.few, notices=scale.few, at=NOW)
    rig.set_clock(NOW + DAY)
    rig.settle()
    assert audit(stage).figures["sent"] == len(stage.due)
