"""Customers who may be called back: their list, masked, and its import with a preview."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.access import campaign_or_404
from inspections.callback.customer_list import CUSTOMERS
from inspections.callback.customer_page import CustomerList
from inspections.callback.customers import (
    confirm_customers,
    forget_customer,
    keep_customers,
    preview,
)
from inspections.callback.terms import terms_of
from inspections.callback.words import CustomerKind
from inspections.forms.callbacks import CustomerFileForm
from inspections.models import Customer, CustomerUpload
from organization.errors import Conflict, Refused, require
from organization.lists import ListRefused
from organization.models import Project

MOST_SHOWN, UNPROCESSABLE, STALE = 50, 422, 409


def listed_or_403(request, campaign: str):
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.keep_customers", held)
    return held


@require_safe
def customers(request, campaign):
    held = listed_or_403(request, campaign)
    found = CustomerList(held, request.GET.get("project", ""))
    context = {
        "campaign": held,
        "page": found.page(request.GET.get("page")),
        "choice": found.choice,
        "days": terms_of(held).days,
    }
    return render(request, "inspections/customers.html", context)


@require_POST
def customer_forget(request, campaign, pk):
    held = listed_or_403(request, campaign)
    found = get_object_or_404(Customer.objects.select_related("project"), campaign=held, pk=pk)
    found.campaign = held
    try:
        forget_customer(customer=found, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("已删除这位客户的资料，以后的名单也不再导入这个号码。"))
    return redirect("customers", held.code)


@require_http_methods(["GET", "HEAD", "POST"])
def customer_import(request, campaign):
    """A list that can't be taken names every bad cell at once; nothing of it is kept."""
    held = listed_or_403(request, campaign)
    form, problems = CustomerFileForm(request.POST or None, request.FILES or None), []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            kept = keep_customers(campaign=held, upload=upload, by=request.user, at=timezone.now())
        except ListRefused as refusal:
            problems = refusal.errors
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("customer_import_check", held.code, kept.pk)
    context = {
        "campaign": held,
        "form": form,
        "heads": CUSTOMERS.heads(),
        "days": terms_of(held).days,
    }
    context |= {"problems": problems[:MOST_SHOWN], "count": len(problems)}
    status = UNPROCESSABLE if form.errors or problems else 200
    return render(request, "inspections/customer_import.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def customer_import_check(request, campaign, pk):
    """What a list would do; only whoever uploaded it sees it."""
    held = listed_or_403(request, campaign)
    mine = CustomerUpload.objects.filter(campaign=held, uploaded_by=request.user)
    upload = get_object_or_404(mine, pk=pk)
    upload.campaign = held
    if request.method == "POST":
        return confirmed(request, upload)
    return show_check(request, upload)


def show_check(request, upload: CustomerUpload, *, refused="", status=200):
    context = {"campaign": upload.campaign, "upload": upload, "refused": refused}
    try:
        plan = preview(upload)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("customer_import", upload.campaign.code)
    named = Project.objects.in_bulk({entry.project for entry in plan.added})
    context |= {
        "plan": plan,
        "added": [shown(named, entry) for entry in plan.added[:MOST_SHOWN]],
        "changed": [(each, shown({}, entry)) for each, entry in plan.changed[:MOST_SHOWN]],
        "most": MOST_SHOWN,
    }
    return render(request, "inspections/customer_import_check.html", context, status=status)


def shown(named, entry) -> dict:
    """One row of a list as a page may show it."""
    kind = CustomerKind(entry.kind).label if entry.kind else ""
    return {"project": named.get(entry.project), "kind": kind} | entry.masked


def confirmed(request, upload: CustomerUpload):
    seen = request.POST.get("seen", "")
    try:
        plan = confirm_customers(upload=upload, by=request.user, at=timezone.now(), seen=seen)
    except Conflict as conflict:
        return show_check(request, upload, refused=str(conflict), status=STALE)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("customer_import", upload.campaign.code)
    words = {"added": len(plan.added), "changed": len(plan.changed), "same": len(plan.unchanged)}
    said = _("已导入：新增 %(added)d 位，更新 %(changed)d 位，%(same)d 位没有变化。")
    messages.success(request, said % words)
    if left := len(plan.left_out):
        said = ngettext(
            "%(count)d 位要求删除过资料，没有导入。", "%(count)d 位要求删除过资料，没有导入。", left
        )
        messages.info(request, said % {"count": left})
    return redirect("customers", upload.campaign.code)
