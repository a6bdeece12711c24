"""What is decided beside a finding's way: its root cause, and a later due date."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from inspections.finding.causes import name_root_cause
from inspections.finding.extensions import ask_extension, decide_extension
from inspections.forms.findings import CauseForm, ExtensionDecisionForm, ExtensionForm
from inspections.models import Extension, Finding
from inspections.views.finding_shown import address, put_errors, shown
from organization.errors import Conflict, Refused, require


def name_cause(request, found: Finding, at, target):
    require(request.user, "inspections.name_root_cause", found)
    form = CauseForm(request.POST, auto_id="cause_%s")
    said = _("根本原因已记下。")
    return tried(request, found, at, name_root_cause, "naming", form, said, {"finding": found},
                 {"cause_text": "text"})  # fmt: skip


def ask(request, found: Finding, at, target):
    require(request.user, "inspections.ask_extension", found)
    form = ExtensionForm(request.POST, auto_id="ask_%s")
    said = _("延期申请已送管理中心，有答复会马上通知您。")
    return tried(request, found, at, ask_extension, "asking", form, said, {"finding": found})


def grant(request, found: Finding, at, target):
    return answer(
        request, found, at, target, granted=True, said=_("已同意延期，申请人已收到通知。")
    )


def refuse(request, found: Finding, at, target):
    return answer(
        request, found, at, target, granted=False, said=_("已答复不同意，申请人已收到通知。")
    )


def answer(request, found: Finding, at, target, *, granted: bool, said: str):
    require(request.user, "inspections.decide_extension", found)
    form = ExtensionDecisionForm(request.POST, auto_id="decide_%s")
    about = {"extension": extension_or_404(found, target), "granted": granted}
    return tried(request, found, at, decide_extension, "deciding", form, said, about)


def extension_or_404(found: Finding, target: str) -> Extension:
    known = {str(each.pk): each for each in found.extensions.all()}
    if target not in known:
        raise Http404
    known[target].finding = found
    return known[target]


def tried(request, found, at, act, name: str, form, said: str, about: dict, called=None):
    """Do what the form asks for; else the page again, with everything typed and why not.

    `called` are the form's fields that the function calls otherwise.
    """
    called, status = called or {}, 422
    if form.is_valid():
        typed = {called.get(field, field): value for field, value in form.cleaned_data.items()}
        try:
            act(**about, **typed, by=request.user, at=at)
        except Refused as refusal:
            status = 409 if isinstance(refusal, Conflict) else 422
            if not put_errors(form, refusal):
                messages.error(request, refusal)
        else:
            messages.success(request, said)
            return redirect(address(found))
    return shown(request, found, at, status=status, **{name: form})
