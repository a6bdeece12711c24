"""Files as they are kept."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.models.company import User


class StoredFile(models.Model):
    """A file as it is kept: checked, renamed, images re-encoded. See organization.files."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(upload_to="%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    kind = models.CharField(max_length=20)
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes as stored")
    sha256 = models.CharField(max_length=64, db_index=True, help_text="of the original upload")
    kept_sha256 = models.CharField(max_length=64, blank=True, help_text="of the file as stored")
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")

    def __str__(self):
        return self.name

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/")
