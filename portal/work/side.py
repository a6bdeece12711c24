"""Beside the work: how far one's projects are, and how far the whole campaign is."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db.models import Count, Q, QuerySet

from campaign.models import Campaign, Obligation
from inspections.models import Finding
from inspections.sheet.due_sheets import INSPECTION
from organization.clock import local_day
from organization.models import Project, User
from organization.roles import PROJECT_LEADERS, Role
from portal.work import Work
from scoring.models import Standing

MOST_PROJECTS = 3
READERS = (Role.PRESIDENT, Role.EXECUTIVE, Role.SPECIALTY_LEAD, Role.ADMINISTRATOR)


@dataclass
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


def own_projects(work: Work) -> list[ProjectProgress]:
    """How far the projects are that this person has a post in.

    Who leads one has all of its obligations and findings in the own work already; for others
    they are counted, in two queries.
    """
    person = work.person
    projects = {post.project_id: post.project for post in person.current_posts if post.project_id}
    shown = dict(islice(projects.items(), MOST_PROJECTS))
    owed, found = obligation_shares(work), finding_shares(work)
    others = [pk for pk in shown if not leads(person, pk)]
    if others:
        owed |= counted_obligations(others, work)
        found |= counted_findings(others, work)
    return [
        ProjectProgress(project, owed.get(pk, Share()), found.get(pk, Share()))
        for pk, project in shown.items()
    ]


def leads(person: User, project: int) -> bool:
    return any(post.role in PROJECT_LEADERS for post in person.posts_in(project))


def obligation_shares(work: Work) -> dict[int, Share]:
    shares: dict[int, Share] = {}
    for each in work.obligations:
        share = shares.setdefault(each.project_id, Share())
        share.total += 1
        share.done += bool(each.accepted_at)
        share.late += each.is_open and each.due < work.today
    return shares


def finding_shares(work: Work) -> dict[int, Share]:
    return {
        project: Share(done=counts["done"], total=counts.total(), late=counts["overdue"])
        for project, counts in work.findings_by_project.items()
    }


def counted_obligations(projects: list[int], work: Work) -> dict[int, Share]:
    owed = Obligation.objects.filter(project__in=projects)
    late = Count("pk", filter=Q(accepted_at=None, submitted_at=None, due__lt=work.today))
    return counted(owed, work, done=Count("accepted_at"), late=late)


def counted_findings(projects: list[int], work: Work) -> dict[int, Share]:
    found = Finding.objects.opened().filter(project__in=projects)
    late = Count("pk", filter=Q(verified_at=None, rectified_at=None, due__lt=work.today))
    return counted(found, work, done=Count("verified_at"), late=late)


def counted(things: QuerySet, work: Work, **counts: Count) -> dict[int, Share]:
    """Of running campaigns, by project."""
    rows = things.order_by().values("campaign", "project").annotate(total=Count("pk"), **counts)
    shares: dict[int, Share] = {}
    for row in rows:
        if row["campaign"] in work.campaigns.running:
            share = shares.setdefault(row["project"], Share())
            share.done += row["done"]
            share.total += row["total"]
            share.late += row["late"]
    return shares


def ranked(person: User, campaign: Campaign | None) -> Share | None:
    """For those who look at results: how many projects have their final one."""
    if not person.has_role(*READERS) or not campaign or not campaign.started_at:
        return None
    standings = Standing.objects.filter(campaign=campaign)
    # each from an index alone; both in one query would go through all the standings
    return Share(done=standings.ranked().count(), total=standings.count())


@dataclass(frozen=True)
class Until:
    """The inspection, and the days until it begins."""

    start: date
    days: int


def until_inspection(campaign: Campaign | None, *, at: datetime) -> Until | None:
    """Nothing once it has begun."""
    if not campaign or not campaign.started_at:
        return None
    phase = campaign.phase_called(INSPECTION)
    days = (phase.start - local_day(at)).days if phase else 0
    return Until(phase.start, days) if days > 0 else None
