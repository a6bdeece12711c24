"""What waits for a reviewer's decision, in all campaigns; one definition for every page."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from campaign.models import Milestone, Obligation
from inspections.models import (
    Appeal,
    Extension,
    Finding,
    ImprovementPlan,
    PlanRevision,
)
from organization.models import User
from organization.roles import Role


def obligations_for(person: User, milestones: Iterable[Milestone]) -> QuerySet[Obligation]:
    """Of these milestones: handed in by others, to be accepted by this person's role."""
    return Obligation.objects.reviewable_by(person, milestones)


def plans_for(person: User) -> QuerySet[ImprovementPlan]:
    """Handed in by others, to be filed by the center."""
    if not person.has_role(Role.MANAGEMENT_CENTER):
        return ImprovementPlan.objects.none()
    return plans_of_others(person)


def revisions_for(person: User) -> QuerySet[PlanRevision]:
    """Revisions of filed plans, handed in by others, to be filed by the center."""
    if not person.has_role(Role.MANAGEMENT_CENTER):
        return PlanRevision.objects.none()
    return revisions_of_others(person)


def findings_for(person: User) -> QuerySet[Finding]:
    """Rectified, to be verified: any by the center, a specialty's own by its lead."""
    mine = Q() if person.has_role(Role.MANAGEMENT_CENTER) else Q(specialty__in=led_by(person))
    return Finding.objects.filter(mine).waiting_verify()


def extensions_for(person: User) -> QuerySet[Extension]:
    """Asked for by others, to be decided by the center."""
    if not person.has_role(Role.MANAGEMENT_CENTER):
        return Extension.objects.none()
    return extensions_of_others(person)


def appeals_for(person: User) -> QuerySet[Appeal]:
    """To be decided by the center, but not by who saw the fault; else by the executives."""
    if person.has_role(Role.MANAGEMENT_CENTER):
        return Appeal.objects.decidable_by(person)
    if person.has_role(Role.EXECUTIVE):
        return Appeal.objects.decidable_by(person).left_by_center()
    return Appeal.objects.none()


# what is to be decided by the center, of others than this person (or id)


def plans_of_others(person) -> QuerySet[ImprovementPlan]:
    return ImprovementPlan.objects.waiting_review().exclude(submitted_by=person)


def revisions_of_others(person) -> QuerySet[PlanRevision]:
    return PlanRevision.objects.waiting_review().exclude(submitted_by=person)


def extensions_of_others(person) -> QuerySet[Extension]:
    return Extension.objects.waiting().exclude(asked_by=person)


def led_by(person: User) -> list[int]:
    """Ids of the specialties that this person leads."""
    return [post.specialty_id for post in person.current_posts if post.role == Role.SPECIALTY_LEAD]
