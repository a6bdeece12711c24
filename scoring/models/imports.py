"""Rubrics on their way in: an uploaded form under review, and what is remembered of headers."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from organization.models import Specialty, StoredFile, User
from scoring.models.rubrics import Rubric


class RubricImport(models.Model):
    """One table of an uploaded file, being reviewed; nothing of a rubric is written before it
    is confirmed.

    The file is the truth and is read again; kept here is what people decided: which table
    (`number`, 1-based among the file's), which column is what (`columns`: role to column
    number), whether hidden rows come in, and what was put right (`edits`: an item's first row to
    the item as it shall be, or null for one that is left out).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rubric_imports")
    specialty = models.ForeignKey(Specialty, models.PROTECT, null=True, blank=True)
    source = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    columns = models.JSONField(null=True, blank=True)
    with_hidden = models.BooleanField(_("隐藏的行一并读入"), default=False)
    edits = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # a long one is written by a task
    asked_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    stage = models.CharField(max_length=20, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True)
    rubric = models.ForeignKey(Rubric, models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("评分细则导入")
        verbose_name_plural = _("评分细则导入")

    def __str__(self):
        return f"{self.source} · {self.number}"


class HeaderMapping(models.Model):
    """Which column is what under a header that a person has put right, for the next time.

    `signature` tells the header by its words (scoring.forms.header_signature).
    """

    signature = models.CharField(max_length=64, unique=True)
    header = models.TextField(_("表头"))
    columns = models.JSONField(_("列"))
    remembered_at = models.DateTimeField(_("记住的时间"))
    remembered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-remembered_at"]
        verbose_name = _("表头对应")
        verbose_name_plural = _("表头对应")

    def __str__(self):
        return self.header
