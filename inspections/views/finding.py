"""One finding: before and after, what was done, verification; all its forms post here."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.finding.finding_screen import FindingScreen, seen_by
from inspections.finding.findings import missing_to_rectify, rectify, reopen, verify
from inspections.finding.photos import add_photos, remove_photo
from inspections.forms.findings import RectificationForm, VerificationForm
from inspections.models import Finding
from inspections.views import finding_asides
from inspections.views.finding_shown import address, put_errors, shown
from inspections.words import Moment
from organization.errors import Refused, move_of, require
from organization.numbers import whole

RECTIFIED_BY = ("text", "cause", "cause_text", "revision")


@require_http_methods(["GET", "HEAD", "POST"])
def finding(request, campaign, pk):
    held = campaign_or_404(request, campaign)
    found = seen_by(request.user, held, pk)
    if request.method == "POST":
        do, _colon, target = request.POST.get("do", "").partition(":")
        return move_of(DOORS, do)(request, found, timezone.now(), target)
    return shown(request, found, timezone.now())


def save_rectification(request, found: Finding, at, target):
    """Sound pictures are kept whatever else is wrong; then the rest is judged."""
    require(request.user, "inspections.rectify", found)
    form = RectificationForm(request.POST, request.FILES)
    valid = form.is_valid()
    kept = keep_pictures(request, form, found, at)
    if valid and kept:
        try:
            rectify(
                finding=found,
                **{name: form.cleaned_data[name] for name in RECTIFIED_BY},
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            explain(request, form, found, refusal)
        else:
            messages.success(request, _("整改已送去验证。"))
            return redirect(address(found))
    return shown(request, found, at, rectification=form, status=422)


def keep_pictures(request, form: RectificationForm, found: Finding, at) -> bool:
    """One by one, so that a broken picture doesn't take the others with it."""
    for moment in Moment.values:
        for upload in request.FILES.getlist(moment):
            try:
                add_photos(finding=found, uploads=[upload], moment=moment, by=request.user, at=at)
            except ValidationError as error:
                form.add_error(moment, error)
            except Refused as refusal:
                form.add_error(moment, str(refusal))
    return not any(form.has_error(moment) for moment in Moment.values)


def explain(request, form: RectificationForm, found: Finding, refusal: Refused) -> None:
    """Everything that is missing, each beside its field; any other refusal above all."""
    if refusal.code != "incomplete":
        if not put_errors(form, refusal):
            messages.error(request, refusal)
        return
    typed = form.cleaned_data
    for field, message in missing_to_rectify(found, typed["text"], typed["cause"]).items():
        form.add_error(field, message)


def upload(request, found: Finding, at, target):
    """Pictures alone: the page's script sends them as soon as they are chosen."""
    require(request.user, "inspections.rectify", found)
    form = RectificationForm(request.POST, request.FILES)
    keep_pictures(request, form, found, at)
    if request.headers.get("Accept") == "application/json":
        return uploaded(request, form, found, at)
    if form.has_error("before") or form.has_error("after"):
        return shown(request, found, at, rectification=form, status=422)
    return redirect(address(found))


def uploaded(request, form: RectificationForm, found: Finding, at) -> JsonResponse:
    context = {"screen": FindingScreen(found, request.user, at), "finding": found}
    parts = {
        name: render_to_string(f"inspections/_finding_{name}.html", context, request)
        for name in ("pictures", "shots_before", "shots_after")
    }
    for place in ("lacks", "lacks-low"):
        parts[place] = render_to_string(
            "inspections/_finding_lacks.html", context | {"id": place}, request
        )
    errors = {moment: form.errors[moment] for moment in Moment.values if form.has_error(moment)}
    return JsonResponse({"parts": parts, "errors": errors})


def take_away(request, found: Finding, at, target):
    require(request.user, "inspections.rectify", found)
    photo = found.photos.filter(pk=whole(target)).first()
    if photo:
        try:
            remove_photo(photo=photo, by=request.user, at=at)
        except Refused as refusal:
            messages.error(request, refusal)
    return redirect(address(found))


def judge(request, found: Finding, at, target):
    """Verify, or reopen with a reason; the words stay typed when something is missing."""
    require(request.user, "inspections.verify", found)
    form = VerificationForm(request.POST)
    if form.is_valid():
        try:
            decide(request, found, form.cleaned_data, at)
        except Refused as refusal:
            if refusal.field:
                form.add_error("note", str(refusal))
            else:
                messages.error(request, refusal)
        else:
            return redirect(address(found))
    return shown(request, found, at, verification=form, status=422)


def decide(request, found: Finding, typed: dict, at) -> None:
    move = {"finding": found, "revision": typed["revision"], "by": request.user, "at": at}
    if request.POST["do"] == "verify":
        verify(note=typed["note"], **move)
        messages.success(request, _("已确认整改。"))
    else:
        reopen(reason=typed["note"], **move)
        messages.success(request, _("已退回重改，责任人已收到通知。"))


DOORS = {
    "rectify": save_rectification,
    "photos": upload,
    "remove": take_away,
    "verify": judge,
    "reopen": judge,
    "cause": finding_asides.name_cause,
    "extend": finding_asides.ask,
    "grant": finding_asides.grant,
    "refuse": finding_asides.refuse,
}
