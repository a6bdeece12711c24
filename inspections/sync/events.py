"""One event as a client sends it: read by itself, so that a bad one spoils no other."""

import uuid
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    ValidationError,
)

from organization.digests import canonical, fingerprint
from organization.errors import Refused

LARGEST = 2**63 - 1  # that a database's key can be
MOST_ITEMS = 2000  # in one "the rest conforms"


def written(value):
    """JSON has no moments, ids and exact figures of its own: they come as texts, never as numbers
    that would be taken for something.
    """
    if not isinstance(value, str):
        raise ValueError("a text")
    return value


def plain_text(value):
    """Without what a database does not take: NUL, and halves of characters that were cut."""
    if isinstance(value, str):
        value = value.replace("\0", "").encode("utf-16", "surrogatepass")
        return value.decode("utf-16", "replace")
    return value


Text = Annotated[str, BeforeValidator(plain_text)]
Id = Annotated[uuid.UUID, BeforeValidator(written)]
Moment = Annotated[AwareDatetime, BeforeValidator(written)]
Key = Annotated[StrictInt, Field(ge=1, le=LARGEST)]
Points = Annotated[
    Decimal,
    BeforeValidator(written),
    Field(
        max_digits=9, decimal_places=4, allow_inf_nan=False, json_schema_extra={"type": "string"}
    ),
]
Sequence = Annotated[StrictInt, Field(ge=0, le=LARGEST)]


class Event(BaseModel):
    """A move on a sheet: observe, withdraw, confirm ("the rest conforms"), not applicable."""

    model_config = ConfigDict(frozen=True)

    id: Id
    sequence: Sequence
    sheet: Key
    do: Literal["observe", "withdraw", "confirm", "not_applicable"]
    observed_at: Moment
    item: Key | None = None
    requirement: Key | None = None
    rule: Key | None = None
    points: Points | None = None
    count: Annotated[StrictInt, Field(ge=-LARGEST, le=LARGEST)] = 1
    method: Text = ""
    note: Text = ""
    replaces: Id | None = None
    observation: Id | None = None
    items: list[Key] = Field(default_factory=list, max_length=MOST_ITEMS)

    @property
    def refers_to(self) -> uuid.UUID | None:
        """The observation on record that it is about, if any."""
        return self.observation if self.do == "withdraw" else self.replaces

    @cached_property
    def digest(self) -> str:
        """What it says, whenever and by whichever device it is sent."""
        said = self.model_dump(exclude={"sequence", "observed_at"})
        return fingerprint(canonical(said))


NEEDED = {
    "observe": ("item",),
    "not_applicable": ("item",),
    "withdraw": ("observation",),
    "confirm": ("items",),
}


def read_event(sent: object) -> Event:
    """The event in what a client sent. Raises Refused, with the field, where there is none."""
    try:
        event = Event.model_validate(sent)
    except ValidationError as error:
        place = error.errors(include_url=False, include_input=False)[0]["loc"]
        raise unfit(str(place[0]) if place else "") from error
    for name in NEEDED[event.do]:
        if getattr(event, name) in (None, []):
            raise unfit(name)
    return event


def unfit(field: str) -> Refused:
    sentence = _("这条记录的“%(field)s”缺少或者不对。") % {"field": field[:40] or "JSON"}
    return Refused(sentence, "invalid", field[:40])


def id_of(sent: object) -> uuid.UUID | None:
    """The id of what came, as far as it has one: its receipt is found by it."""
    try:
        return uuid.UUID(sent["id"])  # type: ignore[index]
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def seen_at(observed: datetime, sent: datetime, at: datetime, opened: datetime) -> datetime:
    """When something was seen by the server's clock: as long ago as by the device's; never before
    its sheet was opened, never later than now.
    """
    try:
        moved = at - (sent - observed)
    except OverflowError:
        moved = opened
    return min(max(moved, opened), at)
