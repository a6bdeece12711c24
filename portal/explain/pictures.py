"""Who sees the pictures behind an amount besides those who see the project."""

from inspections.models import Observation
from organization.models import StoredFile, User
from rewards.own_lines import has_line
from scoring.models.results import ScoreKind


def may_see_picture(user: User, stored: StoredFile) -> bool:
    """A picture of an inspection that was handed in, for who is paid or fined for it and has left
    the project since.
    """
    seen = Observation.objects.filter(
        photos__file=stored, sheet__kind=ScoreKind.AUDIT, sheet__submitted_at__isnull=False
    )
    places = seen.order_by().values_list("sheet__campaign", "sheet__project").distinct()
    return any(has_line(user, campaign=campaign, project=project) for campaign, project in places)
