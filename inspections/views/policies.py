"""Policies: the list, one with its versions, and the form in which a version is written."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.forms.policies import PolicyForm, kind_forms, kinds_in
from inspections.handing_in import hand_in_policies
from inspections.learning.policies import (
    approve_policy,
    draft_policy,
    edit_policy,
    return_policy,
    revise_policy,
    submit_policy,
)
from inspections.learning.policy_screen import PolicyList, PolicyScreen
from inspections.models import Policy, PolicyVersion
from inspections.views.self_saving import number
from organization.errors import Conflict, Refused, move_of, require
from organization.files import store_upload


@require_http_methods(["GET", "HEAD", "POST"])
def policies(request, campaign):
    """The list; a POST hands its approved ones in as written material."""
    held, at = campaign_or_404(request, campaign), timezone.now()
    found = PolicyList(held, request.user, at, request.GET)
    if request.method == "POST":
        require(request.user, "inspections.write_policy")
        hand_in(request, held, at)
        return redirect("policies", held.code)
    context = {
        "campaign": held,
        "found": found,
        "page": found.page(request.GET.get("page")),
        "specialties": found.specialties,
    }
    return render(request, "inspections/policies.html", context)


def hand_in(request, held, at) -> None:
    try:
        hand_in_policies(campaign=held, by=request.user, at=at)
        messages.success(request, _("清单已经交到任务的书面资料里，检查后提交即可。"))
    except Refused as refusal:
        messages.error(request, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def policy_new(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.write_policy")
    form = PolicyForm(request.POST or None, request.FILES or None)
    rows = kind_forms(held, request.POST or None)
    if request.method == "POST":
        version = drafted(request, held, form, rows)
        if version:
            return redirect("policy", held.code, version.policy_id)
    return written(request, held, form, rows, status=422 if form.is_bound else 200)


def drafted(request, held, form: PolicyForm, rows) -> PolicyVersion | None:
    if not (form.is_valid() & rows.is_valid()):
        return None
    at = timezone.now()
    try:
        return draft_policy(
            campaign=held,
            prevents=kinds_in(rows),
            by=request.user,
            at=at,
            **form.cleaned_data | {"file": stored(request, at)},
        )
    except ValidationError as error:
        form.add_error("file", error)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    return None


def stored(request, at):
    upload = request.FILES.get("file")
    return store_upload(upload=upload, by=request.user, at=at) if upload else None


@require_http_methods(["GET", "HEAD", "POST"])
def policy_edit(request, campaign, pk):
    """The draft of a policy; what was typed on an older page stands beside what is there now."""
    held, screen = seen(request, campaign, pk, "")
    require(request.user, "inspections.write_policy")
    version = screen.versions[0]
    version.policy = screen.policy
    begun = {name: getattr(version, name) for name in ("title", "text", "in_force_from")}
    form = PolicyForm(request.POST or None, request.FILES or None, version=version, initial=begun)
    rows = kind_forms(held, request.POST or None, version)
    theirs, status = None, 200
    if request.method == "POST":
        try:
            if changed(request, version, form, rows):
                messages.success(request, _("已保存。"))
                return redirect("policy", held.code, pk)
            status = 422
        except Conflict as conflict:
            theirs, status = conflict.theirs, 409
    more = {"version": version, "theirs": theirs}
    return written(request, held, form, rows, status=status, **more)


def changed(request, version: PolicyVersion, form: PolicyForm, rows) -> bool:
    """Whether it was saved; a stale page is the caller's to show."""
    if not (form.is_valid() & rows.is_valid()):
        return False
    at = timezone.now()
    try:
        edit_policy(
            version=version,
            revision=number(request.POST.get("revision", "")),
            changes=form.words,
            prevents=kinds_in(rows),
            file=stored(request, at),
            by=request.user,
            at=at,
        )
    except Conflict:
        raise
    except ValidationError as error:
        form.add_error("file", error)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    return not form.errors


def written(request, held, form, rows, *, status=200, **more):
    context = {"campaign": held, "form": form, "rows": rows} | more
    return render(request, "inspections/policy_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request, campaign, pk):
    held, screen = seen(request, campaign, pk, request.GET.get("v", ""))
    if request.method == "POST":
        return move_of(DOORS, request.POST.get("do"))(request, held, screen)
    return shown(request, held, screen)


def seen(request, campaign: str, pk: int, wanted: str):
    held, at = campaign_or_404(request, campaign), timezone.now()
    visible = Policy.objects.visible_to(request.user).select_related("specialty")
    found = get_object_or_404(visible, pk=pk)
    return held, PolicyScreen(found, held, request.user, at, wanted)


def shown(request, held, screen: PolicyScreen, *, status=200, reason=""):
    context = {"campaign": held, "screen": screen, "version": screen.version, "reason": reason}
    return render(request, "inspections/policy.html", context, status=status)


def moving(perm: str, move, done):
    """A door that makes one move on the newest version, as it stood on the page."""

    def door(request, held, screen: PolicyScreen):
        newest = screen.versions[0]
        newest.policy = screen.policy
        require(request.user, perm, newest)
        try:
            move(request, held, newest, screen.at)
        except Refused as refusal:
            messages.error(request, refusal)
            fresh = seen(request, held.code, screen.policy.pk, "")[1]
            reason = request.POST.get("reason", "")
            return shown(request, held, fresh, status=409, reason=reason)
        messages.success(request, done)
        return redirect("policy", held.code, screen.policy.pk)

    return door


def acting(request, at) -> dict:
    return {
        "by": request.user,
        "at": at,
        "revision": number(request.POST.get("revision", "")),
    }


def submit(request, held, version, at):
    submit_policy(version=version, **acting(request, at))


def approve(request, held, version, at):
    approve_policy(version=version, **acting(request, at))


def send_back(request, held, version, at):
    return_policy(version=version, reason=request.POST.get("reason", ""), **acting(request, at))


def revise(request, held, version, at):
    revise_policy(
        policy=version.policy,
        campaign=held,
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=at,
    )


APPROVED = gettext_lazy("已批准，从生效日起执行。")
RETURNED = gettext_lazy("已退回，起草人已收到通知。")
REVISED = gettext_lazy("新版本已经起草，改好后提交审批。")
SUBMITTED = gettext_lazy("已提交总经理审批。")
DOORS = {
    "submit": moving("inspections.write_policy", submit, SUBMITTED),
    "approve": moving("inspections.decide_policy", approve, APPROVED),
    "return": moving("inspections.decide_policy", send_back, RETURNED),
    "revise": moving("inspections.write_policy", revise, REVISED),
}
