"""A finding's page with all its forms, as it stands or with what was typed into one of them."""

from functools import cache

from django.shortcuts import render

from inspections.finding.finding_screen import FindingScreen
from inspections.forms.findings import (
    CauseForm,
    ExtensionDecisionForm,
    ExtensionForm,
    RectificationForm,
    VerificationForm,
)
from inspections.models import Finding


def shown(request, found: Finding, at, *, status=200, **typed):
    """`typed` are the forms that were sent, by their names in the page."""
    screen = FindingScreen(found, request.user, at)
    context = {
        "screen": screen,
        "finding": found,
        **blank_forms(screen),
        **typed,
        "unsaved": unsaved(screen, typed),
    }
    return render(request, "inspections/finding.html", context, status=status)


def blank_forms(screen: FindingScreen) -> dict:
    """Each made when the page asks for it: one reader sees one of them, or none."""
    found = screen.finding
    seen = {"revision": found.revision}
    cause = {"cause": found.root_cause, "cause_text": found.root_cause_text}
    asked = screen.asked
    return {
        "rectification": blank(RectificationForm, seen | cause | {"text": found.rectification}),
        "verification": blank(VerificationForm, seen),
        "naming": blank(CauseForm, seen | cause, auto_id="cause_%s"),
        "asking": blank(ExtensionForm, seen, auto_id="ask_%s"),
        "deciding": blank(
            ExtensionDecisionForm,
            {"due": asked.asked_due, "revision": asked.revision} if asked else {},
            auto_id="decide_%s",
        ),
    }


def blank(made: type, initial: dict, **more):
    """A form that is made once, when a template asks for it."""
    return cache(lambda: made(initial=initial, **more))


def unsaved(screen: FindingScreen, typed: dict) -> str:
    """Words for a form that is gone, because somebody else moved the finding on meanwhile."""
    places = {
        "rectification": ("text", screen.may_rectify),
        "verification": ("note", screen.may_verify or screen.may_reopen),
        "naming": ("cause_text", screen.may_name_cause or screen.may_rectify),
        "asking": ("reason", screen.may_ask),
        "deciding": ("reason", screen.may_decide),
    }
    for name, form in typed.items():
        field, is_there = places[name]
        if not is_there:
            return form[field].value() or ""
    return ""


def address(found: Finding) -> str:
    return found.get_absolute_url()


def put_errors(form, refusal) -> bool:
    """The refusal beside its field; False where the form has none."""
    is_there = refusal.field in form.fields
    if is_there:
        form.add_error(refusal.field, str(refusal))
    return is_there
