"""Who opens the pages that look across apps."""

import rules

from organization.permissions import (
    is_center,
    is_company_leader,
    is_president,
    is_specialty_lead,
    sees_project,
)

rules.add_perm("portal.review", is_center | is_president | is_specialty_lead)
# A project's people read how their own score was made; of the amounts each only what is theirs.
rules.add_perm("portal.explain", sees_project)
rules.add_perm("portal.briefing", is_center | is_company_leader)
# Those who lead the campaign see how all projects stand; a specialty has its league.
rules.add_perm("portal.see_dashboard", is_center | is_company_leader)
