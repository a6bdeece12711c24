"""A campaign in which a number of people have to be told of a number of things, made quickly."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from campaign.models import Campaign, Obligation, Participation, Phase, Robot
from campaign.models.channels import RobotKind
from campaign.models.reminders import Channel
from campaign.registry import page_of
from campaign.robots.setting_up import set_up_robot
from campaign.telling import News, tell_each
from organization.models import Post, Project, User
from organization.roles import Role
from tests import cast

# A Tuesday in the middle of a phase, two hours after the digest.
NOW = cast.moment(2011, 11, 15, 11)
BOTH = (Channel.INBOX, Channel.MAIL)
Due = tuple[int, str, str]
DAY = timedelta(days=1)
HAPPENING = "happening"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Stage:
    """`due` is everything that somebody has to be told: person, thing and channel.

    `robots` are known by their keys, `urls` lead to things.
    """

    campaign: Campaign
    people: list[User]
    zone: ZoneInfo
    robots: dict[str, Robot] = field(default_factory=dict)
    due: set[Due] = field(default_factory=set)
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def letters(self) -> int:
        """How many mails there will be: each person's digest, and the notices in another."""
        return len({(person, thing.startswith(HAPPENING)) for person, thing, _channel in self.due})

    def expect(self, person: User, thing: str, url: str) -> None:
        self.urls[url] = thing
        self.due |= {(person.pk, thing, channel) for channel in BOTH}


def make_stage(
    *,
    nudges: int,
    notices: int = 0,
    at: datetime = NOW,
    robots: int = 0,
    code: str = "c11",
    zone: ZoneInfo = SHANGHAI,
) -> Stage:
    """Two things are due for each person, today and tomorrow; every second notice is urgent.

    `nudges` and `notices` count what is due, in inboxes and by mail. The first projects have a
    robot each, where their nudges are said as well.
    """
    people = make_people(nudges // 4, code)
    campaign = cast.campaign(code, projects=[], at=at)
    # a phase that nothing is said of meanwhile
    Phase.objects.filter(campaign=campaign).update(start=at + 60 * DAY, end=at + 90 * DAY)
    stage = Stage(campaign, people, zone)
    projects = make_projects(people, campaign, code)
    give_robots(stage, projects[:robots], at=at)
    today = at.astimezone(stage.zone).date()
    for number, due in enumerate((today, today + DAY)):
        owe(stage, f"{code}-m{number}", projects, due)
    give_notice(stage, notices // 2, at=at)
    return stage


def make_people(number: int, code: str) -> list[User]:
    return User.objects.bulk_create(
        User(
            username=f"{code}-{n}",
            name=f"某人{n}",
            email=f"{code}-{n}@example.test",
            language="en" if n % 3 == 0 else "",
        )
        for n in range(number)
    )


def make_projects(people: list[User], campaign: Campaign, code: str) -> list[Project]:
    """One for each of them to lead."""
    projects = Project.objects.bulk_create(
        Project(code=f"{code}-{n}", name=f"项目{n}", region="高新") for n in range(len(people))
    )
    Post.objects.bulk_create(
        Post(user=person, role=Role.PROJECT_MANAGER, project=project)
        for person, project in zip(people, projects, strict=True)
    )
    Participation.objects.bulk_create(
        Participation(campaign=campaign, project=project) for project in projects
    )
    return projects


def give_robots(stage: Stage, projects: list[Project], *, at: datetime) -> None:
    for n, project in enumerate(projects):
        key = f"{stage.campaign.code}-key-of-robot-{n}"
        stage.robots[key] = set_up_robot(
            kind=RobotKind.WECOM,
            name=f"工作群{n}",
            address=f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={key}",
            project=project,
            by="command",
            at=at,
        )


def owe(stage: Stage, code: str, projects: list[Project], due: date) -> None:
    milestone = cast.milestone(stage.campaign, code, due=due)
    made = Obligation.objects.bulk_create(
        Obligation(campaign=stage.campaign, milestone=milestone, project=project, due=due)
        for project in projects
    )
    channels = {robot.project_id: robot.channel for robot in stage.robots.values()}
    for person, obligation in zip(stage.people, made, strict=True):
        stage.expect(person, obligation.thing, page_of(obligation))
        if obligation.project_id in channels:
            stage.due.add((person.pk, obligation.thing, channels[obligation.project_id]))


def give_notice(stage: Stage, number: int, *, at: datetime) -> None:
    """Something happened; its notice stands in the inbox at once, and a mail is wanted."""
    people = [stage.people[n % len(stage.people)] for n in range(number)]
    news = [
        News(
            people=[person],
            campaign=stage.campaign,
            thing=f"{HAPPENING}:{n}",
            occurrence="happened",
            title=f"某事{n}",
            url=f"/happened/{n}/",
            urgent=n % 2 == 0,
        )
        for n, person in enumerate(people)
    ]
    tell_each(news, at=at)
    for each in news:
        stage.expect(each.people[0], each.thing, each.url)
