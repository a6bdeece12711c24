"""Who may see money, draw the list up, and approve it."""

import rules

from organization.permissions import is_center, is_executive, is_president

rules.add_perm("rewards.see_settlement", is_center | is_executive | is_president)
rules.add_perm("rewards.set_rules", is_center)
rules.add_perm("rewards.draw_up", is_center)
rules.add_perm("rewards.adjust", is_center)
rules.add_perm("rewards.decide_case", is_center)
rules.add_perm("rewards.submit_settlement", is_center)
rules.add_perm("rewards.approve_settlement", is_president)
rules.add_perm("rewards.ask_correction", is_center)
rules.add_perm("rewards.decide_correction", is_president)
