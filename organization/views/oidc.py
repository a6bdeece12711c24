"""Signing in with the company's account: there, and back."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization import oidc
from organization.errors import Refused
from organization.factors import STAGE
from organization.views.accounts import is_ours, know_browser

NEXT = "sso_next"  # in the session meanwhile: where one wanted to go
MEANWHILE = 3600  # seconds that a session is kept which only waits for the provider's answer
BACKEND = "organization.accounts.PasswordBackend"  # reads the person of each session


@login_not_required
@never_cache
@require_safe
def sso_start(request: HttpRequest) -> HttpResponse:
    """To the provider; `?next=` is where to go afterwards."""
    if not oidc.is_on():
        raise Http404
    wanted = request.GET.get("next", "")
    wanted = wanted if is_ours(request, wanted) else ""
    if request.user.is_authenticated:
        return HttpResponseRedirect(wanted or reverse("home"))
    request.session[NEXT] = wanted
    request.session.set_expiry(MEANWHILE)
    from organization.oidc_provider import send_there

    try:
        return send_there(request)
    except Refused as refused:
        return back_to_the_door(request, refused)


@login_not_required
@never_cache
@require_safe
def sso_answer(request: HttpRequest) -> HttpResponse:
    """Back from the provider: in, or at the sign-in page with a sentence that says why not."""
    if not oidc.is_on():
        raise Http404
    if request.user.is_authenticated:
        return redirect("home")
    from organization.oidc_provider import claims_of

    try:
        claims, id_token = claims_of(request)
        person = oidc.person_of(claims, at=timezone.now())
    except Refused as refused:
        return back_to_the_door(request, refused)
    wanted = request.session.pop(NEXT, "")
    login(request, person, backend=BACKEND)
    request.session[oidc.ID_TOKEN] = id_token
    if settings.OIDC_SECOND_STEP == "provider":
        request.session.pop(STAGE, None)
    return know_browser(HttpResponseRedirect(wanted or reverse("home")), request, person)


def back_to_the_door(request: HttpRequest, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused))
    wanted = request.session.pop(NEXT, "")
    return redirect(reverse("login") + (f"?{urlencode({'next': wanted})}" if wanted else ""))
