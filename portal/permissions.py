"""Who opens the pages that look across apps."""

import rules

from organization.permissions import is_center, is_president, is_specialty_lead

rules.add_perm("portal.review", is_center | is_president | is_specialty_lead)
