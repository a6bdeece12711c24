"""Who may run a campaign, and who may do, hand in and review what is owed in it."""

import rules

from organization.permissions import (
    is_administrator,
    is_center,
    is_company_leader,
    is_president,
    leads_project,
    leads_specialty,
    sees_company,
    sees_project,
)
from organization.roles import Role


@rules.predicate
def owes(user, obligation):
    """It is this person's to do: the project's leaders, the specialty's lead, the center."""
    if obligation.project_id:
        return leads_project(user, obligation.project)
    if obligation.specialty_id:
        return leads_specialty(user, obligation.specialty)
    return user.has_role(Role.MANAGEMENT_CENTER)


@rules.predicate
def reviews(user, obligation):
    """The role that the plan names, else the center (ruling 15)."""
    return reviews_some(user, obligation.milestone)


@rules.predicate
def reviews_some(user, milestone):
    """Of a milestone's obligations; each is asked for once more."""
    return user.has_role(milestone.reviewer)


@rules.predicate
def is_author(user, obligation):
    """Nobody accepts what they handed in themselves (ruling 15)."""
    return obligation.submitted_by_id == user.pk


@rules.predicate
def logs(user, visit):
    """Visits are written down by whoever owes the obligation."""
    return owes(user, visit.obligation)


@rules.predicate
def answers_for(user, thing):
    """A leader of the project that a visit went to, or that takes part."""
    return leads_project(user, thing.project)


@rules.predicate
def reads_feed(user, feed):
    """Its person, while they work here, and of a project's calendar while they may see it."""
    if feed.person_id != user.pk or not user.is_active:
        return False
    return feed.project is None or sees_project(user, feed.project)


rules.add_perm("campaign.create_campaign", is_center | is_administrator)
rules.add_perm("campaign.enter_projects", is_center | is_administrator)
rules.add_perm("campaign.set_up", is_center)
rules.add_perm("campaign.see_gate", sees_company)
rules.add_perm("campaign.pass_gate", is_center)
rules.add_perm("campaign.submit_campaign", is_center)
rules.add_perm("campaign.approve_campaign", is_president)
rules.add_perm("campaign.close_campaign", is_center | is_president)
rules.add_perm("campaign.submit", owes)
rules.add_perm("campaign.accept", reviews & ~is_author)
rules.add_perm("campaign.accept_some", reviews_some)
rules.add_perm("campaign.edit_visit", logs)
rules.add_perm("campaign.confirm_visit", answers_for)
rules.add_perm("campaign.set_headcount", answers_for | is_center)
rules.add_perm("campaign.set_notes_percent", is_center)
rules.add_perm("campaign.remind", is_center | is_company_leader)
rules.add_perm("campaign.read_feed", reads_feed)
rules.add_perm("campaign.see_ledger", is_center | is_administrator | is_company_leader)
rules.add_perm("campaign.resend", is_center | is_administrator)
rules.add_perm("campaign.manage_robots", is_administrator)
