"""How far a campaign's audit has come, specialty by specialty, in four queries."""

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


def progress(campaign: Campaign, kind: str = ScoreKind.AUDIT) -> list[Progress]:
    """Every specialty that weighs in the campaign, in order; of the audit or of self-checks."""
    projects = campaign.participations.count()
    lacking = counts(Participation.lacks.through, "participation__campaign", campaign)
    sheets = {row.pop("specialty"): row for row in sheet_counts(campaign, kind)}
    return [
        Progress(each, projects - lacking.get(each.pk, 0), **sheets.get(each.pk, {}))
        for each in audited_specialties(campaign)
    ]


def audited_specialties(campaign: Campaign):
    return Specialty.objects.filter(weight__campaign=campaign).order_by("order", "code")


def counts(model, of: str, campaign: Campaign) -> dict[int, int]:
    rows = model.objects.filter(**{of: campaign}).values_list("specialty").annotate(n=Count("pk"))
    return dict(rows.order_by())


def sheet_counts(campaign: Campaign, kind: str):
    open_yet = Q(submitted_at__isnull=True)
    sheets = ScoreSheet.objects.filter(campaign=campaign, kind=kind).order_by()
    return sheets.values("specialty").annotate(
        opened=Count("pk"),
        begun=Count("pk", filter=open_yet & Q(looked_at__gt=0)),
        submitted=Count("pk", filter=~open_yet),
    )
