"""Pictures as a device sends them: whole or not at all, each once, with what was drawn on top."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from inspections.models import LateObservation, Observation, ObservationPhoto, ScoreSheet
from inspections.sheet.layers import read_layer
from inspections.sheet.ledger import locked_ledger
from inspections.sheet.observations import draw_on
from inspections.sheet.sheet_photos import discard, kept, put_photos, require_room
from inspections.sync.events import seen_at
from inspections.sync.late_sealing import seal_late
from inspections.sync.moves import Later
from inspections.sync.receive import KNOWN, LATE, LATER, RECORDED, REFUSED, fillable, is_closed
from organization.errors import Refused
from organization.files import NotKept
from organization.models import StoredFile, User


@dataclass(frozen=True)
class SentPhoto:
    """What comes with a picture; `sha256` is of the bytes as sent, `original_sha256` of what the
    camera gave, times are the device's.
    """

    id: uuid.UUID
    sha256: str
    taken_at: datetime
    sent_at: datetime
    device: uuid.UUID
    sequence: int
    original_sha256: str = ""
    layer: str = ""


@dataclass(frozen=True)
class PhotoReceipt:
    id: uuid.UUID
    outcome: str
    sha256: str = ""
    code: str = ""
    detail: str = ""


def receive_photo(
    *, observation: uuid.UUID, upload: UploadedFile, sent: SentPhoto, by: User, at: datetime
) -> PhotoReceipt:
    """Put a picture of one's own observation on record; it also goes to what replaced that one.

    A picture whose bytes are not those that were sent, whose observation has not come yet, or that
    nobody could keep just now, is to be sent again (`later`). One of a sheet that was closed
    meanwhile waits for the center.
    """
    try:
        outcome = received(observation, upload, sent, by=by, at=at)
    except Later as reason:
        return PhotoReceipt(sent.id, LATER, code="not_there", detail=str(reason))
    except Refused as refusal:
        return PhotoReceipt(sent.id, REFUSED, code=refusal.code, detail=str(refusal))
    except NotKept as error:
        return PhotoReceipt(sent.id, LATER, code=error.code, detail=" ".join(error.messages))
    except ValidationError as error:
        words = " ".join(error.messages)
        return PhotoReceipt(sent.id, REFUSED, code=error.code or "invalid", detail=words)
    return PhotoReceipt(sent.id, outcome, sent.sha256)


def received(id: uuid.UUID, upload: UploadedFile, sent: SentPhoto, *, by, at) -> str:
    sheet, is_late = place_of(id, by)
    layer = read_layer(sent.layer)
    if known := outcome_of(id, sent, by):
        if known == KNOWN and layer:
            add_layer(id, sheet, sent, layer, by=by, at=at)
        return known
    if hashlib.file_digest(upload, "sha256").hexdigest() != sent.sha256:
        raise Later(_("照片没有传完整，请再传一次。"))
    upload.seek(0)
    with kept([upload], by=by, at=at) as (file,), transaction.atomic():
        ledger = locked_ledger(sheet)
        if known := outcome_of(id, sent, by):  # it came a second time meanwhile
            discard([file])
            return known
        if is_late or is_closed(ledger):
            require_room(LateObservation.objects.filter(observation=id).count())
            keep_late(id, sheet, file, sent, layer, by=by, at=at)
            return LATE
        put_photos(sheet, photos_of_all(id, file, sent, layer, sheet, at))
        ledger.keep()
    return RECORDED


def place_of(id: uuid.UUID, by: User) -> tuple[ScoreSheet, bool]:
    """The sheet of one's own observation, and whether that waits for the center itself.

    Raises Later for one that is not there, or that is of a sheet of others; Refused for somebody
    else's, and for one's own where one may not fill the sheet any more.
    """
    row = Observation.objects.filter(pk=id).first()
    late = None if row else LateObservation.objects.filter(pk=id, file=None).first()
    if row is None and late is None:
        raise Later(_("它所指的那条记录还没有传到。"))
    found = row or late
    sheets = fillable([found.sheet_id], by)
    if found.by_id != by.pk:
        if sheets:
            raise Refused(_("只能给自己的记录加照片。"), "not_yours")
        raise Later(_("它所指的那条记录还没有传到。"))
    if not sheets:
        raise Refused(_("没有这张评分表，或者您不能填它。"), "no_sheet")
    return sheets[0], row is None


def outcome_of(id: uuid.UUID, sent: SentPhoto, by: User) -> str:
    """What became of the same picture before, by its id or by its bytes; "" if it never came."""
    about = Q(sent_id=sent.id) | Q(observation=id)  # one table's indexes
    for photo in ObservationPhoto.objects.filter(about).select_related("file", "observation"):
        if photo.sent_id != sent.id and photo.file.sha256 != sent.sha256:
            continue
        if photo.file.sha256 != sent.sha256 or photo.observation.by_id != by.pk:
            raise Refused(_("这个编号已经用于另一张照片，没有保存。"), "same_id")
        return KNOWN
    late = LateObservation.objects.filter(Q(pk=sent.id) | Q(observation=id, digest=sent.sha256))
    for each in late:
        if each.digest != sent.sha256 or each.by_id != by.pk:
            raise Refused(_("这个编号已经用于另一张照片，没有保存。"), "same_id")
        return KNOWN if each.is_accepted else LATE
    return ""


@transaction.atomic
def add_layer(id: uuid.UUID, sheet: ScoreSheet, sent: SentPhoto, layer: list, *, by, at) -> None:
    """The marks of a picture that came before they were drawn: its answer was lost."""
    locked_ledger(sheet)
    rows = ObservationPhoto.objects.filter(file__sha256=sent.sha256, observation__sheet=sheet)
    shown = rows.filter(observation=bearers(id, sheet)[-1]).order_by("-pk").first()
    if shown and not shown.layer:
        draw_on(photo=shown, shapes=layer, id=uuid.uuid5(sent.id, "layer"), by=by, at=at)


def bearers(id: uuid.UUID, sheet: ScoreSheet) -> list[Observation]:
    """An observation and those that replaced it one after the other: a change takes pictures
    along, also the ones that come after it.
    """
    ledger = sheet._ledger
    found, ids = [id], set(ledger.events)
    by_withdrawal = {uuid.uuid5(each, "withdrawal"): each for each in ids}
    taken_back = {e.withdraws: e.id for e in ledger.events.values() if e.withdraws}
    while successor := by_withdrawal.get(taken_back.get(found[-1])):
        if successor in found or ledger.events[successor].withdraws:
            break
        found.append(successor)
    counted = Observation.objects.annotate(pictures=Count("photos__file", distinct=True))
    rows = counted.in_bulk(found)
    return [rows[each] for each in found]


def photos_of_all(id: uuid.UUID, file, sent, layer: list, sheet, at) -> list[ObservationPhoto]:
    """A picture's rows, one of each observation that bears it. Refused where one is full."""
    rows = bearers(id, sheet)
    for each in rows:
        require_room(each.pictures)
    return [photo_of(each, file, sent, layer, sheet, at) for each in rows]


def photo_of(
    row: Observation, file: StoredFile, sent: SentPhoto, layer: list, sheet: ScoreSheet, at
) -> ObservationPhoto:
    return ObservationPhoto(
        observation=row,
        file=file,
        added_at=at,
        sent_id=sent.id,
        device=sent.device,
        sequence=sent.sequence,
        original_sha256=sent.original_sha256,
        taken_at=seen_at(sent.taken_at, sent.sent_at, at, sheet.opened_at),
        device_at=sent.taken_at,
        layer=layer,
    )


def keep_late(
    id: uuid.UUID, sheet: ScoreSheet, file: StoredFile, sent: SentPhoto, layer: list, *, by, at
) -> None:
    said = {
        "do": "photo",
        "id": str(sent.id),
        "observation": str(id),
        "sequence": sent.sequence,
        "original_sha256": sent.original_sha256,
        "taken_at": sent.taken_at.isoformat(),
        "sent_at": sent.sent_at.isoformat(),
        "layer": layer,
    }
    LateObservation.objects.create(
        id=sent.id,
        sheet=sheet,
        event=said,
        digest=sent.sha256,
        observation=id,
        file=file,
        by=by,
        device=sent.device,
        observed_at=seen_at(sent.taken_at, sent.sent_at, at, sheet.opened_at),
        received_at=at,
    )
    seal_late([sheet], at=at)
