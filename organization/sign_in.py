"""The forms of the two sign-in pages, the product's and the admin site's, and of one's password."""

import math
from datetime import timedelta

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organization.passwords import choose_password


class SaysHowLong:
    """Tells whoever tried too often how long to wait, whether or not there is such an account."""

    @property
    def wait(self) -> timedelta:
        until = getattr(self.request, "held_until", None)
        return max(until - timezone.now(), timedelta(seconds=1)) if until else timedelta(0)

    def get_invalid_login_error(self):
        return self.held() if self.wait else super().get_invalid_login_error()

    def held(self) -> ValidationError:
        return ValidationError(held_too_long(self.wait), code="held")


class SignInForm(SaysHowLong, AuthenticationForm):
    pass


class AdminSignInForm(SaysHowLong, AdminAuthenticationForm):
    pass


class SaysAtTheFirst:
    """What is wrong with a new password stands where it was chosen, not where it was repeated."""

    def validate_password_for_user(self, user, *field):
        super().validate_password_for_user(user, "new_password1")


class NewPasswordForm(SaysAtTheFirst, SetPasswordForm):
    """By the link of a mail: whoever opened it reads the person's mail."""

    def save(self, commit=True):
        password = self.cleaned_data["new_password1"]
        choose_password(user=self.user, password=password, at=timezone.now())
        return self.user


class OfOwner(SaysHowLong):
    """Asks for the password of who is signed in. Guessing it is counted as at the door."""

    def checked(self, typed: str, wrong: str) -> str:
        found = authenticate(self.request, username=self.user.username, password=typed)
        if found is None and self.wait:
            raise self.held()
        if found is None or found.pk != self.user.pk:
            raise ValidationError(wrong, code="password_incorrect")
        if found.password != self.user.password:
            # an older hash was made anew, and the session holds a digest of it
            update_session_auth_hash(self.request, found)
        return typed


class ConfirmForm(OfOwner, forms.Form):
    """That it is still the same person."""

    password = forms.CharField(strip=False, max_length=4096)

    def __init__(self, *args, user, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.request = user, request

    def clean_password(self):
        return self.checked(self.cleaned_data["password"], _("密码不对。"))


class OwnPasswordForm(SaysAtTheFirst, OfOwner, PasswordChangeForm):
    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self):
        return self.checked(self.cleaned_data["old_password"], _("原密码不对。"))

    def clean(self):
        cleaned = super().clean()
        new = self.cleaned_data.get("new_password1")
        if new and new == self.cleaned_data.get("old_password"):
            self.add_error("new_password1", _("新密码不能和原密码一样。"))
        return cleaned

    def save(self, commit=True):
        password = self.cleaned_data["new_password1"]
        choose_password(user=self.user, password=password, at=timezone.now())
        return self.user


def held_too_long(wait: timedelta) -> str:
    sentence = _("试错太多次了，请等 %(wait)s再试。忘了密码可以重设，也可以找系统管理员。")
    return sentence % {"wait": in_words(wait)}


def in_words(wait: timedelta) -> str:
    seconds = math.ceil(wait.total_seconds())
    if seconds < 60:
        return ngettext("%(count)d 秒", "%(count)d 秒", seconds) % {"count": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext("%(count)d 分钟", "%(count)d 分钟", minutes) % {"count": minutes}
