"""What auditors saw in all, kept so that nobody reads all observations to set them side by side.

Written by `inspections.auditor.counting` alone. Figures are whole numbers, points hundredths, so
that adding and taking away leaves nothing behind on any database.
"""

from django.db import models

from campaign.models import Campaign
from organization.models import Specialty, User
from scoring.models import Item


class LookCount(models.Model):
    """How often an auditor looked at an item, and the points taken there together."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    specialty = models.ForeignKey(Specialty, models.CASCADE, related_name="+", db_index=False)
    auditor = models.ForeignKey(User, models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    looks = models.IntegerField(default=0)
    hundredths = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "specialty", "auditor", "item"], name="look_count_once"
            )
        ]

    def __str__(self):
        return f"{self.auditor_id} {self.item_id} ×{self.looks}"


class AuditorCount(models.Model):
    """On how many sheets of a specialty an auditor looked at anything, how many of these looks
    another shared, and of how many the two agreed (`severity.Severity`).
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    specialty = models.ForeignKey(Specialty, models.CASCADE, related_name="+", db_index=False)
    auditor = models.ForeignKey(User, models.CASCADE, related_name="+")
    sheets = models.IntegerField(default=0)
    shared = models.IntegerField(default=0)
    agreed = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "specialty", "auditor"], name="auditor_count_once"
            )
        ]

    def __str__(self):
        return f"{self.auditor_id} ×{self.sheets}"
