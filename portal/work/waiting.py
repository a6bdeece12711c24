"""How much of each kind waits for a reviewer, by campaign, and since when; put into SQL once."""

from django.db.models import Count, F, FilteredRelation, Min, Q, QuerySet, Value

from campaign.models import Campaign, Milestone, Obligation
from inspections.models import Extension, Finding, PolicyVersion
from organization.models import Project, Specialty, User
from organization.prepared import prepared
from portal.queues import plans_of_others, revisions_of_others
from rewards.models import Settlement


def counts(waiting: QuerySet, by: str, since: str) -> QuerySet:
    """How many wait of each, and since when the first of them."""
    counted = waiting.order_by().values(by).annotate(number=Count("*"), oldest=Min(since))
    return counted.values_list(by, "number", "oldest")


def of_milestones(*, person, milestones) -> QuerySet:
    waiting = Obligation.objects.handed_in_by_others(person, milestones)
    return counts(waiting, "milestone", "submitted_at")


def owed(*, projects, specialties, is_center: bool) -> QuerySet[Obligation]:
    """What somebody has to hand in, with its milestone."""
    mine = {"projects": projects, "specialties": specialties, "is_center": is_center}
    return Obligation.objects.owed_for(**mine).select_related("milestone").order_by()


def for_center(*, person, campaigns) -> QuerySet:
    """(campaign, number, since when, kind) of plans, revisions and findings."""
    # of these campaigns, so that SQLite takes the index of what is to be verified
    findings = Finding.objects.waiting_verify().filter(campaign__pk__in=campaigns)
    parts = {
        "plans": counts(plans_of_others(person), "campaign", "submitted_at"),
        "revisions": counts(revisions_of_others(person), "plan__campaign", "submitted_at"),
        "findings": counts(findings, "campaign", "rectified_at"),
    }
    first, *rest = (found.annotate(kind=Value(kind)) for kind, found in parts.items())
    return first.union(*rest, all=True)


def findings_led(*, specialties) -> QuerySet:
    mine = Finding.objects.waiting_verify().filter(specialty__pk__in=specialties)
    return counts(mine, "campaign", "rectified_at")


def asked_by(*, person) -> QuerySet[Extension]:
    """Whether their campaigns run is known already (`Campaigns.of`)."""
    mine = Extension.objects.undecided().filter(asked_by=person)
    mine = mine.filter(finding__verified_at=None, finding__withdrawn_at=None)
    return mine.select_related("finding__project").order_by("asked_at", "pk")


def settlements() -> QuerySet[Settlement]:
    """Those submitted, and approved ones that somebody asks to correct: `asked_at`, `why`."""
    asked = FilteredRelation("corrections", condition=Q(corrections__granted=None))
    is_submitted = Q(submitted_at__isnull=False, approved_at=None)
    found = Settlement.objects.annotate(
        asked=asked, asked_at=F("asked__asked_at"), why=F("asked__reason")
    )
    return found.filter(is_submitted | Q(asked__isnull=False)).select_related("campaign")


def policies() -> QuerySet[PolicyVersion]:
    waiting = PolicyVersion.objects.waiting_approval().select_related("policy", "campaign")
    return waiting.order_by("submitted_at", "pk")


FOR = {"person": User._meta.pk}
obligations_owed = prepared(owed, {"projects": Project._meta.pk, "specialties": Specialty._meta.pk})
obligations_waiting = prepared(of_milestones, FOR | {"milestones": Milestone._meta.pk})
waiting_for_center = prepared(for_center, FOR | {"campaigns": Campaign._meta.pk})
findings_waiting_for = prepared(findings_led, {"specialties": Specialty._meta.pk})
extensions_asked = prepared(asked_by, FOR)
settlements_waiting, policies_waiting = prepared(settlements, {}), prepared(policies, {})
