"""What a finger draws in a field: strokes as numbers, checked, and our own picture of them."""

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from organization.errors import Refused

MOST_TEXT = 200_000  # characters of one drawing
MOST_POINTS = 5_000
LEAST_SPAN = 30  # a tap on the field is no signature: width and height together, in CSS pixels
EDGE = 6

Place = Annotated[float, Field(ge=-4000, le=8000, allow_inf_nan=False)]
Millis = Annotated[int, Field(ge=0, le=86_400_000)]
Stroke = Annotated[list[tuple[Place, Place, Millis]], Field(min_length=1)]


class Drawing(BaseModel):
    """Strokes of (x, y, milliseconds since the first point) on a field of this many CSS pixels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    width: int = Field(ge=50, le=4000)
    height: int = Field(ge=50, le=4000)
    strokes: list[Stroke] = Field(min_length=1, max_length=500)

    @property
    def span(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what was drawn."""
        xs = [point[0] for stroke in self.strokes for point in stroke]
        ys = [point[1] for stroke in self.strokes for point in stroke]
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def kept(self) -> dict:
        """As it goes on record, with the picture that pages and papers show of it."""
        left, top, right, bottom = self.span
        box = [left - EDGE, top - EDGE, right - left + 2 * EDGE, bottom - top + 2 * EDGE]
        return self.model_dump() | {
            "box": " ".join(map(short, box)),
            "path": " ".join(path_of(stroke) for stroke in self.strokes),
        }


def path_of(stroke) -> str:
    """The stroke as SVG: through the middles between its points, so that it has no corners."""
    (x, y, _when), *more = stroke
    if not more:
        return f"M{short(x)} {short(y)}h0.1"
    parts = [f"M{short(x)} {short(y)}"]
    for one, two in zip(stroke, more, strict=False):
        middle = short((one[0] + two[0]) / 2), short((one[1] + two[1]) / 2)
        parts.append(f"Q{short(one[0])} {short(one[1])} {middle[0]} {middle[1]}")
    return "".join(parts) + f"L{short(more[-1][0])} {short(more[-1][1])}"


def short(figure: float) -> str:
    return f"{figure:.1f}".removesuffix(".0")


def drawing_of(text: str, *, field: str = "") -> Drawing | None:
    """What a form sends; None for an empty field. Raises Refused `drawing` for what is none."""
    if not text:
        return None
    try:
        if len(text) > MOST_TEXT:
            raise ValueError("too long")
        return Drawing.model_validate_json(text)
    except (ValidationError, ValueError) as error:
        raise unreadable(field) from error


def require_signature(drawing: Drawing, *, field: str) -> None:
    """That it is more than a tap on the field, and no more than a hand draws; Refused `drawing`."""
    left, top, right, bottom = drawing.span
    points = sum(map(len, drawing.strokes))
    if points > MOST_POINTS or right - left + bottom - top < LEAST_SPAN:
        raise unreadable(field)


def unreadable(field: str) -> Refused:
    sentence = _("这个签字看不清或不完整，请清除后再签一次。")
    return Refused(sentence, code="drawing", field=field)
