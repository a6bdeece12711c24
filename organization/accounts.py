"""Signing in: demo passwords stay in the demo, and guessing gets slow."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from organization import guard
from organization.addresses import client_address
from organization.passwords import is_published
from organization.roles import Role


class PasswordBackend(ModelBackend):
    """Django's own check, except that the published demo password opens nothing real, and that
    whoever tried too often has to wait (organization.guard).

    A page learns from `request.held_until` that there is a wait. Without a request nobody out
    there tries, and nothing is counted.
    """

    def authenticate(self, request, username=None, password=None, **kwargs):
        if is_published(password) and not settings.EMBEDDED:
            return None
        if request is None or username is None or password is None:
            return super().authenticate(request, username=username, password=password, **kwargs)
        attempt = attempt_of(request, username)
        try:
            guard.begin(attempt=attempt, at=timezone.now())
        except guard.Held as held:
            request.held_until = held.until
            raise PermissionDenied from None  # no other backend is asked either
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            request.held_until = guard.fail(attempt=attempt, at=timezone.now())
        else:
            guard.succeed(attempt=attempt)
        return user

    def has_module_perms(self, user_obj, app_label):
        return user_obj.is_active and user_obj.is_staff

    def has_perm(self, user_obj, perm, obj=None):
        """The admin site's model permissions; objects are judged by named predicates."""
        return obj is None and admin_may(user_obj, perm)


def attempt_of(request, username: str) -> guard.Attempt:
    cookie = request.COOKIES.get(guard.KNOWN, "")
    browser = guard.browser_of(cookie, username)
    return guard.Attempt(username=username, address=client_address(request), browser=browser)


# What a role may do in the admin site: app label -> verbs. Results have no entry on purpose:
# nobody edits a score, a standing, an award or the history there (domain.md, administrator).
ADMIN_VERBS: dict[str, dict[str, set[str]]] = {
    Role.ADMINISTRATOR: {
        "organization": {"view", "add", "change", "delete"},
        "campaign": {"view", "add", "change"},
        "scoring": {"view", "add", "change"},
        "rewards": {"view", "add", "change", "delete"},
        "inspections": {"view"},
    },
    Role.MANAGEMENT_CENTER: {
        "organization": {"view"},
        "campaign": {"view", "change"},
        "scoring": {"view"},
        "rewards": {"view", "add", "change", "delete"},
        "inspections": {"view", "change"},
    },
    Role.SPECIALTY_LEAD: {"inspections": {"view", "change"}, "scoring": {"view"}},
}


def admin_may(user, perm: str) -> bool:
    """Whether a person's posts allow a model permission such as `scoring.change_rubric`."""
    app, _, action = perm.partition(".")
    verb = action.partition("_")[0]
    if not (user.is_active and user.is_staff):
        return False
    return any(verb in ADMIN_VERBS.get(role, {}).get(app, ()) for role in user.roles)
