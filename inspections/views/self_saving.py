"""One save of a form that saves itself: the script asks for JSON, the plain form for the page."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.forms.writing import WritingForm
from organization.errors import Conflict, Refused
from organization.history import history_of

Edit = Callable[..., object]


def wants_json(request) -> bool:
    return request.headers.get("Accept") == "application/json"


def save(request, form: WritingForm, edit: Edit, *, verb: str, at: datetime, seen=None) -> str:
    """Save what is sound of a form through its verb; returns why it was refused, if it was.

    What is wrong stands beside its field, somebody else's version in `form.theirs`. `seen` is
    the revision it was typed on, where it is not the page's.
    """
    form.is_valid()
    try:
        form.thing = edit(
            revision=number(request.POST.get("revision", "")) if seen is None else seen,
            changes=form.changes,
            by=request.user,
            at=at,
        )
    except Conflict as conflict:
        form.theirs = conflict.theirs
        form.edit = history_of(form.theirs).filter(verb=verb).first()
    except Refused as refusal:
        if refusal.field not in form.fields:
            return str(refusal)
        form.add_error(refusal.field, str(refusal))
    return ""


def number(text: str) -> int:
    """A revision as the page knew it; one that can't be read is older than any."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def as_json(request, form: WritingForm, refused: str, at: datetime, **parts: str) -> JsonResponse:
    """What the page that stands open has to know: the new revision, errors, or both versions."""
    answer = {
        "status": _("已自动保存 %(time)s") % {"time": f"{timezone.localtime(at):%H:%M}"},
        "parts": parts,
        "refused": refused,
        "note": "",
        "revision": form.revision,
        "errors": {form.add_prefix(name): found[0] for name, found in form.errors.items()},
    }
    if form.theirs:
        now = form.now
        answer["now"] = {name: str(now[name].value() or "") for name in form.fields}
        answer["both"] = render_to_string("inspections/_writing.html", {"form": form}, request)
    return JsonResponse(answer, status=409 if refused or form.theirs else 200)


def answered(
    request, form: WritingForm, refused: str, at: datetime, *, page: Callable, done: HttpResponse
) -> HttpResponse:
    """`page(form, status)` draws the page with everything typed; `done` is where success leads."""
    if wants_json(request):
        return as_json(request, form, refused, at)
    if refused:
        messages.error(request, refused)
    if refused or form.theirs or form.errors:
        return page(form, 409 if refused or form.theirs else 422)
    messages.success(request, _("已保存。"))
    return done
