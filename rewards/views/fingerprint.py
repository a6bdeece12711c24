"""Where the QR code on a settlement's papers leads: whether their fingerprint is on record."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from organization.prepared import prepared
from rewards.models import Settlement
from rewards.own_lines import own_projects
from rewards.snapshots import says_what_was_approved

TEMPLATE = "rewards/fingerprint.html"


@require_safe
def page(request, fingerprint):
    """For everybody who is signed in: it tells no amounts and no names but the campaign's.

    404 with a page that says so for a fingerprint that is not on record.
    """
    settlement = next(iter(approved_with(fingerprint=fingerprint)), None)
    if settlement is None:
        return render(request, TEMPLATE, {"fingerprint": fingerprint}, status=404)
    context = {
        "fingerprint": fingerprint,
        "settlement": settlement,
        "is_intact": says_what_was_approved(settlement),
        "own": own_projects(settlement, request.user),
        "may_see": request.user.has_perm("rewards.see_settlement", settlement.campaign),
    }
    return render(request, TEMPLATE, context)


def approved(*, fingerprint):
    found = Settlement.objects.filter(fingerprint=fingerprint, approved_at__isnull=False)
    return found.select_related("campaign", "snapshot").order_by("pk")[:1]


approved_with = prepared(approved, {"fingerprint": Settlement._meta.get_field("fingerprint")})
