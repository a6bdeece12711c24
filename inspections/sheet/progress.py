"""How far a campaign's audit has come, specialty by specialty, in four queries."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from campaign.models import Campaign, Participation
from inspections.models import ScoreSheet
from organization.models import Specialty
from scoring.models.results import ScoreKind


@dataclass(frozen=True, slots=True)
class Progress:
    """One specialty's sheets: `total` are the projects that have the specialty."""

    specialty: Specialty
    total: int
    opened: int = 0
    begun: int = 0
    submitted: int = 0

    @property
    def unopened(self) -> int:
        return max(self.total - self.opened, 0)

    @property
    def not_started(self) -> int:
        """No sheet yet, or one on which nothing was looked at."""
        return max(self.total - self.begun - self.submitted, 0)


def progress(
    campaign: Campaign,
    kind: str = ScoreKind.AUDIT,
    *,
    only: Collection[int] | None = None,
    projects: int | None = None,
) -> list[Progress]:
    """Every specialty that weighs in the campaign, in order; of the audit or of self-checks.

    `only` are ids of specialties, where the others are of no interest; `projects` is how many take
    part, where that is known.
    """
    specialties, sheets = audited_specialties(campaign), sheet_counts(campaign, kind)
    lacks = Participation.lacks.through.objects.filter(participation__campaign=campaign)
    if only is not None:
        specialties = specialties.filter(pk__in=only)
        sheets, lacks = (found.filter(specialty__in=only) for found in (sheets, lacks))
    if projects is None:
        projects = campaign.participations.count()
    lacking = dict(lacks.order_by().values_list("specialty").annotate(Count("pk")))
    begun = {row.pop("specialty"): row for row in sheets}
    return [
        Progress(each, projects - lacking.get(each.pk, 0), **begun.get(each.pk, {}))
        for each in specialties
    ]


def audited_specialties(campaign: Campaign):
    return Specialty.objects.filter(weight__campaign=campaign).order_by("order", "code")


def sheet_counts(campaign: Campaign, kind: str):
    sheets = ScoreSheet.objects.filter(campaign=campaign, kind=kind).order_by()
    return sheets.values("specialty").annotate(
        opened=Count("*"),
        begun=Count("specialty", filter=Q(submitted_at__isnull=True, looked_at__gt=0)),
        submitted=Count("submitted_at"),
    )
