"""Looking at the product as somebody else, and back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organization.errors import Refused, require
from organization.looking import look_as as begin
from organization.looking import look_end as end

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def look_as(request: HttpRequest) -> HttpResponse:
    require(request.user, "organization.look_as")
    if request.method != "POST":
        return render(request, "organization/look_as.html")
    sent = {name: request.POST.get(name, "") for name in ("username", "reason")}
    try:
        begin(session=request.session, **sent, by=request.user, at=timezone.now())
    except Refused as refusal:
        context = {"typed": sent, "error": str(refusal), "field": refusal.field}
        return render(request, "organization/look_as.html", context, status=UNPROCESSABLE)
    return redirect("home")


@require_POST
def look_end(request: HttpRequest) -> HttpResponse:
    end(session=request.session, by=request.user, at=timezone.now())
    messages.success(request, _("已回到您自己的身份。"))
    return redirect("look_as" if request.user.has_perm("organization.look_as") else "home")
