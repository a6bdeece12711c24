"""What was drawn on a picture, as a layer of its own: arrows and circles, never burned in."""

import json
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter
from pydantic import ValidationError as Unfit

from organization.errors import Refused


def plain_zero(share: float) -> float:
    """0.0 for -0.0, which a database gives back without its sign: the seal would not fit."""
    return share + 0.0


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), AfterValidator(plain_zero)]


class Mark(BaseModel):
    """An arrow or a circle, from and to in shares of the picture's width and height; a circle
    fills the rectangle between the two.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["arrow", "circle"]
    start: Annotated[list[Share], Field(alias="from", min_length=2, max_length=2)]
    to: Annotated[list[Share], Field(min_length=2, max_length=2)]


LAYER = TypeAdapter(Annotated[list[Mark], Field(max_length=50)])


def read_layer(text: str) -> list[dict]:
    """What was drawn: arrows and circles. Raises Refused for anything else."""
    try:
        drawn = LAYER.validate_python(json.loads(text or "[]"))
    except (Unfit, ValueError, RecursionError) as error:
        raise Refused(_("照片上画的标记不对，没有保存。"), "layer", "layer") from error
    return [mark.model_dump(by_alias=True) for mark in drawn]
