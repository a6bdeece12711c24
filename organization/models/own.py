"""What one person keeps: views of lists, and keys to the API."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organization.models.company import User


class SavedView(models.Model):
    """A list's filters with a name: one person's, for one page, in whatever campaign it shows."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.SlugField(max_length=40)
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_once")
        ]

    def __str__(self):
        return self.name


class ApiTokenQuerySet(models.QuerySet):
    def in_force(self, *, at):
        same = Q(user__password_set_at__isnull=True) | Q(made_at__gte=F("user__password_set_at"))
        return self.unended(at=at).filter(same)

    def ended_by_password(self, *, at):
        """Those that would be in force, had their person not taken a new password since."""
        return self.unended(at=at).filter(made_at__lt=F("user__password_set_at"))

    def unended(self, *, at):
        lasting = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
        return self.filter(lasting, revoked_at__isnull=True)


class ApiToken(models.Model):
    """A key to the API in one person's name; only a digest of it is kept (organization.tokens)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("名称"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")

    def __str__(self):
        return self.name
