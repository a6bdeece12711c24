"""Standings follow who takes part and with what (campaign.registry)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from campaign.models import Campaign
from organization.models import Project
from scoring.models import Score, Standing
from scoring.opening import require_open_results
from scoring.results import refresh_standing


def drop_standings(campaign: Campaign, projects: Sequence[Project], at: datetime) -> None:
    """Before projects leave (ON_PROJECTS_LEAVE)."""
    require_open_results(campaign)
    Standing.objects.filter(campaign=campaign, project__in=projects).delete()


def scored(campaign: Campaign, projects: Collection[Project]) -> Iterable[int]:
    """Those with a score may not leave (TRACES)."""
    scores = Score.objects.filter(campaign=campaign, project__in=projects)
    return scores.values_list("project_id", flat=True)


def lacks_changed(campaign: Campaign, project: Project, at: datetime) -> None:
    """A specialty less or more moves the weights of the others (ON_LACKS_CHANGED, ruling 5)."""
    refresh_standing(campaign=campaign, project=project, at=at)
