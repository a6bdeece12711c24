"""The test button: one message into the group, and what came of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from campaign.models import Robot
from campaign.reminders.senders import Outcome
from campaign.robots.answers import keep_answer
from campaign.robots.sending import send
from campaign.robots.setting_up import held
from campaign.robots.text import Block, GroupText, Line
from campaign.robots.webhooks import Answer
from organization.errors import Refused
from organization.history import record

PAUSE = timedelta(seconds=5)


def test_robot(*, robot: Robot, by, at: datetime) -> Answer:
    """Send one message that says that it is a test, also while it is switched off.

    Records when, and the error or that there is none; a robot whose key is revoked is switched
    off. Raises Refused right after another test: the group need not read it ten times.
    """
    robot = may_test(robot, at)
    with translation.override(robot.language or settings.LANGUAGE_CODE):
        answer = send(robot, words(by))
    keep(robot, answer, by=by, at=at)
    return answer


@transaction.atomic
def may_test(robot: Robot, at: datetime) -> Robot:
    """Of two who press at once one is sent away."""
    robot = held(robot)
    if robot.tested_at and abs(at - robot.tested_at) < PAUSE:
        raise Refused(_("刚刚测试过，请过几秒再试。"), code="too_soon")
    robot.tested_at = at
    robot.save(update_fields=["tested_at"])
    return robot


def words(by) -> GroupText:
    line = Line(_("收到这条消息，说明设置成功。以后的提醒会发到这个群。"))
    tester = _("由 %(name)s 发出") % {"name": by}
    home = settings.SITE_URL + reverse("home")
    return GroupText(_("品质提升专项工作：测试消息"), home, (Block("", (line, Line(tester))),))


@transaction.atomic
def keep(robot: Robot, answer: Answer, *, by, at: datetime) -> None:
    outcome = "sent" if answer.outcome == Outcome.SENT else "failed"
    record(on=robot, verb="test_robot", by=by, at=at, after=outcome, reason=answer.error)
    keep_answer(robot, answer, by=by, at=at)
