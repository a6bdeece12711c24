"""What a list from Excel would do, and the button that does it; for whoever uploaded it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.list_plan import ListPlan
from inspections.list_uploads import confirm_list, preview
from inspections.models import ListUpload
from organization.errors import Conflict, Refused, require
from organization.lists import ListRefused

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def list_check(request, campaign, pk):
    held = campaign_or_404(request, campaign)
    mine = ListUpload.objects.filter(uploaded_by=request.user).select_related(
        "file", "exam__specialty", "exam__campaign", "training__specialty",
        "training__campaign", "campaign",
    )  # fmt: skip
    upload = get_object_or_404(mine, pk=pk)
    if upload.held_in != held:
        raise Http404
    require_taking(request.user, upload)
    request.belongs_to = "post_questions" if upload.campaign else upload.kind
    return confirmed(request, upload) if request.method == "POST" else show(request, upload)


def require_taking(user, upload: ListUpload) -> None:
    if upload.exam:
        require(user, "inspections.run_exam", upload.exam)
    elif upload.campaign:
        require(user, "inspections.write_post_questions")
    else:
        require(user, "inspections.train", upload.training.specialty)


def show(request, upload: ListUpload, *, refused="", status=200):
    plan, problems = ListPlan(), []
    try:
        plan = preview(upload, at=timezone.now())
    except ListRefused as refusal:
        problems = refusal.errors
    except Refused as refusal:
        problems = [refusal]
    context = {
        "campaign": upload.held_in,
        "upload": upload,
        "back": page_of(upload),
        "plan": plan,
        "page": Paginator(plan.changes, PAGE_SIZE).get_page(request.GET.get("page")),
        "problems": problems,
        "refused": refused,
    }
    return render(request, "inspections/list_check.html", context, status=status)


def confirmed(request, upload: ListUpload):
    try:
        seen = request.POST.get("seen", "")
        count = confirm_list(upload=upload, by=request.user, at=timezone.now(), seen=seen)
    except Conflict as conflict:
        return show(request, upload, refused=str(conflict), status=409)
    except ListRefused:
        return show(request, upload, status=422)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page_of(upload))
    words = ngettext("已导入，%(n)d 行有变化。", "已导入，%(n)d 行有变化。", count)
    messages.success(request, words % {"n": count} if count else _("已导入，没有变化。"))
    return redirect(page_of(upload))


def page_of(upload: ListUpload) -> str:
    """Where the list came from."""
    if upload.exam:
        return reverse("exam_results", args=[upload.exam.campaign.code, upload.exam_id])
    if upload.campaign:
        return reverse("post_questions", args=[upload.campaign.code])
    return f"{upload.training.get_absolute_url()}#people"
