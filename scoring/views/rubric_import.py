"""A rubric comes in from Excel: upload, look at what was understood, confirm."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from organization.errors import Conflict, Refused, require
from organization.files import SHEET, store_upload
from organization.models import Specialty, StoredFile
from scoring.import_page import ImportPage
from scoring.importing import with_answers
from scoring.rubrics import draft_rubric, publish_rubric
from scoring.webforms import UploadForm


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "scoring.import_rubric", held)
    if request.method != "POST":
        return show_upload(request, held, UploadForm(initial=request.GET.dict()))
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid() and (stored := keep(form, by=request.user)):
        return redirect(review_address(held, stored, form.cleaned_data["specialty"]))
    return show_upload(request, held, form, status=422)


def show_upload(request, campaign, form, status=200):
    context = {"campaign": campaign, "form": form}
    return render(request, "scoring/rubric_import.html", context, status=status)


def keep(form: UploadForm, *, by) -> StoredFile | None:
    try:
        return store_upload(
            upload=form.cleaned_data["file"], by=by, at=timezone.now(), allow={SHEET}
        )
    except ValidationError as error:
        form.add_error("file", error)
        return None


def review_address(campaign, stored: StoredFile, specialty: Specialty) -> str:
    address = reverse("rubric_review", args=[campaign.code, stored.pk])
    return f"{address}?{urlencode({'specialty': specialty.code})}"


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, campaign, pk):
    """The sheet beside the rubric that was understood; only confirming writes anything."""
    held = campaign_or_404(request, campaign)
    require(request.user, "scoring.import_rubric", held)
    # somebody else's upload is theirs to confirm
    stored = get_object_or_404(StoredFile, pk=pk, uploaded_by=request.user, mime=SHEET)
    specialty = get_object_or_404(Specialty, code=request.GET.get("specialty", ""))
    page = ImportPage(held, specialty, stored, request.POST or None)
    if request.method == "POST" and page.can_save and page.form.is_valid():
        return confirm(request, page)
    return show(request, page, status=422 if request.method == "POST" else 200)


def show(request, page: ImportPage, status=200):
    context = {"campaign": page.campaign, "import": page}
    return render(request, "scoring/rubric_review.html", context, status=status)


def confirm(request, page: ImportPage):
    publish = request.POST.get("action") == "publish"
    try:
        rubric = save(page, publish=publish, by=request.user, at=timezone.now())
    except Conflict as conflict:
        page.conflict = conflict
        return show(request, page, status=409)
    except Refused as refusal:
        page.form.add_error(None, str(refusal))
        return show(request, page, status=422)
    messages.success(request, _("已发布。") if publish else _("已存为草稿。"))
    return redirect(rubric)


@transaction.atomic
def save(page: ImportPage, *, publish: bool, by, at):
    """All of it or nothing: a draft that can't be published after all is not kept either."""
    draft = draft_rubric(
        campaign=page.campaign,
        specialty=page.specialty,
        source=page.stored,
        by=by,
        at=at,
        understood=with_answers(page.understood, page.form.answers()),
        seen=page.seen,
    )
    return publish_rubric(rubric=draft, by=by, at=at) if publish else draft
