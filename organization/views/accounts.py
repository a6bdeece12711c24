"""Signing in and out, the language, and one's own page."""

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from organization.middleware import CODES
from organization.models import User

YEAR = 365 * 24 * 3600


class SignIn(auth_views.LoginView):
    template_name = "organization/login.html"
    redirect_authenticated_user = True


@login_not_required
@require_POST
def language(request):
    """Switch this browser, and the person's own setting, to a language; then go back."""
    response = HttpResponseRedirect(safe_next(request))
    code = request.POST.get("language", "")
    if code in CODES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=code)
    return response


def safe_next(request) -> str:
    """Where to go back to; never to another site."""
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed else "/"


def me(request):
    """Who I am here: posts, contact, signing out."""
    return render(request, "organization/me.html", {"posts": request.user.current_posts})
