"""Signing in and out, the language, and one's own page."""

import math
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organization import guard, oidc
from organization.middleware import CODES
from organization.models import User
from organization.sessions import moved, take_away_others
from organization.sign_in import OwnPasswordForm, SignInForm

YEAR = 365 * 24 * 3600
TOO_MANY = 429


class SignIn(auth_views.LoginView):
    template_name = "organization/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        """From now on this browser is one that this account has signed in with."""
        return know_browser(super().form_valid(form), self.request, form.get_user())

    def get_context_data(self, **kwargs):
        return super().get_context_data(by_provider=oidc.is_on(), **kwargs)

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if form.wait:
            response.status_code = TOO_MANY
            response.headers["Retry-After"] = str(math.ceil(form.wait.total_seconds()))
        return response


def know_browser(response: HttpResponse, request: HttpRequest, user: User) -> HttpResponse:
    carried = request.COOKIES.get(guard.KNOWN, "")
    response.set_cookie(
        guard.KNOWN,
        guard.known_to(carried, user.username),
        max_age=timedelta(days=guard.KNOWN_DAYS),
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response


class SignOut(auth_views.LogoutView):
    """Here first, and then at the provider for who came from there."""

    def post(self, request, *args, **kwargs):
        beyond = oidc.sign_out_address(request.session)
        response = super().post(request, *args, **kwargs)
        return HttpResponseRedirect(beyond) if beyond else response


class OwnPassword(auth_views.PasswordChangeView):
    """Choosing another password; who has a first one comes to no other page before."""

    template_name = "organization/password.html"
    form_class = OwnPasswordForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs):
        asked = self.request.POST.get("next") or self.request.GET.get("next") or reverse("me")
        return super().get_context_data(next=asked, **kwargs)

    def get_success_url(self):
        return safe_next(self.request)

    def form_invalid(self, form):
        moved(request=self.request)  # an older hash that was made anew gave it another key
        return super().form_invalid(form)

    def form_valid(self, form):
        response = super().form_valid(form)
        moved(request=self.request)
        take_away_others(request=self.request, at=timezone.now())
        said = _("密码换好了。别处的登录都已退出，以前生成的接口令牌也停用了。")
        messages.success(self.request, said)
        return response


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
    return target if is_ours(request, target) else "/"


def is_ours(request, target: str) -> bool:
    return url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def me(request):
    """Who I am here: posts, contact, signing out."""
    return render(request, "organization/me.html", {"posts": request.user.current_posts})
