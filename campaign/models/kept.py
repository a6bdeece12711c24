"""What takes too long to count while somebody waits, as it was counted last."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign


class KeptCount(models.Model):
    """Figures of a campaign with many projects, by what they are and of what part; no results.

    Whoever counts says what `figures` hold; they are made again by the scheduler's task and by
    nothing else (campaign.kept).
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="kept_counts")
    name = models.CharField(max_length=20)
    part = models.CharField(max_length=60, blank=True)
    counted_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name", "part"], name="kept_count_once")
        ]
        verbose_name = _("统计")
        verbose_name_plural = _("统计")

    def __str__(self):
        return f"{self.name} {self.part}".rstrip()
