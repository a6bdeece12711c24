"""Whose files these are: written material is read by whoever sees the obligation it belongs to."""

from campaign.models import Evidence, SupportVisit, VisitFile
from organization.models import StoredFile, User


def may_read_evidence(user: User, stored: StoredFile) -> bool:
    """A file reader (organization.files.FILE_READERS); withdrawn and older ones stay readable."""
    return Evidence.objects.visible_to(user).filter(file=stored).exists()


def may_read_visit_file(user: User, stored: StoredFile) -> bool:
    """What a visit carries is read by the company and by the project that it went to."""
    visible = SupportVisit.objects.visible_to(user)
    return VisitFile.objects.filter(file=stored, visit__in=visible).exists()
