"""Score sheets as auditors would have left them, entered through the product's own functions."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from inspections.models import ScoreSheet
from inspections.sheet.entries import Entry
from inspections.sheet.observations import confirm, observe, observe_many
from inspections.sheet.sheets import open_sheet, submit_sheet
from inspections.words import Method, ObservationKind
from scoring.models import Item
from tests.e2e.world import World
from tests.uploads import picture


def opened(world: World, project: str, specialty: str, *, at: datetime) -> ScoreSheet:
    return open_sheet(
        campaign=world.campaign,
        project=world.projects[project],
        specialty=world.lines[specialty],
        by=world.people["auditor"],
        at=at,
    )


def finish(world: World, sheet: ScoreSheet, *, at: datetime) -> ScoreSheet:
    """The rest conforms; handed in."""
    items = sheet.rubric.items.all()
    confirm(sheet=sheet, items=items, by=world.people["auditor"], at=at)
    submit_sheet(sheet=sheet, by=world.people["auditor"], at=at)
    return sheet


def lose(world: World, sheet: ScoreSheet, items: int, *, at: datetime) -> None:
    """Nothing of the first items was in order."""
    entries = [missing(requirement) for item in first(sheet, items) for requirement in item]
    observe_many(sheet=sheet, entries=entries, by=world.people["auditor"], at=at)


def first(sheet: ScoreSheet, items: int) -> Iterable[list]:
    for item in sheet.rubric.items.order_by("order")[:items]:
        yield list(item.requirements.all())


def missing(requirement) -> Entry:
    return Entry(
        ObservationKind.MISSING,
        requirement.item,
        requirement=requirement,
        points=requirement.item.deduct_max,
        method=Method.OPEN,
    )


def pictured(world: World, sheet: ScoreSheet, code: str, points: str, note: str, *, at: datetime):
    """The first requirement of an item is missing, and a picture shows it."""
    item: Item = sheet.rubric.items.get(code=code)
    return observe(
        sheet=sheet,
        id=uuid4(),
        item=item,
        requirement=item.requirements.first(),
        points=Decimal(points),
        method=Method.COVERT,
        note=note,
        photos=[picture("操作间.jpg", size=(800, 600))],
        by=world.people["auditor"],
        at=at,
    )


def inspected(world: World) -> None:
    """P01 is excellent but for one deduction, P02 fails, P03 is not finished."""
    world.publish_rubrics()
    at = world.at(11, 27)
    for specialty in world.lines:
        sheet = opened(world, "P01", specialty, at=at)
        if specialty == "customer_service":
            pictured(world, sheet, "CS01", "1", "操作间没有张贴制度", at=at)
        finish(world, sheet, at=at)
        sheet = opened(world, "P02", specialty, at=at)
        lose(world, sheet, 6, at=at)
        finish(world, sheet, at=at)
    finish(world, opened(world, "P03", "customer_service", at=at), at=at)
    opened(world, "P03", "facilities", at=at)
