"""Which projects have been at work in a campaign, or were inspected (campaign.registry.TRACES)."""

from collections.abc import Collection, Iterable

from campaign.models import Campaign
from inspections.models import Finding, ImprovementPlan, ScoreSheet, Seat
from organization.models import Project


def traces(campaign: Campaign, projects: Collection[Project]) -> Iterable[int]:
    """Ids of those that have a plan, a finding or a score sheet, or whose people sat an exam."""
    for kept in (ImprovementPlan, Finding, ScoreSheet):
        rows = kept.objects.filter(campaign=campaign, project__in=projects)
        yield from rows.values_list("project_id", flat=True)
    sat = Seat.objects.filter(exam__campaign=campaign, project__in=projects).sat()
    yield from sat.values_list("project_id", flat=True)
