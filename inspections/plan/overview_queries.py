"""What the list of plans asks of the projects on a page, put into SQL once; of all projects at
once, for the file, the same querysets are asked as they are.
"""

from collections.abc import Callable, Iterable

from django.db.models import Count, Q

from campaign.models import Campaign, Milestone, Obligation, Participation
from inspections.models import Finding, ImprovementPlan, PlanRevision
from organization.models import Project
from organization.prepared import prepared

PAGE_SIZE = 25
COMPLETE = Q(specialty__isnull=False, responsible__isnull=False, due__isnull=False) & ~(
    Q(problem="") | Q(measure="") | Q(source="")
)
FILED, SUBMITTED = Q(filed_at__isnull=False), Q(submitted_at__isnull=False)


def counted_in(plans):
    """One row: of these plans those that wait, are submitted, returned, filed, being revised."""
    drafts = PlanRevision.objects.under_way().values("plan")
    counted = plans.annotate(
        waiting=Count("pk", filter=SUBMITTED & ~FILED),
        submitted=Count("pk", filter=SUBMITTED),
        returned=Count("pk", filter=Q(returned_at__isnull=False) & ~SUBMITTED),
        filed=Count("pk", filter=FILED),
        revising=Count("pk", filter=Q(pk__in=drafts)),
    )
    return counted.values_list(*COUNTS)


def count_in(*, campaign):
    plans = ImprovementPlan.objects.filter(campaign__pk=campaign).order_by()
    return counted_in(plans.values("campaign"))


COUNTS = ("waiting", "submitted", "returned", "filed", "revising")


def entered_in(*, campaign):
    entered = Participation.objects.filter(campaign__pk=campaign).order_by().values("campaign")
    return entered.annotate(number=Count("pk")).values_list("number")


def plans_in(*, campaign, projects):
    found = ImprovementPlan.objects.filter(campaign__pk=campaign, project__pk__in=projects)
    return found.order_by()


def owed_in(*, milestone, projects):
    found = Obligation.objects.filter(milestone__pk=milestone, project__pk__in=projects)
    return found.order_by()


def drafts_in(*, campaign, projects):
    about = {"plan__campaign__pk": campaign, "plan__project__pk__in": projects}
    return PlanRevision.objects.under_way().filter(**about)


def tally_in(*, campaign, projects, start, end):
    """By project: the lines of its plan, those with all six fields, those verified, and those due
    outside these days.
    """
    lines = Finding.objects.filter(
        campaign__pk=campaign, project__pk__in=projects, plan__isnull=False
    )
    counted = lines.filter(withdrawn_at__isnull=True).order_by().values("project")
    return counted.annotate(
        lines=Count("pk"),
        complete=Count("pk", filter=COMPLETE),
        verified=Count("pk", filter=Q(verified_at__isnull=False)),
        outside=Count("pk", filter=Q(due__lt=start) | Q(due__gt=end)),
    ).values_list("project", *TALLY)


TALLY = ("lines", "complete", "verified", "outside")
CAMPAIGN, DAY = {"campaign": Campaign._meta.pk}, Finding._meta.get_field("due")
PLACES = CAMPAIGN | {"projects": Project._meta.pk}
ON_A_PAGE = {
    plans_in: prepared(plans_in, PLACES),
    owed_in: prepared(owed_in, {"milestone": Milestone._meta.pk, "projects": Project._meta.pk}),
    drafts_in: prepared(drafts_in, PLACES),
    tally_in: prepared(tally_in, PLACES | {"start": DAY, "end": DAY}),
}
counts_of, entered_of = prepared(count_in, CAMPAIGN), prepared(entered_in, CAMPAIGN)


def rows_in(make: Callable, *, projects: list[int], **about) -> Iterable:
    """Rows of one of the above."""
    ask = ON_A_PAGE[make] if len(projects) <= PAGE_SIZE else make
    return ask(projects=projects, **about)
