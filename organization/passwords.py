"""What a password has to be, and how it is kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id at the least that OWASP's password storage sheet asks for: 19 MiB, two passes.

    Django's own figures take 100 MiB a sign-in; when a whole company signs in at nine, every
    thread of every web process would take them at once.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1


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
