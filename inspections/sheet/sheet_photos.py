"""Pictures of observations: decoded before anything is locked, carried over by a change."""

import uuid
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from inspections.models import Observation, ObservationPhoto, ScoreSheet
from inspections.sheet.folding import Event
from inspections.sheet.sealing import seal_photos
from organization.errors import Refused
from organization.files import IMAGES, store_upload
from organization.models import StoredFile
from organization.prepared import prepared

MOST_PHOTOS = 30  # of one observation: enough for a switch room, and a page that still opens
MOST_LAYERS = 100  # of one picture, one row each time that it is drawn on
CARRIED = ("original_sha256", "taken_at", "device_at", "layer")


@contextmanager
def kept(uploads: Iterable, *, by, at, allow=IMAGES) -> Iterator[list[StoredFile]]:
    """Uploads as stored files; thrown away again when what they belong to is refused.

    Decoding takes its time, so this stands outside of the transaction that locks the sheet.
    Raises ValidationError for what is of none of the kinds that are allowed.
    """
    files: list[StoredFile] = []
    try:
        for upload in uploads:
            files.append(store_upload(upload=upload, by=by, at=at, allow=allow))
        yield files
    except Exception:
        discard(files)
        raise


def discard(files: Iterable[StoredFile]) -> None:
    for stored in files:
        stored.file.delete(save=False)
        stored.delete()


def attach(
    sheet: ScoreSheet, pairs: Iterable[tuple[Observation, Sequence[StoredFile]]], *, at
) -> None:
    """Give observations of a sheet their pictures; whoever calls keeps the sheet.

    A picture of an observation that is replaced is carried over with what was drawn on it.
    """
    put_photos(sheet, [carried(row, each, at) for row, files in pairs for each in files])


def put_photos(sheet: ScoreSheet, rows: Sequence[ObservationPhoto]) -> None:
    """Pictures on record, sealed; whoever calls keeps the sheet."""
    seal_photos(sheet, rows)
    ObservationPhoto.objects.bulk_create(rows)


def carried(row: Observation, picture: StoredFile | ObservationPhoto, at) -> ObservationPhoto:
    if isinstance(picture, StoredFile):
        return ObservationPhoto(observation=row, file=picture, added_at=at)
    drawn = {name: getattr(picture, name) for name in CARRIED}
    return ObservationPhoto(observation=row, file=picture.file, added_at=at, **drawn)


def require_room(known: int, fresh: int = 1) -> None:
    """Refused `many_photos` where an observation with so many pictures has no room for more."""
    if known + fresh > MOST_PHOTOS:
        sentence = _("一条记录最多 %(most)d 张照片，请另记一条。") % {"most": MOST_PHOTOS}
        raise Refused(sentence, "many_photos", "photos")


def require_layer(photo: ObservationPhoto) -> None:
    """Refused `many_layers` where a picture was drawn on too often to be drawn on once more."""
    rows = ObservationPhoto.objects.filter(observation=photo.observation_id, file=photo.file_id)
    if rows.count() > MOST_LAYERS:
        sentence = _("一张照片最多标注 %(most)d 次。") % {"most": MOST_LAYERS}
        raise Refused(sentence, "many_layers", "shapes")


def redrawn(photo: ObservationPhoto, shapes: list[dict], id: uuid.UUID, at) -> ObservationPhoto:
    """The same picture with another layer: a further row, after which the former counts no more."""
    row = carried(photo.observation, photo, at)
    row.layer, row.sent_id = shapes, id
    return row


def files_of(observation: Observation) -> list[StoredFile]:
    return photos_of([observation.pk]).get(observation.pk, [])


def pictures_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ObservationPhoto]]:
    """The pictures of several observations with what is known of them, in one query.

    Each stands once, at its first place, as it was drawn on last.
    """
    if not (wanted := list(ids)):
        return {}
    found: dict[uuid.UUID, dict[uuid.UUID, ObservationPhoto]] = {}
    rows = ObservationPhoto.objects.filter(observation__in=wanted)
    for photo in rows.select_related("file").order_by("pk"):
        found.setdefault(photo.observation_id, {})[photo.file_id] = photo
    return {pk: list(photos.values()) for pk, photos in found.items()}


def photos_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[StoredFile]]:
    """The pictures of several observations, in one query; each file knows the `layer` on it."""
    return {pk: [with_layer(photo) for photo in rows] for pk, rows in pictures_of(ids).items()}


def photos_on(sheets: Iterable[ScoreSheet]) -> dict[uuid.UUID, list[StoredFile]]:
    """All pictures of some sheets by observation, as `photos_of` gives them, with what a page says
    of a picture; one query.
    """
    found: dict[uuid.UUID, dict[uuid.UUID, StoredFile]] = {}
    for seen, key, name, layer in on_sheets(sheets=[sheet.pk for sheet in sheets]):
        file = StoredFile.from_db(DEFAULT_DB_ALIAS, ("id", "name"), (key, name))
        file.layer, file.observation = layer, seen
        found.setdefault(seen, {})[key] = file
    return {pk: list(files.values()) for pk, files in found.items()}


def to_look_at(*, sheets):
    rows = ObservationPhoto.objects.filter(observation__sheet__pk__in=sheets).order_by("pk")
    return rows.values_list("observation_id", "file_id", "file__name", "layer")


on_sheets = prepared(to_look_at, {"sheets": ScoreSheet._meta.pk})


def digests_on(sheet: ScoreSheet) -> dict[uuid.UUID, list[str]]:
    """The digests of all its pictures as they were sent, in the order of `photos_on`; one query."""
    found: dict[uuid.UUID, dict[uuid.UUID, str]] = {}
    for seen, key, digest in sent_on(sheet=sheet.pk):
        found.setdefault(seen, {})[key] = digest
    return {pk: list(digests.values()) for pk, digests in found.items()}


def sent(*, sheet):
    rows = ObservationPhoto.objects.filter(observation__sheet__pk=sheet).order_by("pk")
    return rows.values_list("observation_id", "file_id", "file__sha256")


sent_on = prepared(sent, {"sheet": ScoreSheet._meta.pk})


def layer_on(file: str) -> Subquery:
    """What was last drawn on a picture, for a query of things that show it; `file` is its field."""
    drawn = ObservationPhoto.objects.filter(file=OuterRef(file)).order_by("-pk")
    return Subquery(drawn.values("layer")[:1])


def with_layer(photo: ObservationPhoto) -> StoredFile:
    photo.file.layer, photo.file.observation = photo.layer, photo.observation_id
    return photo.file


# --- items on which a deduction needs a picture -----------------------------------------------


def demanding(events: Iterable[Event], items: Container[str]) -> list[Event]:
    """The deductions among standing events that need a picture; `items` are those that ask it."""
    return [event for event in events if event.is_deduction and event.item in items]


def without_picture(events: Iterable[Event], pictured: Container[uuid.UUID]) -> list[Event]:
    """One event of each deduction that has no picture; one by any of its observations will do."""
    bare: dict[tuple, Event] = {}
    shown = set()
    for event in events:
        bare.setdefault(event.about, event)
        if event.id in pictured:
            shown.add(event.about)
    return [event for about, event in bare.items() if about not in shown]


def pictured_among(ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the observations that have a picture, in one query."""
    photos = ObservationPhoto.objects.filter(observation__in=list(ids))
    return set(photos.values_list("observation_id", flat=True))
