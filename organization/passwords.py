"""What a password has to be, how it is kept, and who set it."""

from datetime import datetime

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from organization.history import record
from organization.models import User

VERBS = {
    "set_password": gettext_lazy("设置密码"),
    "take_password": gettext_lazy("撤掉密码"),
}


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id at the least that OWASP's password storage sheet asks for: 19 MiB, two passes.

    Django's own figures take 100 MiB a sign-in; when a whole company signs in at nine, every
    thread of every web process would take them at once.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def safe_summary(self, encoded):
        """On the page of a person: that there is one. How it is kept helps nobody there."""
        return {gettext_noop("已设密码"): ""}


class UnpublishedValidator:
    """Refuses the demo's password, which stands in the README."""

    def validate(self, password, user=None):
        if is_published(password):
            raise ValidationError(_("这是公开的演示密码，不能用。"), code="published_password")

    def get_help_text(self):
        return _("不能用公开的演示密码。")


def is_published(password: str | None) -> bool:
    """Whether everybody who read the README knows this password."""
    return password == "pinzhi-demo"  # noqa: S105 published on purpose, refused outside the demo


@transaction.atomic
def choose_password(*, user: User, password: str, at: datetime) -> None:
    """One's own new password, validated before. Ends the API tokens that were made before and,
    with the digest that they hold, all sessions but the caller's. Leaves one record.
    """
    user.set_password(password)
    user.password_is_first = False
    user.save(update_fields=["password", "password_set_at", "password_is_first"])
    record(on=user, verb="set_password", by=user, at=at)


@transaction.atomic
def password_given(*, user: User, by: User, at: datetime) -> None:
    """Somebody has set (or taken away) another's password: whoever signs in with it chooses a
    new one before anything else. Leaves one record.
    """
    has_one = user.has_usable_password()
    user.password_is_first = has_one and user.pk != by.pk
    user.save(update_fields=["password_is_first"])
    record(on=user, verb="set_password" if has_one else "take_password", by=by, at=at)
