"""Keeping and dropping a list's filters; both lead back to the list."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organization.errors import Refused
from organization.numbers import whole
from organization.saved_views import drop_view, keep_view
from organization.views.accounts import safe_next

PAGE_LENGTH = 40


@require_POST
def saved_views(request):
    """`drop` names one to forget; else the filters in `next` are kept under `view_name`."""
    back = safe_next(request)
    dropped = whole(request.POST.get("drop", ""))
    if dropped is not None:
        drop_view(user=request.user, pk=dropped)
        messages.success(request, _("已删除保存的筛选。"))
        return HttpResponseRedirect(back)
    try:
        kept = keep_view(
            user=request.user,
            page=request.POST.get("page_name", "")[:PAGE_LENGTH],
            name=request.POST.get("view_name", ""),
            query=urlsplit(back).query,
            at=timezone.now(),
        )
        messages.success(request, _("已保存筛选“%(name)s”。") % {"name": kept})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(back)
