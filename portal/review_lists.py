"""What waits for one reviewer in one campaign: lists by the kind and their numbers.

All are put into SQL once, by what the reader's posts let them decide.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Func, IntegerField, QuerySet, Value

from campaign.models import Campaign, Milestone, Obligation
from inspections.finding.extension_counts import waiting_for
from inspections.models import Appeal, Extension, Finding, ImprovementPlan, PlanRevision
from organization.models import Specialty, User
from organization.prepared import prepared
from organization.roles import Role
from portal.queues import (
    appeals_to_decide,
    extensions_of_others,
    led_by,
    plans_of_others,
    revisions_of_others,
)

PREVIEW, PAGE_SIZE = 10, 50


@dataclass(frozen=True)
class Reader:
    """Who reviews what: ids, or the places for them in SQL.

    `milestones` are those whose obligations are this person's to accept, `specialties` those that
    the person leads.
    """

    campaign: object
    person: object
    milestones: Sequence
    specialties: Sequence
    is_center: bool
    is_executive: bool

    def given(self) -> dict[str, Hashable]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


def reader_of(campaign: Campaign, user: User, milestones: Sequence[Milestone]) -> Reader:
    return Reader(
        campaign=campaign.pk,
        person=user.pk,
        milestones=[each.pk for each in milestones if each.is_reviewed_by(user)],
        specialties=led_by(user),
        is_center=user.has_role(Role.MANAGEMENT_CENTER),
        is_executive=user.has_role(Role.EXECUTIVE),
    )


def obligations(of: Reader) -> QuerySet[Obligation]:
    return Obligation.objects.handed_in_by_others(of.person, of.milestones)


def plans(of: Reader) -> QuerySet[ImprovementPlan]:
    found = plans_of_others(of.person).filter(campaign__pk=of.campaign)
    return found if of.is_center else found.none()


def revisions(of: Reader) -> QuerySet[PlanRevision]:
    found = revisions_of_others(of.person).filter(plan__campaign__pk=of.campaign)
    return found if of.is_center else found.none()


def findings(of: Reader) -> QuerySet[Finding]:
    """Rectified, to be verified: any by the center, a specialty's own by its lead."""
    found = Finding.objects.waiting_verify().filter(campaign__pk=of.campaign)
    return found if of.is_center else found.filter(specialty__pk__in=of.specialties)


def extensions(of: Reader) -> QuerySet[Extension]:
    found = extensions_of_others(of.person).filter(finding__campaign__pk=of.campaign)
    return found if of.is_center else found.none()


def appeals(of: Reader) -> QuerySet[Appeal]:
    found = appeals_to_decide(of.person, is_center=of.is_center, is_executive=of.is_executive)
    return found.filter(sheet__campaign__pk=of.campaign)


def named(person: str) -> tuple[str, str]:
    """What a person is called, of a relation."""
    return f"{person}__name", f"{person}__username"


@dataclass(frozen=True)
class Kind:
    """What of a kind waits, by what it is counted, since when it waits, and what a row shows."""

    waiting: object
    held: str
    since: str
    related: tuple[str, ...]
    shown: tuple[str, ...] = ()

    def listed(self, of: Reader) -> QuerySet:
        found = self.waiting(of).select_related(*self.related)
        found = found.only(*self.shown) if self.shown else found
        return found.order_by(self.since, "pk")


OF_OBLIGATION = ("campaign_id", "milestone_id", "submitted_at", "revision", "specialty")
OF_EXTENSION = ("due_before", "asked_due", "asked_at", "finding__problem")
KINDS = {
    "obligations": Kind(
        obligations,
        "milestone",
        "submitted_at",
        ("project", "specialty", "submitted_by"),
        (*OF_OBLIGATION, "project__name", *named("submitted_by")),
    ),
    "plans": Kind(
        plans,
        "campaign",
        "submitted_at",
        ("project", "submitted_by"),
        ("submitted_at", "project__name", "project__code", *named("submitted_by")),
    ),
    "revisions": Kind(
        revisions,
        "plan__campaign",
        "submitted_at",
        ("plan__campaign", "plan__project", "submitted_by"),
    ),
    "findings": Kind(
        findings,
        "campaign",
        "rectified_at",
        ("project", "rectified_by"),
        ("problem", "rectified_at", "project__name", *named("rectified_by")),
    ),
    "extensions": Kind(
        extensions,
        "finding__campaign",
        "asked_at",
        ("finding__project", "asked_by"),
        (*OF_EXTENSION, "finding__project__name", *named("asked_by")),
    ),
    "appeals": Kind(
        appeals,
        "sheet__campaign",
        "made_at",
        ("sheet__project", "sheet__specialty", "item", "made_by"),
        ("made_at", "item", "sheet__project__name", "sheet__specialty", *named("made_by")),
    ),
}


def first_of(*, kind: str, size: int, **given) -> QuerySet:
    return KINDS[kind].listed(Reader(**given))[:size]


def number_of(kind: str, of: Reader) -> QuerySet:
    """One row. No Count: it groups, which takes as long again as counting ten thousand."""
    number = Func(KINDS[kind].held, function="COUNT", output_field=IntegerField())
    counted = KINDS[kind].waiting(of).order_by().annotate(kind=Value(kind), waiting=number)
    return counted.values_list("kind", "waiting")


def numbers_of(*, kinds: tuple[str, ...], **given) -> QuerySet:
    first, *rest = (number_of(kind, Reader(**given)) for kind in kinds)
    return first.union(*rest, all=True) if rest else first


GIVEN = {
    "campaign": Campaign._meta.pk,
    "person": User._meta.pk,
    "milestones": Milestone._meta.pk,
    "specialties": Specialty._meta.pk,
}
firsts, numbers = prepared(first_of, GIVEN), prepared(numbers_of, GIVEN)


class Lists:
    """The first of each kind, and how many there are: what is no full page has been counted."""

    def __init__(self, of: Reader, chosen: str, *, at: datetime):
        self.of, self.chosen = of, chosen
        self.size = PAGE_SIZE if chosen else PREVIEW
        kinds = [chosen] if chosen else [*KINDS]
        given = of.given()
        self.first = {kind: firsts(kind=kind, size=self.size, **given) for kind in kinds}
        self.counts = {kind: len(rows) for kind, rows in self.first.items()}
        left = [kind for kind in KINDS if self.counts.get(kind, self.size) == self.size]
        self.counts |= dict.fromkeys(left, 0)
        if "extensions" in left and of.is_center:  # there may be thousands
            left.remove("extensions")
            asked = waiting_for(of.person, [of.campaign], at=at)
            self.counts["extensions"] += sum(each.number for each in asked.values())
        for kind, number in numbers(kinds=tuple(left), **given) if left else ():
            self.counts[kind] += number

    def __getitem__(self, kind: str) -> QuerySet:
        """The whole list, to take a page from."""
        return KINDS[kind].listed(self.of)
