"""Who may read rubrics and the league table, and who may change the rules of scoring."""

import rules

from organization.permissions import is_administrator, is_center, sees_company

rules.add_perm("scoring.see_league", sees_company)
# Rubrics and imports are the administrator's, the campaign is the center's.
rules.add_perm("scoring.import_rubric", is_administrator | is_center)
rules.add_perm("scoring.publish_rubric", is_administrator | is_center)
rules.add_perm("scoring.set_weights", is_administrator | is_center)
