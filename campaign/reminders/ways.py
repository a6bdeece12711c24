"""Over which channels people are reached, as rows of SQL.

`person`, `channel`, `robot`, and `project`: of which project's things alone that way tells; empty
of all.
"""

from collections.abc import Iterator

from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from campaign.models import Robot
from campaign.models.reminders import Channel
from campaign.owed import AsText
from organization.models import Post, User
from organization.roles import COMPANY_ROLES

WAY = ("person", "channel", "robot", "project")
NOBODY = Cast(Value(None), BigIntegerField())


def ways() -> list[QuerySet]:
    """The inbox for everybody, mail for who has an address and takes it, the groups' robots.

    Two queries, for which robots there are.
    """
    return [inbox(), mail(), *robots()]


def inbox() -> QuerySet:
    return to_people(User.objects.filter(is_active=True), Channel.INBOX)


def mail() -> QuerySet:
    people = User.objects.filter(is_active=True).exclude(email="")
    return to_people(people.exclude(channel_choice__mail=False), Channel.MAIL)


def to_people(people: QuerySet[User], channel: str) -> QuerySet:
    rows = people.order_by().annotate(
        person=F("pk"), channel=Value(channel), robot=NOBODY, project=NOBODY
    )
    return rows.values(*WAY)


def robots() -> Iterator[QuerySet]:
    """Who works in a robot's project or region, or for the company's at company level.

    A group is told of the things of its own projects, not of what its people do elsewhere.
    """
    active = Robot.objects.active()
    posts = Post.objects.current().filter(user__is_active=True)
    posts = posts.exclude(user__channel_choice__robots=False).order_by()
    if active.filter(project__isnull=False).exists():
        robot = "project__robots"
        mine = posts.filter(project__robots__in=active)
        channel = Concat(Value("robot-"), AsText(F(robot)), output_field=CharField())
        yield as_way(mine, channel, F(robot))
    for each in active.filter(project=None):
        here = {"project__region": each.region} if each.region else {"role__in": COMPANY_ROLES}
        yield as_way(posts.filter(**here), Value(each.channel), Value(each.pk))


def as_way(posts: QuerySet[Post], channel, robot) -> QuerySet:
    rows = posts.annotate(person=F("user"), channel=channel, robot=robot)
    return rows.values(*WAY)
