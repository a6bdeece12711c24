"""Files used again and better versions of them; uploads themselves are in campaign.obligations."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Evidence, NotesOnFile, Obligation
from campaign.obligations import (
    allowed_for,
    change,
    check_about,
    check_move,
    check_new_file,
    check_stands,
    check_uploads_meet,
    locked,
)
from campaign.words import EvidenceKind
from organization.errors import Refused
from organization.files import stored_for
from organization.models import StoredFile, User


@transaction.atomic
def reuse_evidence(
    *, obligation: Obligation, evidence: Evidence, kind: str, by, at: datetime
) -> Evidence:
    """Let a file on record count here as well, about the same day; both stand on their own.

    Raises Refused once this one was submitted, for a file that the person may not see, that was
    taken away or replaced meanwhile, that is here already as this kind, and for a photo that is
    no picture.
    """
    obligation = locked(obligation, for_move="reuse_evidence")
    check_uploads_meet(obligation)
    # its row is held: nobody takes it away between this look and the new row
    source = Evidence.objects.select_for_update(of=("self",)).select_related("file")
    source = source.get(pk=evidence.pk)
    check_reusable(obligation, source, kind, by)
    used = Evidence.objects.create(
        obligation=obligation,
        file=source.file,
        kind=kind,
        about=source.about,
        reused_from=source,
        added_at=at,
        added_by=by if isinstance(by, User) else None,
    )
    if kind == source.kind == EvidenceKind.NOTES:
        carry_marks(source, used, by=by, at=at)
    change(obligation, "reuse_evidence", by=by, at=at, kind=kind, name=source.file.name)
    return used


def check_reusable(obligation: Obligation, source: Evidence, kind: str, by) -> None:
    words = {"name": source.file.name}
    if isinstance(by, User) and not Evidence.objects.visible_to(by).filter(pk=source.pk).exists():
        raise Refused(_("这份资料您不能使用。"), code="not_seen")
    check_stands(source)
    if kind == EvidenceKind.PHOTO and not source.file.is_image:
        raise Refused(_("“%(name)s”不是图片，不能算作照片。") % words, code="kind", field="kind")
    here = obligation.evidence.standing().filter(kind=kind, file__sha256=source.file.sha256)
    if here.exists():
        raise Refused(_("“%(name)s”在这项任务里已经有了。") % words, code="same_file")


def revise_evidence(
    *, evidence: Evidence, upload, by: User, at: datetime, about: date | None = None
) -> Evidence:
    """Replace a file by a better version; both stay on record. Without `about` the day stays.

    Raises Refused once the obligation was submitted, for a version that was replaced or taken
    away meanwhile and for a file that is there already; ValidationError for one that can't be
    kept.
    """
    check_move(evidence.obligation, "revise_evidence")
    check_stands(evidence)
    check_about(about, at)
    with stored_for(upload=upload, by=by, at=at, allow=allowed_for(evidence.kind)) as stored:
        return keep_version(evidence, stored, about=about or evidence.about, by=by, at=at)


@transaction.atomic
def keep_version(
    older: Evidence, stored: StoredFile, *, about: date | None, by, at: datetime
) -> Evidence:
    obligation = locked(older.obligation, for_move="revise_evidence")
    older = Evidence.objects.select_related("file").get(pk=older.pk)
    check_stands(older)
    check_new_file(obligation, stored)
    newer = Evidence.objects.create(
        obligation=obligation,
        file=stored,
        kind=older.kind,
        about=about,
        version=older.version + 1,
        others=older.others,
        added_at=at,
        added_by=by,
    )
    older.replaced_by = newer
    older.save()
    carry_marks(older, newer, by=by, at=at)
    change(
        obligation, "revise_evidence", by=by, at=at, kind=older.kind, name=stored.name,
        older=older.file.name, version=newer.version,
    )  # fmt: skip
    return newer


def carry_marks(older: Evidence, newer: Evidence, *, by, at: datetime) -> None:
    """Whose notes were in the older file are in the newer one, until somebody says otherwise."""
    person = by if isinstance(by, User) else None
    standing = older.notes_of.filter(unmarked_at__isnull=True)
    NotesOnFile.objects.bulk_create(
        NotesOnFile(evidence=newer, person_id=each.person_id, marked_at=at, marked_by=person)
        for each in standing
    )


def versions_before(evidence: Evidence) -> list[Evidence]:
    """The versions that this one replaced, newest first."""
    of_kind = evidence.obligation.evidence.filter(kind=evidence.kind, replaced_by__isnull=False)
    by_newer = {each.replaced_by_id: each for each in of_kind.select_related("file", "added_by")}
    found = []
    while evidence.pk in by_newer:
        evidence = by_newer[evidence.pk]
        found.append(evidence)
    return found
