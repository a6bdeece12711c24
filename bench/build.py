"""Campaigns of any size, written in bulk: what a real one of that size would hold."""

import random
from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from campaign.models import Campaign, Obligation, Participation
from campaign.setup import create_campaign
from campaign.words import Scope
from inspections.models import Finding, ScoreSheet
from organization.models import Post, Project, Specialty, User
from organization.roles import Role
from scoring import engine
from scoring.models import Item, Requirement, Rubric, Score, Section, Standing

ITEMS = 80
BATCH = 2000


def build(projects: int, *, seed: int = 7) -> Campaign:
    """One campaign in its inspection phase; every sheet but the first project's is submitted.

    Returns the campaign. People: `center` (auditor), `pm` (manager of the first project), one
    of each other role called by it, and an employee in every project.
    """
    chance = random.Random(seed)  # noqa: S311 sample data, not a secret
    at = timezone.now()
    campaign = create_campaign(code="bench", year=at.year, by="bench", at=at)
    Campaign.objects.filter(pk=campaign.pk).update(
        approved_at=at - timedelta(days=60), started_at=at - timedelta(days=60)
    )
    made = write_projects(campaign, projects)
    write_people(made)
    rubrics = [write_rubric(campaign, line, at) for line in Specialty.objects.all()]
    write_obligations(campaign, made, at)
    write_findings(campaign, made, at)
    write_scores(campaign, made, rubrics, chance, at)
    return campaign


def write_projects(campaign, count) -> list[Project]:
    made = Project.objects.bulk_create(
        (Project(code=f"B{n:05}", name=f"项目{n:05}", region=f"{n % 8}区") for n in range(count)),
        batch_size=BATCH,
    )
    Participation.objects.bulk_create(
        (Participation(campaign=campaign, project=project) for project in made), batch_size=BATCH
    )
    return made


def write_people(projects) -> None:
    first, line = projects[0], Specialty.objects.first()
    posts = {
        "center": Post(role=Role.MANAGEMENT_CENTER),
        "pm": Post(role=Role.PROJECT_MANAGER, project=first),
        Role.DEPUTY_PROJECT_MANAGER: Post(
            role=Role.DEPUTY_PROJECT_MANAGER, project=first, specialty=line
        ),
        Role.DEPARTMENT_HEAD: Post(role=Role.DEPARTMENT_HEAD, project=first, department="工程部"),
        Role.SPECIALTY_LEAD: Post(role=Role.SPECIALTY_LEAD, specialty=line),
        **{role: Post(role=role) for role in (Role.PRESIDENT, Role.EXECUTIVE, Role.ADMINISTRATOR)},
        **{f"u{n:05}": Post(role=Role.EMPLOYEE, project=each) for n, each in enumerate(projects)},
    }
    password = make_password("bench")
    people = User.objects.bulk_create(
        (User(username=name, name=name, password=password) for name in posts), batch_size=BATCH
    )
    for person, post in zip(people, posts.values(), strict=True):
        post.user = person
    Post.objects.bulk_create(posts.values(), batch_size=BATCH)


def write_rubric(campaign, specialty, at) -> Rubric:
    """80 items of 1.25 points with four requirements each."""
    rubric = Rubric.objects.create(
        campaign=campaign,
        specialty=specialty,
        name=f"{specialty.code}",
        created_at=at,
        published_at=at,
    )
    section = Section.objects.create(rubric=rubric, code="s", name="全部")
    items = Item.objects.bulk_create(
        Item(
            rubric=rubric,
            section=section,
            code=f"I{n:02}",
            name=f"项目{n}",
            order=n,
            points=Decimal("1.25"),
            deduct_min=Decimal("0.5"),
            deduct_max=Decimal(1),
        )
        for n in range(ITEMS)
    )
    Requirement.objects.bulk_create(
        Requirement(item=item, number=k, text=f"要求{k}") for item in items for k in range(1, 5)
    )
    return rubric


def write_obligations(campaign, projects, at) -> None:
    owed = [
        Obligation(
            campaign=campaign,
            milestone=milestone,
            project=project,
            due=milestone.due,
            submitted_at=at,
            accepted_at=at if project.pk % 3 else None,
        )
        for milestone in campaign.milestones.filter(scope=Scope.PROJECT)
        for project in projects
    ]
    Obligation.objects.bulk_create(owed, batch_size=BATCH)
    open_ones = [o for o in owed if o.project_id == projects[0].pk]
    for obligation in open_ones:
        obligation.submitted_at = obligation.accepted_at = None
    Obligation.objects.bulk_update(open_ones, ["submitted_at", "accepted_at"])


def write_findings(campaign, projects, at) -> None:
    Finding.objects.bulk_create(
        (
            Finding(
                campaign=campaign,
                project=project,
                problem=f"问题{n}",
                source="leftover",
                due=at.date() + timedelta(days=n),
                created_at=at,
                opened_at=at,
            )
            for project in projects
            for n in range(3)
        ),
        batch_size=BATCH,
    )


def write_scores(campaign, projects, rubrics, chance, at) -> None:
    """Sheets, scores and standings; the first project's sheets stay open, so one can be filled."""
    percents = dict(campaign.weights.values_list("specialty_id", "percent"))
    sheets, scores, standings = [], [], []
    for project in projects:
        done = None if project is projects[0] else at - timedelta(days=5)
        parts = [sheet_of(campaign, project, rubric, chance, done, at) for rubric in rubrics]
        sheets += [sheet for sheet, _ in parts]
        scores += [score for _, score in parts if done]
        standings.append(standing_of(project, [s for _, s in parts if done], percents, at))
    ScoreSheet.objects.bulk_create(sheets, batch_size=BATCH)
    Score.objects.bulk_create(scores, batch_size=BATCH)
    Standing.objects.filter(campaign=campaign).delete()
    for standing in standings:
        standing.campaign = campaign
    Standing.objects.bulk_create(standings, batch_size=BATCH)


def sheet_of(campaign, project, rubric, chance, done, at) -> tuple[ScoreSheet, Score]:
    about = {
        "campaign": campaign,
        "project": project,
        "rubric": rubric,
        "specialty": rubric.specialty,
    }
    kept = 100 - Decimal(chance.randrange(0, 300)) / 10
    sheet = ScoreSheet(**about, opened_at=at, submitted_at=done, item_count=ITEMS)
    score = Score(
        **about, kept=kept, possible=100, finished_at=done, objections_until=done, updated_at=at
    )
    return sheet, score


def standing_of(project, scores, percents, at) -> Standing:
    """What scoring.results would have written, without its forty thousand transactions."""
    parts = [
        engine.Part(s.specialty.code, percents[s.specialty_id], s.kept, s.possible) for s in scores
    ]
    shown = {score.specialty.code: f"{score.kept:.2f}" for score in scores}
    return Standing(
        project=project,
        composite=engine.composite(parts).value if parts else None,
        provisional=not parts,
        scores=shown,
        updated_at=at,
    )
