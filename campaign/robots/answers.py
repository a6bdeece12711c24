"""What an answer means for the robot: its last error, and its end when the key is revoked."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Campaign, Robot
from campaign.robots.setting_up import switch_off_robot
from campaign.robots.webhooks import Answer
from campaign.telling import tell
from organization.errors import Refused
from organization.models import Post, User
from organization.roles import Role


@transaction.atomic
def keep_answer(
    robot: Robot, answer: Answer, *, by, at: datetime, campaign: Campaign | None = None
) -> None:
    """Record the error, or that there is none; a revoked robot is switched off.

    The administrators are told of that once, in a campaign's name; without one nobody is.
    """
    Robot.objects.filter(pk=robot.pk).update(last_error=answer.error)
    if not answer.is_revoked:
        return
    try:
        off = switch_off_robot(robot=robot, reason=answer.error, by=by, at=at)
    except Refused:
        return  # another letter found out at the same time, or somebody did
    if campaign:
        tell_administrators(off, campaign, at=at)


def tell_administrators(robot: Robot, campaign: Campaign, *, at: datetime) -> None:
    tell(
        people=administrators(),
        campaign=campaign,
        thing=f"robot:{robot.pk}",
        occurrence=f"switched off {robot.revision}",
        title=partial(title, robot),
        body=partial(body, robot),
        url=reverse("robot", args=[robot.pk]),
        at=at,
    )


def administrators() -> list[User]:
    posts = Post.objects.current().of(Role.ADMINISTRATOR)
    return list(User.objects.filter(is_active=True, posts__in=posts).distinct())


def title(robot: Robot) -> str:
    return _("机器人“%(name)s”的地址已失效，已停用") % {"name": robot}


def body(robot: Robot) -> str:
    words = _("对方回答：%(error)s。请在群里重新添加机器人，再换上新地址。")
    return words % {"error": robot.switched_off_reason}
