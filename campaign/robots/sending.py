"""Sending one message into a robot's group, whatever speaks there."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop

from campaign.models import Robot
from campaign.models.channels import RobotKind
from campaign.reminders.senders import Outcome
from campaign.robots import dingtalk, feishu, other, wecom
from campaign.robots.targets import Target, key_of, target_of
from campaign.robots.text import GroupText
from campaign.robots.webhooks import Answer
from organization.errors import Refused

logger = logging.getLogger(__name__)

SENDERS = {
    RobotKind.WECOM: wecom.send,
    RobotKind.DINGTALK: dingtalk.send,
    RobotKind.FEISHU: feishu.send,
}
BROKEN = gettext_noop("发送时出错，原因在服务器日志里")
LONGEST = Robot._meta.get_field("last_error").max_length


def send(robot: Robot, text: GroupText) -> Answer:
    """One message, once; what the other side says comes back without address and secret.

    Never raises: what can't be opened or must not be reached any more is an answer too.
    """
    try:
        target = target_of(robot)
    except Refused as refusal:
        # nothing was sent, and the key may be put back
        return Answer(Outcome.LATER, str(refusal))
    answer = spoken(target, text)
    return Answer(answer.outcome, scrubbed(answer.error, target), answer.is_revoked)


def spoken(target: Target, text: GroupText) -> Answer:
    try:
        if target.kind == RobotKind.OTHER:
            result = other.send(target.address, text)
            return Answer(result.outcome, result.error)
        return SENDERS[target.kind](by_gateway(target), target.secret, text)
    except Refused as refusal:
        return Answer(Outcome.REFUSED, str(refusal))
    except Exception as error:
        # without its words and without a traceback: both may have the address
        logger.error("a robot of kind %s: %s", target.kind, type(error).__name__)
        return Answer(Outcome.UNKNOWN, BROKEN)


def by_gateway(target: Target) -> str:
    """The address as it is, or behind the gateway that stands in for the services."""
    if not settings.ROBOT_GATEWAY:
        return target.address
    parts = urlsplit(target.address)
    query = f"?{parts.query}" if parts.query else ""
    return f"{settings.ROBOT_GATEWAY}/{target.kind}{parts.path}{query}"


def scrubbed(words: str, target: Target) -> str:
    """A gateway may repeat what it was asked; nothing of it is kept."""
    for secret in filter(None, (target.address, target.secret, key_of(target))):
        words = words.replace(secret, "…")
    return words[:LONGEST]
