"""A campaign in which many people are to be reminded of several things on one day."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from campaign.models import Campaign, Milestone, Obligation, Participation, Phase
from organization.models import Post, Project, User
from organization.roles import Role

BATCH = 2000
DAY = date(2026, 3, 10)
# Days until each of the plan's 13 milestones is due: two late, one today, two soon, the rest far.
DUE_IN = (-3, -1, 0, 1, 3, 20, 25, 30, 35, 40, 45, 50, 55)


def build(projects: int) -> datetime:
    """Fills the database; returns the moment at which all of this is to be said."""
    at = timezone.make_aware(datetime.combine(DAY, time(10)))
    before = at - timedelta(days=30)
    campaign = Campaign.objects.create(
        code="mails", title="品质提升专项工作", year=2026, created_at=before, submitted_at=before,
        approved_at=before, started_at=before,
    )  # fmt: skip
    phase = Phase.objects.create(
        campaign=campaign, code="work", name="自查自纠", order=1,
        start=DAY - timedelta(days=20), end=DAY + timedelta(days=60),
    )  # fmt: skip
    milestones = [
        Milestone.objects.create(
            campaign=campaign, phase=phase, code=f"m{number}", scope="project",
            title=f"组织各专业学习岗位职责和操作规程之{number}", due=DAY + timedelta(days=days),
            owner=Role.PROJECT_MANAGER, evidence=[],
        )
        for number, days in enumerate(DUE_IN)
    ]  # fmt: skip
    write_obligations(campaign, milestones, write_projects(campaign, projects))
    return at


def write_projects(campaign: Campaign, count: int) -> list[Project]:
    """Each with a manager who has an address; every tenth reads English."""
    projects = Project.objects.bulk_create(
        (Project(code=f"B{n:05}", name=f"项目{n:05}", region=f"{n % 8}区") for n in range(count)),
        batch_size=BATCH,
    )
    Participation.objects.bulk_create(
        (Participation(campaign=campaign, project=project) for project in projects),
        batch_size=BATCH,
    )
    people = User.objects.bulk_create(
        (
            User(
                username=f"u{n:05}",
                name=f"经理{n:05}",
                email=f"u{n:05}@example.test",
                language="" if n % 10 else "en",
            )
            for n in range(count)
        ),
        batch_size=BATCH,
    )
    Post.objects.bulk_create(
        (
            Post(user=person, role=Role.PROJECT_MANAGER, project=project)
            for person, project in zip(people, projects, strict=True)
        ),
        batch_size=BATCH,
    )
    return projects


def write_obligations(campaign, milestones, projects) -> None:
    Obligation.objects.bulk_create(
        (
            Obligation(campaign=campaign, milestone=milestone, project=project, due=milestone.due)
            for milestone in milestones
            for project in projects
        ),
        batch_size=BATCH,
    )
