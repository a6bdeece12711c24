"""How often and when a robot speaks: no more than its service takes, and not when all others do."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from campaign.models import Letter, Robot

HALF_HOUR = 30
# Digests leave in these minutes after a full or half hour, at which everybody's robots speak.
FIRST, SPREAD, STEP = 3, 25, 7
# Twice a minute: the time that a delivery stamps moves by whole minutes, so that two stamps a
# minute apart may be a second apart.
WINDOW = timedelta(minutes=2)


def digest_minute(robot_id: int) -> int:
    """How many minutes after a full or half hour a robot's digest leaves: 3 to 27."""
    return FIRST + robot_id * STEP % SPREAD


def digest_wait(robot_id: int, ready_since: datetime, at: datetime) -> datetime | None:
    """Until when a digest has to wait that could leave since a moment; None when it need not.

    Its minute comes once: whoever looks only now and then sends it late, not never.
    """
    early = digest_minute(robot_id) - ready_since.minute % HALF_HOUR
    until = ready_since.replace(second=0, microsecond=0) + timedelta(minutes=max(early, 0))
    return until if until > at else None


def turn_wait(robot: Robot, at: datetime) -> datetime | None:
    """Until when one more message has to wait because too many have left; None when it need not.

    Locks the robot until the caller's transaction ends, in which the caller records that the
    message leaves: of two deliveries at once the second one counts the first one's.
    """
    robot = Robot.objects.select_for_update().get(pk=robot.pk)
    most = lately(robot, at).order_by("-begun_at")[robot.per_minute - 1 : robot.per_minute]
    return next((letter.begun_at + WINDOW for letter in most), None)


def lately(robot: Robot, at: datetime) -> QuerySet[Letter]:
    """What has left, and, where the clock was set back, what leaves a little later."""
    return robot.letters.filter(begun_at__gt=at - WINDOW, begun_at__lt=at + WINDOW)
