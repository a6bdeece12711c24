"""Where one is signed in, and signing out there."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organization.models import SignedIn
from organization.numbers import whole
from organization.sessions import ROW, end_others, end_session, live_of

SHOWN = 10  # nobody is signed in at more places than that for long


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """A POST with `end` ends that one, with `others` all but this one."""
    at = timezone.now()
    if "others" in request.POST:
        number = end_others(request=request, at=at)
        said = ngettext("另外 %(count)d 处登录已退出。", "另外 %(count)d 处登录已退出。", number)
        messages.success(request, said % {"count": number})
        return redirect("my_sessions")
    if request.method == "POST":
        row = get_object_or_404(
            SignedIn, user=request.user, pk=whole(request.POST.get("end", "")) or 0
        )
        end_session(row=row, by=request.user, at=at)
        messages.success(request, _("已退出：%(device)s") % {"device": row})
        return redirect("my_sessions")
    pages = Paginator(list(live_of(request.user, at=at)), SHOWN)
    context = {"page": pages.get_page(request.GET.get("page")), "here": request.session.get(ROW)}
    return render(request, "organization/sessions.html", context)
