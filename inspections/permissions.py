"""Who may do what to plans, findings and sheets: small predicates with a name each."""

import rules

from organization.permissions import is_center, is_specialty_lead, leads_specialty
from organization.roles import PROJECT_LEADERS, Role

# --- improvement plans -------------------------------------------------------------------


def in_charge_of(user, project_id, specialty_id=None) -> bool:
    """Leads the project: its manager, or a deputy within the specialties in charge.

    A deputy's post without a specialty is in charge of all; a line that has no specialty yet
    is anybody's who leads.
    """
    return any(
        post.role in PROJECT_LEADERS
        and (
            post.role == Role.PROJECT_MANAGER
            or None in (post.specialty_id, specialty_id)
            or post.specialty_id == specialty_id
        )
        for post in user.posts_in(project_id)
    )


@rules.predicate
def writes_plan(user, plan):
    return in_charge_of(user, plan.project_id)


@rules.predicate
def writes_line(user, finding):
    return in_charge_of(user, finding.project_id, finding.specialty_id)


rules.add_perm("inspections.write_plan", writes_plan)
rules.add_perm("inspections.write_line", writes_line)
rules.add_perm("inspections.review_plan", is_center)

# --- findings ----------------------------------------------------------------------------


@rules.predicate
def rectifies(user, finding):
    """The responsible person, who leads the project, and the head of the person's department."""
    return (
        finding.responsible_id == user.pk
        or writes_line(user, finding)
        or heads_department_of(user, finding)
    )


def heads_department_of(user, finding) -> bool:
    """A head whose post names no department is taken for the head of all."""
    headed = {
        post.department
        for post in user.posts_in(finding.project_id)
        if post.role == Role.DEPARTMENT_HEAD
    }
    if not headed or finding.responsible is None:
        return False
    theirs = {post.department for post in finding.responsible.posts_in(finding.project_id)}
    return "" in headed or not headed.isdisjoint(theirs)


@rules.predicate
def verifies(user, finding):
    """The center on any specialty, a specialty's lead on the own one."""
    return bool(is_center(user)) or (
        finding.specialty_id is not None and leads_specialty(user, finding.specialty)
    )


rules.add_perm("inspections.rectify", rectifies)
rules.add_perm("inspections.verify", verifies)
rules.add_perm("inspections.open_finding", is_center | is_specialty_lead)
