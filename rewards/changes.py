"""What a correction changes, person by person, beside the settlement that it names. Reads only."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from organization.models import Project, User
from rewards.models import Settlement


@dataclass(frozen=True)
class Change:
    """Yuan for a person (None: the team) in a project, with lines added by hand: old and new."""

    project: Project
    person: User | None
    was: Decimal
    now: Decimal

    @property
    def difference(self) -> Decimal:
        return self.now - self.was


def changes(settlement: Settlement) -> list[Change]:
    """Everybody who gets something else than in the settlement that this one corrects.

    By the projects' codes; empty for one that corrects none. Six queries.
    """
    if not settlement.corrects_id:
        return []
    was, now = sums(settlement.corrects), sums(settlement)
    changed = [key for key in {**was, **now} if was[key] != now[key]]
    projects = Project.objects.in_bulk({project for project, _person in changed})
    people = User.objects.in_bulk({person for _project, person in changed if person})
    found = [
        Change(projects[project], people.get(person), was[project, person], now[project, person])
        for project, person in changed
    ]
    return sorted(found, key=lambda each: (each.project.code, each.person.pk if each.person else 0))


def sums(settlement: Settlement) -> defaultdict[tuple, Decimal]:
    """Yuan by the ids of project and person."""
    found: defaultdict[tuple, Decimal] = defaultdict(Decimal)
    for rows in (settlement.awards, settlement.adjustments.standing()):
        for project, person, amount in rows.order_by().values_list("project", "person", "amount"):
            found[project, person] += amount
    return found
