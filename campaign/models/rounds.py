"""What each run of planning and delivery did: for whoever has to know whether it still runs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundKind(models.TextChoices):
    PLAN = "plan", _("排提醒")
    DELIVER = "deliver", _("发提醒")


class Round(models.Model):
    """One run; without an end it still runs, or was killed. Old ones are deleted."""

    kind = models.CharField(_("种类"), max_length=10, choices=RoundKind)
    worker = models.CharField(max_length=120, blank=True, help_text="host and process")
    began_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-began_at", "-pk"]
        verbose_name = _("运行记录")
        verbose_name_plural = _("运行记录")

    def __str__(self):
        return f"{self.kind} {self.began_at:%F %T}"
