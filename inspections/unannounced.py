"""What somebody of the company may not learn of the project in which they hold a post as well:
visits that are not theirs to know of, and audit sheets that are not handed in.
"""

from collections.abc import Iterator

from inspections.models import AuditVisit, ScoreSheet
from organization.models import User


def kept_from(user: User) -> Iterator[tuple[type, list[int]]]:
    """What `visible_to` leaves out of the own projects (organization.closed.ROWS)."""
    if not user.project_ids:
        return
    for model in (AuditVisit, ScoreSheet):
        own = model.objects.filter(project__in=user.project_ids)
        shown = model.objects.visible_to(user).order_by()
        hidden = own.exclude(pk__in=shown.values("pk")).order_by("pk")
        yield model, list(hidden.values_list("pk", flat=True))


def untold_to(user: User) -> list[str]:
    """What others were told of the same visits, by its names (registry.UNTOLD_THINGS)."""
    found = (keys for model, keys in kept_from(user) if model is AuditVisit)
    return [f"audit_visit:{key}" for keys in found for key in keys]
