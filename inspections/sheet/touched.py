"""What a batch of entries touched on a sheet, by what the client says it sent."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from inspections.forms.sheets import row_key
from inspections.models import ScoreSheet
from inspections.words import ObservationKind

NOT_APPLICABLE = ObservationKind.NOT_APPLICABLE


@dataclass(frozen=True)
class Touched:
    """Keys of items, of items whose rows come or go, and of rows (`row_key`)."""

    items: set[int]
    whole: set[int]
    rows: set[str]

    @classmethod
    def of(cls, sheet: ScoreSheet, asked: Mapping) -> "Touched":
        """Of the ids of observations and the keys of items; what is neither is passed over."""
        named = {int(key) for key in asked.getlist("item") if key.isdecimal() and len(key) < 10}
        seen = sheet.observations.filter(pk__in=ids_in(asked.getlist("seen")))
        found = list(seen.values_list("kind", "item_id", "requirement_id", "rule_id"))
        return cls(
            items=named | {item for _kind, item, *_about in found},
            whole={item for kind, item, *_about in found if kind == NOT_APPLICABLE},
            rows={row_key(requirement, rule) for _kind, _item, requirement, rule in found},
        )


def ids_in(texts: list[str]) -> list[uuid.UUID]:
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
