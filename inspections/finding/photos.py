"""Pictures of a finding: how it was before, how it is after."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Finding, FindingPhoto
from inspections.moves import check_finding, lock, person
from inspections.words import Moment
from organization.files import IMAGES, store_upload
from organization.history import record
from organization.models import StoredFile, User


def add_photos(
    *, finding: Finding, uploads: Iterable, moment: str, by, at: datetime
) -> list[FindingPhoto]:
    """Keep pictures (uploads or stored files) of before or after; the same one is taken once.

    Raises ValidationError for what is no picture or shows before and after alike, Refused when
    the finding is no longer at a stage for it.
    """
    files = stored(uploads, by=by, at=at)
    with transaction.atomic():
        lock(finding)
        check_finding(finding, f"add_{moment}")
        return attach(finding, files, moment, by=by, at=at)


@transaction.atomic
def remove_photo(*, photo: FindingPhoto, by, at: datetime) -> None:
    """Take a wrong picture away while the finding is still open; the record names the file."""
    finding = photo.finding
    lock(finding)
    check_finding(finding, "remove_photo")
    about = {"moment": photo.moment, "file": str(photo.file_id), "name": photo.file.name}
    record(on=finding, verb="remove_photo", by=by, at=at, **about)
    photo.delete()


def fresh_photos(finding: Finding):
    """Pictures of after that show this round of work: those since the last reopening."""
    photos = finding.photos.filter(moment=Moment.AFTER)
    return photos.filter(added_at__gt=finding.reopened_at) if finding.reopened_at else photos


def may_see_photo(user: User, file: StoredFile) -> bool:
    """A finding's pictures are seen by whoever sees the finding."""
    return Finding.objects.visible_to(user).filter(photos__file=file).exists()


def stored(uploads: Iterable, *, by, at: datetime) -> list[StoredFile]:
    """Decoding takes its time, so it is done before the transaction that locks the database."""
    return [
        each
        if isinstance(each, StoredFile)
        else store_upload(upload=each, by=person(by), at=at, allow=IMAGES)
        for each in uploads
    ]


def attach(
    finding: Finding, files: Iterable[StoredFile], moment: str, *, by, at: datetime
) -> list[FindingPhoto]:
    return [attach_one(finding, file, moment, by=by, at=at) for file in files]


def attach_one(
    finding: Finding, file: StoredFile, moment: str, *, by, at: datetime
) -> FindingPhoto:
    """The same picture again is taken once; it can't show both before and after."""
    same = finding.photos.filter(file__sha256=file.sha256).first()
    if same and same.moment == moment:
        return same
    if same:
        message = _("“%(name)s”已经作为另一组照片传过，整改前后不能是同一张。")
        raise ValidationError(message % {"name": file.name}, code="twice")
    photo = FindingPhoto.objects.create(
        finding=finding, file=file, moment=moment, added_at=at, added_by=person(by)
    )
    record(on=finding, verb="add_photo", by=by, at=at, moment=str(moment), file=str(file.pk))
    return photo
