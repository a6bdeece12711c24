"""What this app keeps of people: erased with them, or when its time is over."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from campaign.seals import seal
from inspections.models import (
    Attendance,
    AuditVisit,
    ListUpload,
    PostAnswer,
    QuestionUpload,
    Seat,
)
from organization.models import User
from organization.retention import drop_file, over


def forget_person(person: User, at: datetime) -> None:
    """Names beside the account; what was asked at posts is sealed anew."""
    for kept in (Attendance.objects.filter(user=person), Seat.objects.filter(person=person)):
        kept.update(name=str(person))
    visits = AuditVisit.objects.filter(draws__drawn__answers__person=person).distinct()
    asked = list(visits.select_related("campaign").order_by("pk"))
    PostAnswer.objects.filter(person=person).update(name=str(person))
    for visit in asked:
        seal(visit.campaign, "post_questions", about=str(visit.pk), at=at)


def erase_uploads(at: datetime) -> int:
    """Lists that were uploaded and never taken, with their files."""
    before = over(at, settings.UPLOAD_DAYS)
    waiting = [
        upload
        for model in (QuestionUpload, ListUpload)
        for upload in model.objects.filter(imported_at=None, uploaded_at__lt=before)
    ]
    for upload in waiting:
        with transaction.atomic():
            stored = upload.file
            upload.delete()
            drop_file(stored)
    return len(waiting)
