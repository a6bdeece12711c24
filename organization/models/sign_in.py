"""What signing in keeps: wrong guesses, sessions, letters with links, second factors."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from organization.devices import device_of


class CountKind(models.TextChoices):
    ACCOUNT = "account", _("账号")
    BROWSER = "browser", _("用过的浏览器")
    ADDRESS = "address", _("网络地址")


class SignInCountQuerySet(models.QuerySet):
    def over(self, *, at):
        """Those that count for nothing any more."""
        return self.exclude(held_until__gt=at).filter(since__lt=at - timedelta(days=1))


class SignInCount(models.Model):
    """Passwords that were wrong lately; see organization.guard, its only writer.

    `key` and `account` are keyed digests: neither names nor addresses are kept.
    """

    kind = models.CharField(max_length=10, choices=CountKind)
    key = models.CharField(max_length=64, unique=True)
    account = models.CharField(max_length=64, blank=True, db_index=True)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(db_index=True)
    held_until = models.DateTimeField(null=True, blank=True)

    objects = SignInCountQuerySet.as_manager()

    def __str__(self):
        return f"{self.kind} {self.failures}"

    def is_held(self, *, at) -> bool:
        return self.held_until is not None and self.held_until > at


class SignedInQuerySet(models.QuerySet):
    def live(self, *, at):
        """Those whose session is still there; Django takes it away at a sign-out."""
        mine = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
        return self.filter(Exists(mine))


class SignedIn(models.Model):
    """One sign-in of a person on a device; see organization.sessions."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = SignedInQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at", "-pk"]
        verbose_name = _("登录")
        verbose_name_plural = _("登录")

    def __str__(self):
        return str(device_of(self.agent))


class LetterKind(models.TextChoices):
    INVITATION = "invitation", _("邀请")
    FORGOTTEN = "forgotten", _("忘了密码")


class PasswordLetterQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(sent_at__isnull=True, next_at__isnull=False)

    def due(self, *, at):
        return self.waiting().filter(next_at__lte=at, user__is_active=True)


class PasswordLetter(models.Model):
    """A mail with a link to set a password; see organization.letters.

    `next_at` is when it is tried (again), empty where nobody tries any more.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="password_letters"
    )
    kind = models.CharField(max_length=12, choices=LetterKind)
    asked_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    objects = PasswordLetterQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"{self.kind} {self.asked_at:%Y-%m-%d}"


class FactorKind(models.TextChoices):
    APP = "app", _("身份验证器")
    PASSKEY = "passkey", _("通行密钥")


class SecondFactor(models.Model):
    """What somebody has besides a password; see organization.factors and organization.passkeys.

    `secret` is an app's key, sealed, or a passkey's public key. `count` is an app's last time
    step, so that no code is taken twice, or how often a passkey says it has signed.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=FactorKind)
    name = models.CharField(_("名称"), max_length=40)
    secret = models.TextField()
    credential = models.CharField(max_length=1400, unique=True, null=True, blank=True)
    count = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self):
        return _("%(name)s（%(kind)s）") % {"name": self.name, "kind": self.get_kind_display()}


class RecoveryCode(models.Model):
    """Lets its owner in once without the second factor; only a keyed digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self):
        return "used" if self.used_at else "unused"


class SignInRule(models.Model):
    """Which roles have to have a second factor: one row, changed by administrators."""

    roles = models.JSONField(default=list)

    class Meta:
        verbose_name = _("登录规则")
        verbose_name_plural = _("登录规则")

    def __str__(self):
        return str(self._meta.verbose_name)
