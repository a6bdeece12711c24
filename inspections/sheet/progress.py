"""How far a campaign's audit has come, specialty by specialty, in three queries."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, OuterRef

from campaign.models import Campaign, Participation
from campaign.numbers import number_of
from inspections.models import ScoreSheet
from organization.models import Specialty
from organization.prepared import prepared
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
    wanted = None if only is None else tuple(sorted(only))
    if projects is None:
        projects = campaign.participations.count()
    lacking = dict(lacked_in(campaign=campaign.pk))
    return [
        Progress(
            each,
            projects - lacking.get(each.pk, 0),
            each.untouched + each.begun + each.submitted,
            each.begun,
            each.submitted,
        )
        for each in counted_in(campaign=campaign.pk, kind=kind, only=wanted)
    ]


def counted(*, campaign, kind, only: tuple[int, ...] | None):
    """Specialties with how many sheets they have, each number along an index of its own: nearly
    all sheets are handed in, and one look at all of them takes three times as long.
    """
    found = Specialty.objects.filter(weight__campaign__pk=campaign).order_by("order", "code")
    if only is not None:
        found = found.filter(pk__in=only)
    sheets = ScoreSheet.objects.filter(
        campaign__pk=campaign, kind=kind, specialty__pk=OuterRef("pk")
    )
    unfinished = sheets.filter(submitted_at__isnull=True)
    return found.annotate(
        submitted=number_of(sheets.filter(submitted_at__isnull=False)),
        begun=number_of(unfinished.filter(looked_at__gt=0)),
        untouched=number_of(unfinished.filter(looked_at=0)),
    )


def lacks(*, campaign):
    """How many projects do not have a specialty, where there are any."""
    among = Participation.lacks.through.objects.filter(participation__campaign__pk=campaign)
    return among.order_by().values_list("specialty").annotate(number=Count("pk"))


counted_in = prepared(
    counted, {"campaign": Campaign._meta.pk, "kind": ScoreSheet._meta.get_field("kind")}
)
lacked_in = prepared(lacks, {"campaign": Campaign._meta.pk})
