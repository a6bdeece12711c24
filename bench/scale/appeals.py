"""One project in ten contests a deduction; half of the appeals are decided, all were kept."""

from collections.abc import Sequence
from datetime import timedelta

from inspections.models import Appeal, Observation
from inspections.words import Outcome
from organization.models import Post, User
from organization.roles import Role
from tests.access.world import World

EVERY = 10


def add_appeals(world: World, copies: Sequence[int], at) -> None:
    first, last = min(copies), max(copies)
    center = User.objects.get(username="center")
    managers = dict(
        Post.objects.of(Role.PROJECT_MANAGER)
        .filter(project__pk__range=(first, last))
        .values_list("project", "user")
    )
    seen = Observation.objects.filter(
        sheet__submitted_at__isnull=False, sheet__project__pk__range=(first, last)
    )
    seen = seen.select_related("sheet").order_by("sheet__project", "sheet", "place")
    contested = {each.sheet.project_id: each for each in seen.iterator() if chosen(each)}
    made = Appeal.objects.bulk_create(
        [
            appeal_of(number, each, managers[project], center, at)
            for number, (project, each) in enumerate(contested.items())
        ],
        batch_size=500,
    )
    through = Appeal.contested.through
    through.objects.bulk_create(
        (
            through(appeal=appeal, observation=each)
            for appeal, each in zip(made, contested.values(), strict=True)
        ),
        batch_size=500,
    )


def chosen(seen: Observation) -> bool:
    return seen.sheet.project_id % EVERY == 0


def appeal_of(number: int, seen: Observation, manager: int, center: User, at) -> Appeal:
    decided = {
        "outcome": Outcome.KEPT,
        "points": seen.points,
        "decision": "照片为证，维持。",
        "decided_at": at,
        "decided_by": center,
    }
    return Appeal(
        sheet=seen.sheet,
        item_id=seen.item_id,
        requirement_id=seen.requirement_id,
        stood=seen.points,
        reason="当天有记录，请再看。",
        due=(at + timedelta(days=1)).date(),
        made_at=at - timedelta(minutes=number),
        made_by_id=manager,
        **(decided if number % 2 else {}),
    )
