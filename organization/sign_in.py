"""The forms of the two sign-in pages, the product's and the admin site's."""

import math
from datetime import timedelta

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class SaysHowLong:
    """Tells whoever tried too often how long to wait, whether or not there is such an account."""

    @property
    def wait(self) -> timedelta:
        until = getattr(self.request, "held_until", None)
        return max(until - timezone.now(), timedelta(seconds=1)) if until else timedelta(0)

    def get_invalid_login_error(self):
        if not self.wait:
            return super().get_invalid_login_error()
        sentence = _("试错太多次了，请等 %(wait)s再试。忘了密码请找系统管理员。")
        return ValidationError(sentence % {"wait": in_words(self.wait)}, code="held")


class SignInForm(SaysHowLong, AuthenticationForm):
    pass


class AdminSignInForm(SaysHowLong, AdminAuthenticationForm):
    pass


def in_words(wait: timedelta) -> str:
    seconds = math.ceil(wait.total_seconds())
    if seconds < 60:
        return ngettext("%(count)d 秒", "%(count)d 秒", seconds) % {"count": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext("%(count)d 分钟", "%(count)d 分钟", minutes) % {"count": minutes}
