"""What clients in the field send and get, as the description of the API says it."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from inspections.sync.events import LARGEST, Event, Id, Moment

MOST_EVENTS = 200
MOST_IDS = 1000

Points = Annotated[Decimal, WithJsonSchema({"type": "string", "examples": ["97.5"]})]
# each event is read by itself: one that is none is refused in its receipt, the others are not
AnyEvent = Annotated[
    Any,
    WithJsonSchema(
        {"title": "Event", "description": Event.__doc__, "examples": [{"do": "observe"}]}
    ),
]


class Batch(Schema):
    """Events in the order of their sequence; `sent_at` is the device's clock as it sends them."""

    device: Id
    sent_at: Moment
    events: list[AnyEvent] = Field(min_length=1)


class ReceiptOut(BaseModel):
    """`recorded` and `known` are on record; `late` waits for the center; `refused` has to be
    corrected (`code`, `field`, `detail`); `later` is to be sent again.
    """

    model_config = ConfigDict(from_attributes=True)  # a Schema takes long over each of fifty

    id: uuid.UUID | None
    outcome: Literal["recorded", "known", "late", "refused", "later"]
    code: str = ""
    field: str = ""
    detail: str = ""


class SheetOut(Schema):
    id: int
    looked_at: int
    item_count: int
    kept: Points
    possible: Points
    is_submitted: bool


class Receipts(Schema):
    """A receipt for each event, in their order, and the sheets that they are about; for so many
    seconds (`photos_after`) the device should keep its photos, as others send events.
    """

    at: datetime
    receipts: list[ReceiptOut]
    sheets: list[SheetOut]
    photos_after: int = Field(0, ge=0)


class PhotoForm(Schema):
    """`sha256` is of the bytes as sent, `original_sha256` of what the camera gave; `layer` is JSON:
    a list of up to 50 {kind: arrow or circle, from: [x, y], to: [x, y]} in shares from 0 to 1.
    """

    id: Id
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    original_sha256: str = Field("", pattern="^([0-9a-f]{64})?$")
    taken_at: Moment
    sent_at: Moment
    device: Id
    sequence: int = Field(ge=0, le=LARGEST)
    layer: str = Field("", max_length=20_000)


class PhotoReceiptOut(Schema):
    """As the receipt of an event; `sha256` is that of what is on record, `photos_after` for how
    many seconds the device should keep its further photos.
    """

    id: uuid.UUID
    outcome: Literal["recorded", "known", "late", "refused", "later"]
    code: str = ""
    detail: str = ""
    sha256: str = ""
    photos_after: int = Field(0, ge=0)


class Asked(Schema):
    ids: list[Id] = Field(min_length=1, max_length=MOST_IDS)


class EventOnRecord(Schema):
    id: uuid.UUID
    sheet: int
    recorded_at: datetime


class PhotoOnRecord(Schema):
    id: uuid.UUID
    sha256: str
    original_sha256: str
    recorded_at: datetime


class AnswerOnRecord(Schema):
    id: uuid.UUID
    visit: int
    recorded_at: datetime


class LateOnRecord(Schema):
    """An event or a picture that came late: `late` while it waits for the center, then `accepted`
    or `refused` with the center's reason.
    """

    id: uuid.UUID
    sheet: int
    received_at: datetime
    outcome: Literal["late", "accepted", "refused"]
    decided_at: datetime | None = None
    detail: str = ""


class OnRecord(Schema):
    """Of the ids that were asked for, those of one's own that the server has."""

    events: list[EventOnRecord]
    photos: list[PhotoOnRecord]
    late: list[LateOnRecord]
    answers: list[AnswerOnRecord]
