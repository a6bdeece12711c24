"""What call-backs came to, of one visit and of a campaign; and what the center sets for them."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from inspections.callback.questionnaire import (
    USUAL,
    Asked,
    asked_in,
    in_use,
    mark_of,
    offered,
    write_questionnaire,
)
from inspections.callback.results import CampaignResults, VisitResult
from inspections.callback.terms import set_terms, terms_of
from inspections.forms.callbacks import SetupForm
from inspections.views.callbacks import visit_or_404
from organization.downloads import download
from organization.errors import Conflict, Refused, require
from organization.replica import may_lag
from scoring.exports import XLSX

UNPROCESSABLE, STALE = 422, 409


@require_safe
def callback_result(request, campaign, pk):
    """One visit's; its project comes here once the visit is over."""
    visit = visit_or_404(request, campaign, pk)
    context = {
        "campaign": visit.campaign,
        "visit": visit,
        "result": VisitResult(visit, request.user),
    }
    return render(request, "inspections/callback_result.html", context)


@may_lag
@require_safe
def callbacks(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.compare_callbacks", held)
    found = CampaignResults(held, request.user, request.GET)
    context = {"campaign": held, "found": found}
    return render(request, "inspections/callbacks.html", context)


@may_lag
@require_safe
def excel(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.compare_callbacks", held)
    found = CampaignResults(held, request.user, request.GET)
    return download(found.workbook(), f"callbacks-{held.code}.xlsx", XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
def callback_setup(request, campaign):
    """Figures and questions, kept together or not at all."""
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.write_questionnaire", held)
    terms, questionnaire = terms_of(held), in_use(held)
    asked = asked_in(questionnaire) if questionnaire else [Asked(*each) for each in USUAL]
    first = {"revision": terms.revision, "seen": mark_of(questionnaire)}
    form = SetupForm(request.POST or None, instance=terms, asked=asked, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            save_setup(held, form, by=request.user)
        except Conflict as conflict:
            return stale(request, held, form, str(conflict))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("已保存。"))
            return redirect("callback_setup", held.code)
    return show_setup(request, held, form, status=UNPROCESSABLE if form.errors else 200)


@transaction.atomic
def save_setup(held, form: SetupForm, *, by) -> None:
    at, typed = timezone.now(), form.cleaned_data
    set_terms(campaign=held, figures=form.figures, by=by, at=at, revision=typed["revision"])
    write_questionnaire(
        campaign=held, questions=form.asked, by=by, at=at, revision=typed["seen"]
    )  # fmt: skip


def stale(request, held, form: SetupForm, sentence: str):
    """Everything typed stays; saving once more is by what stands now."""
    form.add_error(None, sentence)
    form.data = form.data.copy()
    form.data["revision"], form.data["seen"] = terms_of(held).revision, mark_of(in_use(held))
    return show_setup(request, held, form, status=STALE)


def show_setup(request, held, form: SetupForm, *, status=200):
    context = {
        "campaign": held,
        "form": form,
        "questionnaire": in_use(held),
        "requirements": offered(held),
    }
    return render(request, "inspections/callback_setup.html", context, status=status)
