"""A sheet as a client keeps it, as the description of the API says it."""

import uuid
from datetime import date, datetime
from typing import Literal

from ninja import Schema

from inspections.api.shapes import Points, SheetOut


class Named(Schema):
    code: str
    name: str


class SheetListed(SheetOut):
    """`may_fill` says whether the reader may enter anything, were it open."""

    campaign: str
    project: Named
    specialty: Named
    kind: Literal["audit", "self"]
    url: str
    may_fill: bool

    @classmethod
    def of(cls, sheet, may_fill: bool) -> "SheetListed":
        return cls(
            id=sheet.pk,
            looked_at=sheet.looked_at,
            item_count=sheet.item_count,
            kept=sheet.kept,
            possible=sheet.possible,
            is_submitted=sheet.is_submitted,
            campaign=sheet.campaign.code,
            project=named(sheet.project),
            specialty=named(sheet.specialty),
            kind=sheet.kind,
            url=sheet.get_absolute_url(),
            may_fill=may_fill,
        )


def named(thing) -> Named:
    return Named(code=thing.code, name=str(thing))


class RuleOut(Schema):
    """How points are lost: an amount from `minimum` to `maximum` in tenths, one of `levels`, all
    of the item (`lose_item`), or an amount for each occurrence (`per_occurrence`).
    """

    kind: str
    minimum: Points
    maximum: Points
    levels: list[Points]


class FurtherRule(RuleOut):
    id: int
    text: str


class RequirementOut(Schema):
    id: int
    number: int
    text: str
    critical: str


class ItemOut(Schema):
    """`price` is what one missing requirement costs; without one only the rules take points."""

    id: int
    code: str
    name: str
    standard: str
    points: Points
    photo_required: bool
    price: RuleOut | None
    requirements: list[RequirementOut]
    rules: list[FurtherRule]


class SectionOut(Schema):
    id: int
    code: str
    name: str
    items: list[ItemOut]


class PictureOut(Schema):
    id: uuid.UUID
    url: str
    sha256: str


class ObservationOut(Schema):
    """What stands; `own` says whether the reader noted it, and so may withdraw it."""

    id: uuid.UUID
    kind: Literal["missing", "conforms", "not_applicable", "decided"]
    item: int
    requirement: int | None
    rule: int | None
    count: int
    points: Points | None
    method: str
    note: str
    by: str
    own: bool
    observed_at: datetime
    photos: list[PictureOut]


class FindingOut(Schema):
    id: uuid.UUID
    problem: str
    requirement: int | None
    due: date | None
    state: str
    url: str
    photos: list[PictureOut]


class Limits(Schema):
    note: int
    count: int
    events: int
    upload_bytes: int


class Pack(Schema):
    at: datetime
    sheet: SheetListed
    limits: Limits
    methods: list[Named]
    sections: list[SectionOut]
    observations: list[ObservationOut]
    findings: list[FindingOut]
    phrases: list[str]
