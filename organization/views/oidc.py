"""Signing in with the company's account: there, and back."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization import oidc
from organization.confirming import AGAIN, FRESH, forget_proof, proved, signed_in_since
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
    """To the provider; `?next=` is where to go afterwards. `?again=` asks who is signed in once
    more (organization.confirming).
    """
    if not oidc.is_on():
        raise Http404
    wanted = request.GET.get("next", "")
    wanted = wanted if is_ours(request, wanted) else ""
    again = request.user.is_authenticated and "again" in request.GET
    if request.user.is_authenticated and not again:
        return HttpResponseRedirect(wanted or reverse("home"))
    request.session[NEXT] = wanted
    if again:
        request.session[AGAIN] = timezone.now().timestamp()
    else:
        request.session.set_expiry(MEANWHILE)
    from organization.oidc_provider import send_there

    try:
        return send_there(request, again=again)
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
        return proved_again(request) if AGAIN in request.session else redirect("home")
    from organization.oidc_provider import claims_of

    at = timezone.now()
    try:
        claims, id_token = claims_of(request)
        person = oidc.person_of(claims, at=at)
    except Refused as refused:
        return back_to_the_door(request, refused)
    wanted = request.session.pop(NEXT, "")
    login(request, person, backend=BACKEND)
    request.session[oidc.ID_TOKEN] = id_token
    if not signed_in_since(claims, at - FRESH):
        # the provider let the browser through without asking anybody
        forget_proof(request.session)
    if settings.OIDC_SECOND_STEP == "provider":
        request.session.pop(STAGE, None)
    return know_browser(HttpResponseRedirect(wanted or reverse("home")), request, person)


def proved_again(request: HttpRequest) -> HttpResponse:
    """Who is signed in here has signed in over there once more, or has not: the answer's own
    `auth_time` says so, since what was asked of the provider went through the browser.
    """
    from organization.oidc_provider import claims_of

    begun = datetime.fromtimestamp(request.session.pop(AGAIN), UTC)
    try:
        claims, _id_token = claims_of(request)
        if oidc.person_of(claims, at=timezone.now()) != request.user:
            raise Refused(_("公司登录那边是另一个人。请用您自己的账号。"), code="another")
        if not signed_in_since(claims, begun):
            raise Refused(
                _("公司登录没有说明您刚才重新登录过，不能算数。请告诉系统管理员。"),
                code="not_fresh",
            )
    except Refused as refused:
        return back_to_the_door(request, refused)
    proved(request.session, at=timezone.now())
    return HttpResponseRedirect(request.session.pop(NEXT, "") or reverse("home"))


def back_to_the_door(request: HttpRequest, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused))
    wanted = request.session.pop(NEXT, "")
    door = "confirm" if request.user.is_authenticated else "login"
    return redirect(reverse(door) + (f"?{urlencode({'next': wanted})}" if wanted else ""))
