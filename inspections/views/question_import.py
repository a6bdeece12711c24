"""Questions from Excel: choose a file, see what it would do, confirm."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.exam.question_list import QUESTIONS
from inspections.exam.uploads import confirm_upload, keep_upload, preview
from inspections.forms.exams import ListUploadForm
from inspections.models import QuestionUpload
from inspections.views.questions import address, bank_or_404
from organization.errors import Refused, require
from organization.lists import ListRefused


@require_http_methods(["GET", "HEAD", "POST"])
def question_import(request, campaign):
    context = bank_or_404(request, campaign)
    specialty = context["specialty"]
    require(request.user, "inspections.write_questions", specialty)
    form = ListUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_upload(
                specialty=specialty,
                upload=form.cleaned_data["file"],
                by=request.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("question_import_check", context["campaign"].code, kept.pk)
    status = 422 if form.errors else 200
    context |= {"form": form, "heads": QUESTIONS.heads()}
    return render(request, "inspections/question_import.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def question_import_check(request, campaign, pk):
    """What a file would do; only whoever uploaded it sees it."""
    held = campaign_or_404(request, campaign)
    mine = QuestionUpload.objects.filter(uploaded_by=request.user)
    upload = get_object_or_404(mine.select_related("specialty", "file"), pk=pk)
    require(request.user, "inspections.write_questions", upload.specialty)
    if request.method == "POST":
        return confirmed(request, held, upload)
    context = {"campaign": held, "specialty": upload.specialty, "upload": upload}
    try:
        plan, unknown = preview(upload)
        context |= {"plan": plan, "unknown": unknown}
    except ListRefused as refusal:
        context |= {"problems": refusal.errors}
    return render(request, "inspections/question_import_check.html", context)


def confirmed(request, held, upload: QuestionUpload):
    try:
        plan = confirm_upload(upload=upload, by=request.user, at=timezone.now())
    except ListRefused:
        return redirect("question_import_check", held.code, upload.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(address(held.code, upload.specialty))
    words = {"added": len(plan.added), "changed": len(plan.changed), "same": plan.unchanged}
    said = _("已导入：新增 %(added)d 道，更新 %(changed)d 道，%(same)d 道没有变化。")
    messages.success(request, said % words)
    return redirect(address(held.code, upload.specialty))
