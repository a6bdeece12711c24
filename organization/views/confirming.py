"""The page that asks again who one is, and what sends there."""

import math
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organization import oidc
from organization.confirming import is_fresh, proved
from organization.sessions import moved
from organization.sign_in import ConfirmForm
from organization.views.accounts import TOO_MANY, safe_next

UNPROCESSABLE = 422


def asked_again(view: Callable) -> Callable:
    """Only who has proved it lately; others do so first, and then come back to the page.

    A form that was sent meanwhile does nothing.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_fresh(request.session, at=timezone.now()):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method != "POST" else request.path
        return redirect(f"{reverse('confirm')}?{urlencode({'next': back})}")

    return guarded


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """A POST with `password`; then to where one wanted to go. Guesses count as at the door."""
    if request.method != "POST":
        return show(request, ConfirmForm(user=request.user, request=request))
    form = ConfirmForm(request.POST, user=request.user, request=request)
    if form.is_valid():
        proved(request.session, at=timezone.now())
        request.session.cycle_key()
        moved(request=request)
        return redirect(safe_next(request))
    moved(request=request)  # an older hash that was made anew gave it another key
    answer = show(request, form, status=TOO_MANY if form.wait else UNPROCESSABLE)
    if form.wait:
        answer.headers["Retry-After"] = str(math.ceil(form.wait.total_seconds()))
    return answer


def show(request: HttpRequest, form: ConfirmForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "by_password": request.user.has_usable_password(),
        "by_provider": oidc.is_on() and oidc.ID_TOKEN in request.session,
    }
    return render(request, "organization/confirm.html", context, status=status)
