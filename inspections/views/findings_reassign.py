"""Ticked findings get another responsible person: each its own move, what is refused is named."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.finding.reassigning import reassign
from inspections.forms.reassigning import ReassignForm
from inspections.models import Finding
from organization.errors import Refused, require

MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def findings_reassign(request, campaign):
    """The choice stands in the address, so that it outlives a reload and another sign-in."""
    held = campaign_or_404(request, campaign)
    back = request.GET.get("back", "")
    chosen = chosen_findings(request, held, request.GET.getlist("chosen"))
    if not chosen:
        messages.error(request, _("先勾选要改派的问题。"))
        return redirect(list_address(held, back))
    if not any(may_reassign(request.user, each) for each in chosen):
        require(request.user, "inspections.reassign", chosen[0])
    projects = list({each.project_id: each.project for each in chosen}.values())
    form = ReassignForm(request.POST if request.method == "POST" else None, projects=projects)
    if request.method == "POST" and form.is_valid() and hand_over(request, chosen, form):
        return redirect(list_address(held, back))
    context = {"campaign": held, "chosen": chosen, "form": form, "back": back}
    context["several"] = len(projects) > 1
    status = 422 if form.is_bound else 200
    return render(request, "inspections/findings_reassign.html", context, status=status)


def chosen_findings(request, campaign, keys: Iterable[str]) -> list[Finding]:
    """Those that the reader may see; keys that are none are left out."""
    visible = Finding.objects.opened().filter(campaign=campaign).visible_to(request.user)
    found = visible.filter(pk__in=[key for key in keys if is_key(key)]).with_all()
    return list(found.order_by("project__code", "due", "pk")[:MOST])


def is_key(text: str) -> bool:
    try:
        Finding._meta.pk.to_python(text)
    except ValidationError:
        return False
    return True


def may_reassign(user, finding: Finding) -> bool:
    return user.has_perm("inspections.reassign", finding)


def hand_over(request, chosen: list[Finding], form: ReassignForm) -> int:
    """How many were handed over; the others are named with the reason."""
    at, done = timezone.now(), 0
    for finding in chosen:
        try:
            if not may_reassign(request.user, finding):
                raise Refused(_("这个专业不由您负责。"), code="not_yours")
            reassign(finding=finding, **form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            messages.error(request, Truncator(finding.problem).chars(40) + _("：") + str(refusal))
        else:
            done += 1
    if done:
        words = ngettext("已改派 %(count)d 条问题。", "已改派 %(count)d 条问题。", done)
        messages.success(request, words % {"count": done})
    return done


def list_address(campaign, back: str) -> str:
    """The list that the reader came from, with its filters; never another page."""
    return reverse("findings", args=[campaign.code]) + (f"?{back}" if back else "")
