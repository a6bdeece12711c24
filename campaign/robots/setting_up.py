"""A robot's life: set up, changed, switched off and on; each move is on record, no secret is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Robot
from campaign.models.channels import RobotKind
from campaign.obligations import person
from campaign.robots.targets import hint_of, read_target, sealed, target_of
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Project
from organization.vault import reseal

FACTS = ("name", "project", "region", "language", "per_minute")


@transaction.atomic
def set_up_robot(
    *,
    kind: str,
    name: str,
    address: str,
    secret: str = "",
    project: Project | None = None,
    region: str = "",
    language: str = "",
    per_minute: int | None = None,
    by,
    at: datetime,
) -> Robot:
    """A robot that speaks from now on for a project, a region, or (neither) the company.

    `address` is what the service shows, `secret` its signing secret; both are kept sealed.
    `language` is empty for the default one, `per_minute` for what is usual. Raises Refused with
    the field that is wrong.
    """
    target = read_target(kind=kind, address=address, secret=secret)
    facts = checked(
        RobotKind(kind),
        {
            "name": name,
            "project": project,
            "region": region,
            "language": language,
            "per_minute": per_minute,
        },
    )
    made = Robot.objects.create(
        kind=kind,
        sealed=sealed(target),
        hint=hint_of(target),
        created_at=at,
        created_by=person(by),
        **facts,
    )
    record(on=made, verb="set_up_robot", by=by, at=at, kind=kind, speaks_for=made.speaks_for)
    return made


@transaction.atomic
def change_robot(
    *,
    robot: Robot,
    changes: dict,
    address: str = "",
    secret: str = "",
    by,
    at: datetime,
    revision: int | None = None,
) -> Robot:
    """Change what it is called, for whom it speaks, how often; its address only where one is given.

    A new address comes with its own secret (or none); a new secret alone belongs to the address
    that is kept. What the old address had for errors and tests is forgotten. Raises Refused like
    `set_up_robot`, Conflict when `revision` is not the newest.
    """
    robot = held(robot, revision)
    facts = checked(RobotKind(robot.kind), {name: getattr(robot, name) for name in FACTS} | changes)
    old = {
        name: str(getattr(robot, name) or "")
        for name in FACTS
        if getattr(robot, name) != facts[name]
    }
    for name, value in facts.items():
        setattr(robot, name, value)
    is_readdressed = bool(address.strip() or secret.strip())
    if is_readdressed:
        readdress(robot, address, secret)
    if old or is_readdressed:
        change(robot, "change_robot", by=by, at=at, old=old, new_address=is_readdressed)
    return robot


def readdress(robot: Robot, address: str, secret: str) -> None:
    kept = address if address.strip() else target_of(robot).address
    target = read_target(kind=robot.kind, address=kept, secret=secret)
    robot.sealed, robot.hint = sealed(target), hint_of(target)
    robot.tested_at, robot.last_error = None, ""


@transaction.atomic
def switch_off_robot(
    *, robot: Robot, reason: str, by, at: datetime, revision: int | None = None
) -> Robot:
    """No more messages into this group; what was to be said there fails with the reason.

    Raises Refused without a reason and when it is off already, Conflict like `change_robot`.
    """
    robot = held(robot, revision)
    reason = reason.strip()
    if not reason:
        raise Refused(_("请写明停用的原因。"), code="reason", field="reason")
    if len(reason) > Robot._meta.get_field("switched_off_reason").max_length:
        raise Refused(_("原因太长，最多 300 个字。"), code="long", field="reason")
    if robot.is_off:
        raise Refused(_("这个机器人已经停用。"), code="already")
    robot.switched_off_at, robot.switched_off_reason = at, reason
    change(robot, "switch_off_robot", by=by, at=at, before="on", after="off", reason=reason)
    return robot


@transaction.atomic
def switch_on_robot(*, robot: Robot, by, at: datetime, revision: int | None = None) -> Robot:
    """It speaks again, from what is said from now on. Raises Refused when it is on."""
    robot = held(robot, revision)
    if not robot.is_off:
        raise Refused(_("这个机器人没有停用。"), code="already")
    robot.switched_off_at, robot.switched_off_reason, robot.last_error = None, "", ""
    change(robot, "switch_on_robot", by=by, at=at, before="off", after="on")
    return robot


def held(robot: Robot, revision: int | None = None) -> Robot:
    robot = Robot.objects.select_for_update().get(pk=robot.pk)
    if revision is not None and revision != robot.revision:
        raise Conflict(_("刚才有人改过这个机器人，请看过现在的内容再保存。"), robot)
    return robot


def change(robot: Robot, verb: str, *, by, at: datetime, **known) -> None:
    robot.revision += 1
    robot.save()
    record(on=robot, verb=verb, by=by, at=at, **known)


def checked(kind: RobotKind, facts: dict) -> dict:
    """The facts tidied; raises Refused with the field that is wrong."""
    facts = facts | {"name": " ".join(facts["name"].split())}
    if not facts["name"]:
        raise Refused(_("请给机器人起个名字。"), code="blank", field="name")
    if len(facts["name"]) > Robot._meta.get_field("name").max_length:
        raise Refused(_("名字太长，最多 60 个字。"), code="long", field="name")
    if facts["project"] and facts["region"]:
        raise Refused(_("项目和区域只能选一个。"), code="two_scopes", field="scope")
    if facts["region"] and not Project.objects.filter(region=facts["region"]).exists():
        raise Refused(_("没有这个区域。"), code="no_region", field="region")
    return facts | {"per_minute": checked_pace(kind, facts["per_minute"])}


def checked_pace(kind: RobotKind, per_minute: int | None) -> int:
    if per_minute is None:
        return kind.usual_per_minute
    if not 1 <= per_minute <= kind.most_per_minute:
        words = _("每分钟 1 到 %(most)d 条。") % {"most": kind.most_per_minute}
        raise Refused(words, code="pace", field="per_minute")
    return per_minute


def reseal_robots() -> tuple[int, list[str]]:
    """Seal all addresses with the newest key: how many were, and whose no key opens any more.

    Nothing about a robot changes by that, so nothing is on record.
    """
    resealed, lost = 0, []
    for robot in Robot.objects.all():
        try:
            reseal_robot(robot)
            resealed += 1
        except Refused:
            lost.append(robot.name)
    return resealed, lost


@transaction.atomic
def reseal_robot(robot: Robot) -> None:
    robot = held(robot)
    robot.sealed = reseal(robot.sealed)
    robot.save(update_fields=["sealed"])
