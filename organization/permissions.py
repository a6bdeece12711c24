"""Who somebody is: the predicates that every other app's permissions are made of."""

import rules

from organization.roles import COMPANY_ROLES, PROJECT_LEADERS, Role


def holds(*roles: str) -> rules.Predicate:
    """True for a person who holds one of these roles anywhere."""

    @rules.predicate(name="holds_" + "_or_".join(roles))
    def predicate(user):
        return user.is_authenticated and user.has_role(*roles)

    return predicate


is_president = holds(Role.PRESIDENT)
is_executive = holds(Role.EXECUTIVE)
# They see everything, and change only what a permission of its own says.
is_company_leader = holds(Role.PRESIDENT, Role.EXECUTIVE)
is_center = holds(Role.MANAGEMENT_CENTER)
is_administrator = holds(Role.ADMINISTRATOR)
is_specialty_lead = holds(Role.SPECIALTY_LEAD)
sees_company = holds(*COMPANY_ROLES)


def leads_project(user, project) -> bool:
    """Project manager or deputy of this very project."""
    return any(post.role in PROJECT_LEADERS for post in user.posts_in(project.pk))


def works_in(user, project) -> bool:
    return project.pk in user.project_ids


def leads_specialty(user, specialty) -> bool:
    return any(
        post.role == Role.SPECIALTY_LEAD and post.specialty_id == specialty.pk
        for post in user.current_posts
    )


@rules.predicate
def sees_project(user, project):
    return user.sees_company or works_in(user, project)


rules.add_perm("organization.see_project", sees_project)
rules.add_perm("organization.set_sign_in_rules", is_administrator)
rules.add_perm("organization.look_as", is_administrator)
