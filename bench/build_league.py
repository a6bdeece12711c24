"""What results are compared with and filtered by: a campaign before, own scores, managers."""

from datetime import timedelta
from decimal import Decimal

from bench.build import BATCH
from bench.build_work import add_self_scores
from campaign.models import Campaign
from campaign.setup import create_campaign
from organization.models import Post, Project, ProjectKind, User
from organization.roles import Role
from scoring.models import Standing

MOST = Decimal(100)


def add_league(campaign, at) -> None:
    add_kinds()
    add_managers()
    add_self_scores(campaign, at)
    add_own(campaign)
    add_earlier(campaign, at)


def add_kinds() -> None:
    """Six kinds, and areas up to 400,000 m²; one in forty has none on file."""
    projects = list(Project.objects.order_by("pk"))
    for number, project in enumerate(projects):
        project.kind = ProjectKind.values[number % len(ProjectKind.values)]
        project.area = number % 40 * Decimal(10_000) or None
    Project.objects.bulk_update(projects, ["kind", "area"], batch_size=500)


def add_managers() -> None:
    projects = Project.objects.order_by("pk").exclude(posts__role=Role.PROJECT_MANAGER)
    people = {f"m{number:05}": project for number, project in enumerate(projects)}
    made = User.objects.bulk_create(
        (User(username=name, name=name, password="!") for name in people),  # noqa: S106 none
        batch_size=BATCH,
    )
    Post.objects.bulk_create(
        (
            Post(user=person, role=Role.PROJECT_MANAGER, project=project)
            for person, project in zip(made, people.values(), strict=True)
        ),
        batch_size=BATCH,
    )


def add_own(campaign) -> None:
    """What scoring.results keeps beside a final composite, without its transactions."""
    standings = list(Standing.objects.filter(campaign=campaign).ranked())
    for standing in standings:
        standing.own = min(MOST, standing.composite + standing.pk % 90 / Decimal(10))
    Standing.objects.bulk_update(standings, ["own"], batch_size=500)


def add_earlier(campaign, at) -> None:
    """Nine of ten projects took part, each up to five points better or worse."""
    earlier = create_campaign(code="bench-before", year=at.year - 1, by="bench", at=at)
    before = at - timedelta(days=365)
    Campaign.objects.filter(pk=earlier.pk).update(
        approved_at=before, started_at=before, closed_at=before + timedelta(days=90)
    )
    Standing.objects.bulk_create(
        (
            Standing(
                campaign=earlier,
                project_id=standing.project_id,
                composite=min(MOST, standing.composite + Decimal(standing.pk % 101 - 50) / 10),
                provisional=False,
                scores=standing.scores,
                updated_at=before,
            )
            for standing in Standing.objects.filter(campaign=campaign).ranked()
            if standing.pk % 10
        ),
        batch_size=BATCH,
    )
