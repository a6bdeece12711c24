"""The company that is measured: the demo with things in every state, and its projects copied.

The things, the people and the addresses are those of tests/access, which walks every address by
docs/access.md: a page that is there is in that table, and so it is measured.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle, islice
from unittest import mock

from django.db import connection, transaction

from bench.build import ITEMS, sheet_of
from bench.build_evidence import write, write_standings
from bench.build_league import add_earlier, add_kinds
from bench.build_ledger import add_ledger
from bench.build_work import add_lessons, add_self_scores
from bench.scale.appeals import add_appeals
from bench.scale.copying import Copier
from campaign.models import Milestone, Obligation
from campaign.words import Scope
from inspections.auditor.counting import count_looks
from inspections.models import ScoreSheet
from organization.history_seals import seal_history
from organization.models import Project, User
from organization.statistics import renew_statistics
from scoring.models import Score, Standing
from scoring.results import count_again
from scoring.template import rubric_data
from tests.access.things import KINDS
from tests.access.world import World, told

OBLIGATIONS = 13  # a project
RECORDS = 50  # a project
REMINDERS = 50  # a project
OPEN = 50  # of so many projects one has its sheets open
BEGUN = "begun"  # a seal that `seal_sheet` makes anew


def build(projects: int, at, say=print) -> World:
    """A database with so many projects. Raises ValueError for fewer than the demo has."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -1000000")  # a gigabyte, else it writes pages twice
    with mock.patch("portal.demo.builder.rubric_data", wide):
        world = told(at)
    add_milestones(world)
    say("demo")
    world.things = {kind: make(world) for kind, make in KINDS.items()}
    sources = list(Project.objects.order_by("pk"))
    if projects < len(sources):
        raise ValueError(f"the demo has {len(sources)} projects already")
    with unchecked(), transaction.atomic():
        copies = Copier(sources).with_history(RECORDS).copy(projects - len(sources))
    say("copies")
    add_results(world, copies, at)
    say("results")
    with transaction.atomic():
        add_appeals(world, copies, at)
        add_lessons(world.campaign, at)
        add_kinds()
        add_earlier(world.campaign, at)
        add_ledger(world.campaign, at, REMINDERS * projects)
    say("appeals, lessons, ledger")
    seal_history(at=at)
    say("seals")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as it does by itself, sooner or later
    renew_statistics()
    return world


def wide(code: str) -> dict:
    """The shipped rubric's words and sections in 80 items of 1.25 points."""
    data = rubric_data(code)
    items = [
        item | {"code": item["code"] if first else f"{item['code']}-{number}", **terms(item)}
        for number, (first, item) in enumerate(islice(repeated(data["items"]), ITEMS))
    ]
    return data | {"items": items}


def repeated(items: list[dict]) -> Iterator[tuple[bool, dict]]:
    for turn, item in enumerate(cycle(items)):
        yield turn < len(items), item


def terms(item: dict) -> dict:
    lines = {
        name: list(islice(cycle(item[name]), max(4, len(item[name]))))
        for name in ("requirements_zh", "requirements_en")
    }
    return {"points": "1.25", "deduct": ["0.5", "1"], **lines}


def add_milestones(world: World) -> None:
    """What projects owe once more under other names, until it is thirteen a project."""
    owed = list(world.campaign.milestones.filter(scope=Scope.PROJECT).order_by("due", "pk"))
    for number, milestone in enumerate(islice(cycle(owed), OBLIGATIONS - len(owed))):
        duties = list(Obligation.objects.filter(milestone=milestone))
        again = Milestone.objects.get(pk=milestone.pk)
        again.pk, again.code = None, f"{milestone.code}-{number}"
        again.save(force_insert=True)
        for duty in duties:
            duty.pk, duty.milestone = None, again
        Obligation.objects.bulk_create(duties)


@contextmanager
def unchecked() -> Iterator[None]:
    """Copies lead to where their originals lead; looking up each key of millions takes as long
    again as writing them.
    """
    if connection.vendor != "postgresql":
        with connection.constraint_checks_disabled():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def add_results(world: World, copies: list[int], at) -> None:
    """A sheet a rubric for each copy with four deductions, and all that follows from them."""
    chance = random.Random(7)  # noqa: S311 sample data, not a secret
    center = User.objects.get(username="center")
    campaign, pks = world.campaign, iter(enumerate(copies))
    rubrics = list(campaign.rubrics.current().select_related("specialty"))
    while some := list(islice(pks, 100)):
        projects = Project.objects.in_bulk([pk for _number, pk in some])
        sheets = [
            new_sheet(campaign, projects[pk], rubric, chance, number, at)
            for number, pk in some
            for rubric in rubrics
        ]
        with transaction.atomic():
            ScoreSheet.objects.bulk_create(sheets)
            write(campaign, sheets, chance, center, at)
            Standing.objects.bulk_create(
                Standing(campaign=campaign, project=each, updated_at=at)
                for each in projects.values()
            )
    with transaction.atomic():
        add_self_scores(campaign, at, of=Score.objects.filter(project__in=world_copies(copies)))
        write_standings(campaign)
        count_again(campaign=campaign)
    while count_looks():
        pass


def new_sheet(campaign, project, rubric, chance, number: int, at) -> ScoreSheet:
    done = None if number % OPEN == 0 else at - timedelta(days=1, minutes=number)
    return sheet_of(campaign, project, rubric, chance, done, at)[0]


def world_copies(copies: list[int]):
    return Project.objects.filter(pk__gte=min(copies)).values("pk")
