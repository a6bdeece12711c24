"""Whose files these are: written material is read by whoever sees the obligation it belongs to."""

from campaign.models import Evidence, Obligation
from organization.models import StoredFile, User


def may_read_evidence(user: User, stored: StoredFile) -> bool:
    """A file reader (organization.files.FILE_READERS); withdrawn files stay readable."""
    visible = Obligation.objects.visible_to(user)
    return Evidence.objects.filter(file=stored, obligation__in=visible).exists()
