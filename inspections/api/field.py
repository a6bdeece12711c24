"""What comes in from the field: events, and what of them is on record."""

import uuid
from dataclasses import asdict
from typing import Annotated

from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from ninja import File, Form, Router, UploadedFile
from pydantic import WithJsonSchema

from inspections.api.shapes import (
    MOST_EVENTS,
    Asked,
    Batch,
    OnRecord,
    PhotoForm,
    PhotoReceiptOut,
    Receipts,
)
from inspections.models import LateObservation, ObservationPhoto, ReceivedEvent
from inspections.post_question.arriving import on_record
from inspections.sync.crowd import CROWD
from inspections.sync.photos import SentPhoto, receive_photo
from inspections.sync.receive import receive_events
from organization.origin import note_origin
from organization.problems import PROBLEMS

router = Router(tags=["field"])
SOMETHING = WithJsonSchema({"type": "string", "format": "binary", "minLength": 1})
Picture = Annotated[UploadedFile, SOMETHING]


@router.post("/events", response={200: Receipts} | PROBLEMS, operation_id="send_events")
def send_events(request, sent: Batch):
    """Put a batch of up to 200 events on record, each once; see docs/field.md."""
    if len(sent.events) > MOST_EVENTS:
        raise RequestDataTooBig(f"more than {MOST_EVENTS} events")
    at = timezone.now()
    CROWD.sent(sent.device, at=at)
    note_origin(via=f"device {sent.device}")
    receipts, sheets = receive_events(
        device=sent.device, events=sent.events, by=request.user, at=at, sent_at=sent.sent_at
    )
    pause = CROWD.photos_after(sent.device, at=at)
    return {"at": at, "receipts": receipts, "sheets": sheets, "photos_after": pause}


@router.post(
    "/observations/{uuid:pk}/photos",
    response={200: PhotoReceiptOut} | PROBLEMS,
    operation_id="send_photo",
)
def send_photo(request, pk: uuid.UUID, file: File[Picture], sent: Form[PhotoForm]):
    """Put a picture of one's own observation on record, once; what is no picture is refused."""
    sent = SentPhoto(**sent.model_dump())
    at = timezone.now()
    receipt = receive_photo(observation=pk, upload=file, sent=sent, by=request.user, at=at)
    pause = CROWD.photos_after(sent.device, at=timezone.now())
    return asdict(receipt) | {"photos_after": pause}


@router.post("/receipts", response={200: OnRecord} | PROBLEMS, operation_id="ask_receipts")
def ask_receipts(request, asked: Asked):
    """Which of these events, photos and answers the server has of one's own; photos by their
    digests.
    """
    events = ReceivedEvent.objects.filter(pk__in=asked.ids, by=request.user)
    photos = ObservationPhoto.objects.filter(sent_id__in=asked.ids, observation__by=request.user)
    late = LateObservation.objects.filter(pk__in=asked.ids, by=request.user)
    return {
        "events": list(events.values("id", "sheet", "recorded_at")),
        "photos": [
            {
                "id": photo.sent_id,
                "sha256": photo.file.sha256,
                "original_sha256": photo.original_sha256,
                "recorded_at": photo.added_at,
            }
            for photo in photos.select_related("file")
        ],
        "answers": on_record(asked.ids, request.user),
        "late": [
            {
                "id": each.pk,
                "sheet": each.sheet_id,
                "received_at": each.received_at,
                "outcome": each.state().code,
                "decided_at": each.decided_at,
                "detail": each.reason,
            }
            for each in late
        ],
    }
