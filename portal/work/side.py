"""Beside the work: how far one's projects are, and how far the whole campaign is."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from campaign.models import Campaign, Obligation, Phase
from inspections.models import Finding
from organization.clock import local_day
from organization.models import Project, User
from scoring.models import Standing

INSPECTION = "inspect"  # the plan's phase that everybody works towards
MOST_PROJECTS = 3


@dataclass(frozen=True)
class Share:
    """Done of all, and how many of the rest are overdue."""

    done: int = 0
    total: int = 0
    late: int = 0


@dataclass(frozen=True)
class ProjectProgress:
    project: Project
    obligations: Share
    findings: Share


def own_projects(person: User, campaign: Campaign | None, *, at: datetime):
    """How far this person's projects are in a campaign; two queries for all of them."""
    projects = {post.project_id: post.project for post in person.current_posts if post.project_id}
    if not projects or not campaign or not campaign.started_at:
        return []
    today = local_day(at)
    shown = dict(list(projects.items())[:MOST_PROJECTS])
    owed = shares(
        Obligation.objects.filter(campaign=campaign, project__in=shown),
        done=Q(accepted_at__isnull=False),
        late=Q(accepted_at=None, submitted_at=None, due__lt=today),
    )
    found = shares(
        Finding.objects.opened().filter(campaign=campaign, project__in=shown),
        done=Q(verified_at__isnull=False),
        late=Q(verified_at=None, rectified_at=None, due__lt=today),
    )
    return [
        ProjectProgress(project, owed.get(pk, Share()), found.get(pk, Share()))
        for pk, project in shown.items()
    ]


def shares(things, *, done: Q, late: Q) -> dict[int, Share]:
    counted = (
        things.order_by()
        .values("project")
        .annotate(
            done=Count("pk", filter=done),
            total=Count("pk"),
            late=Count("pk", filter=late),
        )
    )
    return {row.pop("project"): Share(**row) for row in counted}


def ranked(person: User, campaign: Campaign | None) -> Share | None:
    """For company roles: how many projects have their final result."""
    if not person.sees_company or not campaign or not campaign.started_at:
        return None
    final = Q(provisional=False, composite__isnull=False)
    counted = Standing.objects.filter(campaign=campaign).aggregate(
        done=Count("pk", filter=final), total=Count("pk")
    )
    return Share(**counted)


@dataclass(frozen=True)
class Until:
    """The inspection, and the days until it begins."""

    start: date
    days: int


def until_inspection(campaign: Campaign | None, *, at: datetime) -> Until | None:
    if not campaign or not campaign.started_at:
        return None
    phase = Phase.objects.filter(campaign=campaign, code=INSPECTION).first()
    days = (phase.start - local_day(at)).days if phase else 0
    return Until(phase.start, days) if days > 0 else None
