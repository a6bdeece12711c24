"""The fingerprint of a list alone, as settlements had it before there were snapshots."""

from organization.digests import canonical, fingerprint
from organization.prepared import prepared
from rewards.models import Award, Settlement


def list_fingerprint(settlement: Settlement) -> str:
    """SHA-256 over the canonical JSON of everything the list says."""
    content = {
        "campaign": settlement.campaign.code,
        "number": settlement.number,
        "posts_as_of": settlement.posts_as_of.isoformat(),
        "left_out": settlement.left_out,
        "awards": [
            [code, person, role, band, str(composite), str(amount)]
            for code, person, role, band, composite, amount in listed(settlement=settlement.pk)
        ],
    }
    return fingerprint(canonical(content))


def in_order(*, settlement):
    awards = Award.objects.filter(settlement__pk=settlement)
    return awards.order_by("project__code", "person_id", "role").values_list(
        "project__code", "person_id", "role", "band", "composite", "amount"
    )


listed = prepared(in_order, {"settlement": Settlement._meta.pk})
