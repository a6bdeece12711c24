"""The center, or a specialty's lead, opens a finding directly: first the project, then the rest."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.finding.findings import open_finding
from inspections.forms.findings import NewFindingForm
from organization.errors import Refused, require
from organization.project_choice import ProjectChoice


@require_http_methods(["GET", "HEAD", "POST"])
def finding_new(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.open_finding", held)
    choice = ProjectChoice(held.projects.all(), request.GET.get("project", ""))
    project = choice.chosen
    form, status = None, 200
    if project:
        form = NewFindingForm(
            request.POST or None,
            request.FILES or None,
            campaign=held,
            project=project,
            user=request.user,
        )
        if request.method == "POST":
            found = opened(request, form)
            if found:
                messages.success(request, _("问题已列入整改，责任人已收到通知。"))
                return redirect("finding", held.code, found.pk)
            status = 422
    context = {"campaign": held, "choice": choice, "project": project, "form": form}
    return render(request, "inspections/finding_new.html", context, status=status)


def opened(request, form: NewFindingForm):
    """The new finding, or None with the errors beside their fields."""
    if not form.is_valid():
        return None
    try:
        return open_finding(
            campaign=form.campaign,
            project=form.project,
            by=request.user,
            at=timezone.now(),
            **form.cleaned_data,
        )
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    except ValidationError as error:
        form.add_error("photos", error)
    return None
