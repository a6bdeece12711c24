"""Who may see money, draw the list up, and approve it."""

import rules

from organization.permissions import (
    is_administrator,
    is_center,
    is_company_leader,
    is_president,
)
from organization.roles import Role

rules.add_perm("rewards.see_settlement", is_center | is_company_leader)
rules.add_perm("rewards.set_rules", is_center)
rules.add_perm("rewards.draw_up", is_center)
rules.add_perm("rewards.adjust", is_center)
rules.add_perm("rewards.decide_case", is_center)
rules.add_perm("rewards.submit_settlement", is_center)
rules.add_perm("rewards.approve_settlement", is_president)
rules.add_perm("rewards.ask_correction", is_center)
rules.add_perm("rewards.decide_correction", is_president)


@rules.predicate
def manages(user, project):
    """Project manager of this very project."""
    return any(post.role == Role.PROJECT_MANAGER for post in user.posts_in(project.pk))


rules.add_perm("rewards.project_notice", manages)
rules.add_perm("rewards.set_notice_templates", is_administrator)
