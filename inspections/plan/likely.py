"""Who has seen to something like this before: a hint beside a line that nobody has yet."""

from inspections.models import Finding
from inspections.plan.lines import staff_of
from organization.models import Project

LOOKED_BACK = 300  # findings; older ones say little about who sees to it today


class LikelyPeople:
    """By requirement first, else by specialty; only who still works in the project."""

    def __init__(self, project: Project):
        found = (
            Finding.objects.opened()
            .filter(project=project, responsible__in=staff_of(project))
            .order_by("-opened_at", "-position")
            .values_list("pk", "requirement", "specialty", "responsible__name")
        )
        self.facts = list(found[:LOOKED_BACK])

    def of(self, line: Finding) -> str:
        """The name, or nothing."""
        others = [fact for fact in self.facts if fact[0] not in (line.pk, line.amends_id)]
        wanted = ((1, line.requirement_id), (2, line.specialty_id))
        return next(
            (fact[3] for at, key in wanted if key for fact in others if fact[at] == key), ""
        )
