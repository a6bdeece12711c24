"""A mail server that is away, refuses, falls silent or hangs up, in the middle of the mails."""

import pytest

from campaign.models import Reminder
from campaign.models.reminders import Channel, Delivery
from campaign.models.rounds import Round
from tests.campaign.letterbox import DROP, HANG
from tests.faults.stage import NOW, make_stage

MOODS = {
    "refuses for now": {"RCPT": "451 4.3.2 try again later"},
    "refuses the content for now": {"CONTENT": "452 4.2.2 mailbox full"},
    "hangs before the content": {"MAIL": HANG},
    "hangs after the content": {"CONTENT": HANG},
    "hangs up before the content": {"RCPT": DROP},
    "hangs up after the content": {"CONTENT": DROP},
}
NEVER_ARRIVES = [mood for mood in MOODS if "after" not in mood]


@pytest.fixture
def stage(rig, scale, dice):
    """A third of the mails is sent, or two."""
    rig.set_clock(NOW)
    stage = make_stage(nudges=scale.few, notices=scale.few, at=NOW)
    rig.mail_server(pause=0.01)
    rig.start_worker()
    rig.start_beat()
    rig.wait_for_mails(dice.randrange(1, stage.letters // 2))
    return stage


def rows_with_an_error():
    return Reminder.objects.filter(channel=Channel.MAIL).exclude(error="").count()


@pytest.mark.parametrize("mood", MOODS)
def test_mail_server(rig, stage, audit, mood):
    rig.mail_server(moods=MOODS[mood])
    rig.wait_until(rows_with_an_error, "what it does is met")
    rig.mail_server()
    rig.settle()
    figures = audit(stage).figures
    if mood in NEVER_ARRIVES:
        assert figures["unknown"] == 0


def test_mail_server_refuses_some_for_good(rig, stage, audit):
    """They are failed, with the server's words; nobody else is."""
    strangers = stage.people[-3:]
    refusals = {person.email: "550 5.1.1 no such user" for person in strangers}
    rig.mail_server(refusals=refusals)
    rig.settle()
    failed = Reminder.objects.filter(delivery=Delivery.FAILED)
    assert {row.person for row in failed} == set(strangers)
    assert all("no such user" in row.error for row in failed)
    audit(stage, excused=[Delivery.FAILED])


def test_mail_server_away(rig, stage, audit):
    """Nothing is begun, and no attempt is counted, while it can't be reached."""
    rig.house.mailbox.kill()
    rig.wait_until(Round.objects.exclude(error="").exists, "it is missed")
    rig.house.mailbox.start()
    rig.settle()
    assert audit(stage).figures["failed"] == 0
