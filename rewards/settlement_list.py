"""The fingerprint of a list alone, as settlements had it before there were snapshots."""

from decimal import Decimal

from organization.digests import canonical, fingerprint
from rewards.models import Settlement


def list_fingerprint(settlement: Settlement) -> str:
    """SHA-256 over the canonical JSON of everything the list says."""
    awards = settlement.awards.order_by("project__code", "person_id", "role").values_list(
        "project__code", "person_id", "role", "band", "composite", "amount"
    )
    content = {
        "campaign": settlement.campaign.code,
        "number": settlement.number,
        "posts_as_of": settlement.posts_as_of.isoformat(),
        "left_out": settlement.left_out,
        "awards": [
            [str(value) if isinstance(value, Decimal) else value for value in row] for row in awards
        ],
    }
    return fingerprint(canonical(content))
