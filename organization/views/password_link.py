"""Forgotten passwords: asking for a link, and setting a password by it."""

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organization import guard
from organization.addresses import client_address
from organization.letters import ask_reset
from organization.sign_in import NewPasswordForm, held_too_long

TOO_MANY = 429
LONGEST = 254  # an address


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request):
    """The answer is the same whoever asks, for whomever."""
    typed = request.POST.get("who", "").strip()[:LONGEST]
    if request.method != "POST" or not typed:
        return page(request)
    at = timezone.now()
    attempt = guard.Attempt(username=f"forgotten {typed}", address=client_address(request))
    try:
        guard.begin(attempt=attempt, at=at)
    except guard.Held as held:
        return page(request, typed=typed, error=held_too_long(held.until - at), status=TOO_MANY)
    ask_reset(typed=typed, at=at)
    return page(request, typed=typed, asked=True)


def page(request, *, status: int = 200, **context):
    return render(request, "organization/forgotten.html", context, status=status)


class SetPassword(auth_views.PasswordResetConfirmView):
    template_name = "organization/set_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("login")

    def form_valid(self, form):
        messages.success(self.request, _("密码设好了，请登录。"))
        return super().form_valid(form)
