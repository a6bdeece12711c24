"""What waits for a reviewer's decision, in all campaigns; one definition for every page."""

from django.db.models import QuerySet

from inspections.models import Appeal, Extension, ImprovementPlan, PlanRevision
from organization.models import User
from organization.roles import Role


def appeals_for(person: User) -> QuerySet[Appeal]:
    """To be decided by the center, but not by who saw the fault; else by the executives."""
    return appeals_to_decide(
        person,
        is_center=person.has_role(Role.MANAGEMENT_CENTER),
        is_executive=person.has_role(Role.EXECUTIVE),
    )


def appeals_to_decide(person, *, is_center: bool, is_executive: bool) -> QuerySet[Appeal]:
    """Of this person, or id."""
    found = Appeal.objects.decidable_by(person)
    if is_center:
        return found
    return found.left_by_center() if is_executive else found.none()


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
