"""One's keys to the API: made, shown once, taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organization.errors import Refused
from organization.models import ApiToken
from organization.numbers import whole
from organization.tokens import DAYS, make_token, revoke_token
from organization.views.confirming import asked_again

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """A POST with `revoke` ends that token; any other makes one, and its page alone shows it.

    Ending one closes a door: nobody is asked again for that.
    """
    ended = whole(request.POST.get("revoke", ""))
    if ended is not None:
        token = get_object_or_404(ApiToken, user=request.user, pk=ended)
        revoke_token(token=token, by=request.user, at=timezone.now())
        messages.success(request, _("已停用“%(name)s”，用它的程序马上连不上了。") % {"name": token})
        return redirect("my_tokens")
    return show_or_make(request)


@asked_again
def show_or_make(request: HttpRequest) -> HttpResponse:
    return make(request) if request.method == "POST" else show(request)


def make(request: HttpRequest) -> HttpResponse:
    """Made again by a reload it is refused, for the name is taken by then."""
    name, days = request.POST.get("name", ""), whole(request.POST.get("days", ""))
    try:
        token, secret = make_token(user=request.user, name=name, days=days, at=timezone.now())
    except Refused as refusal:
        typed = {"name": name, "days": days, "error": str(refusal), "field": refusal.field}
        return show(request, typed=typed, status=UNPROCESSABLE)
    return show(request, made=token, secret=secret)


def show(request: HttpRequest, *, status: int = 200, **context) -> HttpResponse:
    at = timezone.now()
    mine = ApiToken.objects.filter(user=request.user).in_force(at=at)
    ended = ApiToken.objects.filter(user=request.user).ended_by_password(at=at)
    context |= {"tokens": mine, "ended": ended, "days": DAYS, "at": at}
    return render(request, "organization/tokens.html", context, status=status)
