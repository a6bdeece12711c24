"""The settlement page: totals, what waits for a decision, the list, approval, documents."""

from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaign.access import campaign_or_404
from campaign.models import Campaign
from organization.downloads import download
from organization.errors import Refused, require
from organization.prepared import prepared
from rewards import documents, settlement, summary
from rewards.cases import NAMED, case_counts
from rewards.changes import changes
from rewards.forms import ApprovalForm, CorrectionForm, RefusalForm, ReturnForm
from rewards.models import Award, Case, Correction, Settlement
from scoring.models import Band

NAMED_OBJECTIONS = 20  # of a list of thousands
LINES_SHOWN = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def page(request, campaign):
    """The newest settlement, or an earlier one by its number (`?number=1`)."""
    campaign = seen_campaign(request, campaign)
    if "number" in request.GET:
        return shown(request, campaign, asked_or_404(request, campaign))
    newest = next(iter(last_of(campaign=campaign.pk)), None)
    if newest:
        newest.campaign = campaign
    return shown(request, campaign, newest)


def last(*, campaign):
    found = Settlement.objects.filter(campaign__pk=campaign)
    return found.select_related("approved_by", "corrected_by").order_by("-number")[:1]


last_of = prepared(last, {"campaign": Campaign._meta.pk})


def seen_campaign(request, code):
    campaign = campaign_or_404(request, code)
    require(request.user, "rewards.see_settlement", campaign)
    return campaign


def shown(
    request,
    campaign,
    found,
    *,
    approval=None,
    returning=None,
    asking=None,
    refusing=None,
    status=200,
):
    """The page as it stands, with whatever was typed into its forms."""
    at = timezone.now()
    context = {
        "campaign": campaign,
        "settlement": found,
        "at": at,
        "objections": settlement.objections(campaign, at=at, most=NAMED_OBJECTIONS),
    }
    if found:
        context |= list_context(request, found)
        context |= {"approval": approval or ApprovalForm(), "returning": returning or ReturnForm()}
        context |= {
            "asking": asking or CorrectionForm(),
            "refusing": refusing or RefusalForm(),
            "correction": correction_of(found) if found.approved_at else None,
            "newer": getattr(found, "corrected_by", None) if found.approved_at else None,
        }
    else:
        context["left_out"] = list(settlement.provisional_codes(campaign))
    return render(request, "rewards/settlement.html", context, status=status)


def last_asked(*, settlement):
    found = Correction.objects.filter(settlement__pk=settlement).select_related("asked_by")
    return found.order_by("-pk")[:1]


asked_last = prepared(last_asked, {"settlement": Settlement._meta.pk})


def correction_of(found) -> Correction | None:
    """What was last asked for to correct it."""
    return next(iter(asked_last(settlement=found.pk)), None)


def list_context(request, found) -> dict:
    chosen = request.GET.get("show", "all")
    chosen = chosen if chosen in summary.FILTERS else "all"
    groups, lines = summary.grouped(found), summary.added_to(settlement=found.pk)
    totals = summary.totals_of(groups, [each.amount for each in lines if not each.withdrawn_at])
    counts, cases = summary.chip_counts(totals, groups), case_counts(found)
    pages = summary.AwardPages(found, chosen, LINES_SHOWN, count=counts[chosen])
    return {
        "totals": totals,
        "rows": summary.by_role(found, groups),
        "chosen": chosen,
        "counts": counts,
        "page": pages.get_page(request.GET.get("page")),
        "changes": changes_page(request, found),
        "bands": {band.code: band for band in bands_of(campaign=found.campaign_id)},
        "adjustments": lines,
        "cases": cases,
        "waiting": first_undecided(settlement=found.pk) if cases["open"] else [],
        "unfinished": unfinished(found),
        "shared_posts": held_besides(settlement=found.pk),
    }


def of_campaign(*, campaign):
    return Band.objects.filter(campaign__pk=campaign).order_by("lowest")


bands_of = prepared(of_campaign, {"campaign": Campaign._meta.pk})


def unfinished(found) -> list:
    """The provisional projects that it leaves out."""
    left_out = found.left_out
    return list(found.campaign.projects.filter(code__in=left_out)) if left_out else []


def undecided(*, settlement):
    found = Case.objects.undecided().filter(settlement__pk=settlement)
    return found.select_related("project", "person", "paid_to", "to_project")[:NAMED]


first_undecided = prepared(undecided, {"settlement": Settlement._meta.pk})


def with_other_posts(*, settlement):
    found = Award.objects.filter(settlement__pk=settlement).exclude(other_roles=[])
    return found.select_related("person", "project")


held_besides = prepared(with_other_posts, {"settlement": Settlement._meta.pk})


def changes_page(request, found):
    """What a correction changes, a page of it; None for a settlement that corrects none."""
    if not found.corrects_id:
        return None
    return Paginator(changes(found), 50).get_page(request.GET.get("changes"))


@require_POST
def draw_up(request, campaign):
    campaign = seen_campaign(request, campaign)
    require(request.user, "rewards.draw_up", campaign)
    try:
        settlement.draw_up(campaign=campaign, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("已按当前成绩和岗位生成结算。"))
    return redirect("settlement", campaign.code)


@require_POST
def submit(request, campaign):
    campaign = seen_campaign(request, campaign)
    require(request.user, "rewards.submit_settlement", campaign)
    try:
        settlement.submit_settlement(
            settlement=last_or_404(campaign), by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("已提交，等总经理批准。"))
    return redirect("settlement", campaign.code)


def asked_or_404(request, campaign):
    """The settlement that the address names, or the newest."""
    number = request.GET.get("number", "")
    if not number:
        return last_or_404(campaign)
    if not number.isdecimal():
        raise Http404
    return get_object_or_404(campaign.settlements.select_related("corrects"), number=int(number))


def last_or_404(campaign):
    found = campaign.settlements.first()
    if found is None:
        raise Http404
    return found


@require_POST
def approve(request, campaign):
    campaign = seen_campaign(request, campaign)
    require(request.user, "rewards.approve_settlement", campaign)
    found, form = last_or_404(campaign), ApprovalForm(request.POST)
    if form.is_valid():
        try:
            approved_total: Decimal = form.cleaned_data["total"]
            settlement.approve_settlement(
                settlement=found, total=approved_total, by=request.user, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error("total", str(refusal))
        else:
            messages.success(request, _("结算已批准，成绩和名单不再更改。"))
            return redirect("settlement", campaign.code)
    return shown(request, campaign, found, approval=form, status=422)


@require_POST
def send_back(request, campaign):
    campaign = seen_campaign(request, campaign)
    require(request.user, "rewards.approve_settlement", campaign)
    found, form = last_or_404(campaign), ReturnForm(request.POST)
    if form.is_valid():
        try:
            settlement.return_settlement(
                settlement=found,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("已退回管理中心。"))
            return redirect("settlement", campaign.code)
    return shown(request, campaign, found, returning=form, status=422)


@require_safe
def excel(request, campaign):
    found = asked_or_404(request, seen_campaign(request, campaign))
    content = documents.settlement_workbook(found, at=timezone.now())
    return download(content, f"settlement-{campaign}-{found.number}.xlsx", XLSX)


@require_safe
def pdf(request, campaign):
    found = asked_or_404(request, seen_campaign(request, campaign))
    try:
        content = documents.settlement_pdf(found, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("settlement", campaign)
    return download(content, f"settlement-{campaign}-{found.number}.pdf", "application/pdf")
