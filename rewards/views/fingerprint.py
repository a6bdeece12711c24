"""Where the QR code on a settlement's papers leads: whether their fingerprint is on record."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from rewards.models import Settlement, Snapshot
from rewards.snapshots import is_intact


@require_safe
def page(request, fingerprint):
    """For everybody who is signed in: it tells no amounts and no names but the campaign's.

    404 with a page that says so for a fingerprint that is not on record.
    """
    found = Settlement.objects.filter(fingerprint=fingerprint).select_related("campaign")
    settlement = found.filter(approved_at__isnull=False).first()
    snapshot = Snapshot.objects.filter(settlement=settlement).first() if settlement else None
    context = {
        "fingerprint": fingerprint,
        "settlement": settlement,
        "is_intact": snapshot is None
        or (is_intact(snapshot) and snapshot.fingerprint == fingerprint),
        "may_see": settlement
        and request.user.has_perm("rewards.see_settlement", settlement.campaign),
    }
    return render(request, "rewards/fingerprint.html", context, status=200 if settlement else 404)
