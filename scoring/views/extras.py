"""The switch beside the weights: do deductions beyond an item count?"""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign.access import campaign_or_404
from organization.errors import Refused, require
from scoring.extras import set_extra_allowed


@require_POST
def extras(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "scoring.set_weights", held)
    allowed = "allowed" in request.POST
    try:
        set_extra_allowed(campaign=held, allowed=allowed, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        word = _("项外追加扣分计入本次评分。") if allowed else _("项外追加扣分不计入本次评分。")
        messages.success(request, word)
    return redirect("rubrics", campaign)
